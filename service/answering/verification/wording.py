"""Whether a claim's other words come from its quotes: names, quoted words, and the rest."""

import re
from collections.abc import Sequence

from service.answering.verification.alignment import Aligned, Source, same_figure
from service.answering.verification.clause import Clause, Reading
from service.answering.verification.direction import turns
from service.answering.verification.word import Word, root_of
from service.name import NameKind, names
from service.quantity import Kind, Quantity

_ALL = re.compile(
    r"\b(?:all|every|everyone(?! (?:else|who|but))|everybody(?! else)|always|any(?:one|body|where)(?! (?:who|that|else))|everywhere|entire(?:ly)?|whole|nationwide|worldwide|abroad|exclusively|solely)\b|모든|모두|전체(?! [가-힣]+의 )|전부|전국|전원|전면|누구나|언제나|항상|매주|매일",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\b(?:only|some of|(?<!not )part of|partly|most|mostly|mainly|several|few|limited|as a pilot|first-time|at the earliest|average)\b|일부|대부분|시범|이르면|평균|국산|저소득",
    re.IGNORECASE,
)
_LIMIT_FAMILIES = (
    ("average", "평균"),
    (
        "only",
        "limited",
        "만",
        "뿐",
        "solely",
        "exclusively",
        "require",
        "must",
        "have to",
        "has to",
        "before",
        "just",
    ),
    ("most", "mostly", "mainly", "대부분"),
    ("some of", "part of", "partly", "일부"),
    ("시범", "pilot"),
    ("on average", "평균"),
)


_UNIVERSAL = (
    (
        (
            "all",
            "every",
            "each",
            "whole",
            "entire",
            "any",
            "누구나",
            "모든",
            "전체",
            "전부",
            "모두",
            "전원",
            "전액",
            "총",
        ),
        r"\b(?:all|every|each|whole|entire|any)|모든|전체|전부|모두|전원|전액|총|누구나|nobody|no one|none|(?<![가-힣])모두",
    ),
    (("abroad", "anyone", "anybody"), r"\b(?:export|whoever\b)"),
)
"""The beginnings of words that leave nobody or nothing out, and what in a quote is as wide."""


def foreign_quotation(text: str, quotes: Sequence[str]) -> str:
    """Words in quotation marks that no single quote holds verbatim; empty where there are none."""
    if text.count('"') % 2:
        return text[text.rindex('"') :][:80]
    found = [m.group(1) for m in re.finditer(r"\"([^\"]*)\"", text)]
    found += [n.text for n in names(text, "en") if n.kind is NameKind.QUOTED]
    known = [quote.lower() for quote in quotes]
    for words_ in found:
        bare = words_.strip(" .,;:!?").lower()
        if bare and not any(bare in quote for quote in known):
            return words_
    return ""


def foreign_name(claim: Reading, quotes: Sequence[Reading], figures: Sequence[Quantity]) -> str:
    """The first name of a claim with a word that no quote has; empty where there is none."""
    told = " ".join(quote.text for quote in quotes).lower()
    known = {root_of(word) for word in re.findall(r"[a-z\u00c0-\u024f]+|[가-힣]+|[^\W\d_]+", told)} | set(
        re.findall(r"[\w.-]*\d[\w.-]*", told)
    )
    for name in names(claim.text, claim.language):
        if name.opens or name.kind is NameKind.QUOTED:
            continue
        if any(f.start < name.end and name.start < f.end for f in figures):
            continue
        if name.kind is NameKind.CODE:
            if name.normal.replace(" ", "") not in told.replace(" ", ""):
                return name.text
            continue
        if name.text.lower() in told:
            continue
        parts = re.findall(r"[^\W_]+", name.text.lower())
        # A sentence's first word has its capital from there: "Whether the Centre Alliance".
        for part in parts[1:] if name.start == 0 and len(parts) > 1 else parts:
            if root_of(part) not in known and part not in _LOOSE and not _of_that_place(part, told):
                return name.text
    return ""


_LOOSE = frozenset(
    str.split(
        "the of and for a an de la van von mr mrs ms dr s according also most until some both"
        " 정부 중앙정부 일부 당국 시의원 하청 여부 간부 내부 외부 전부 세부 납부 기부 공부 wide"
    )
)
_PLACES = (
    ("dutch", "netherlands"), ("british", "britain", "uk", "united kingdom"), ("french", "france"),
    ("german", "germany"), ("spanish", "spain"), ("swiss", "switzerland"), ("greek", "greece"),
    ("danish", "denmark"), ("polish", "poland"), ("irish", "ireland"), ("turkish", "turkey"), ("thai", "thailand"),
    ("welsh", "wales"), ("american", "us", "united states", "america"), ("eu", "european union"), ("un", "united nations"),
    ("swedish", "sweden"), ("finnish", "finland"), ("norwegian", "norway"), ("viennese", "vienna"), ("scottish", "scotland"),
    ("english", "england"), ("chinese", "china"), ("belgian", "belgium"), ("portuguese", "portugal"),
    ("icelandic", "iceland"), ("czech", "czechia"), ("ukrainian", "ukraine"), ("philippine", "filipino", "philippines"),
)  # fmt: skip
_DEMONYM = re.compile(r"(?:ian|an|ese|ish|i|n|ic)s?$")
_SHORT_DEMONYM = re.compile(r"(?:n|an|ns|ans)$")


def _of_that_place(word: str, told: str) -> bool:
    """Whether a word names a place that the quotes name by another: Dutch, Ecuadorian, WTO."""
    if any(word in names and any(re.search(rf"\b{n}\b", told) for n in names) for names in _PLACES):
        return True
    stems = {pattern.sub("", word) for pattern in (_DEMONYM, _SHORT_DEMONYM)} - {word}
    if any(len(stem) > 3 and re.search(rf"\b{stem}\w{{0,3}}\b", told) for stem in stems):
        return True
    others = re.findall(r"\w{5,}", told)
    if len(word) > 3 and any(p.sub("", o) == word for o in others for p in (_DEMONYM, _SHORT_DEMONYM)):
        return True
    initials = r"\w*(?: of| the| for| and)* ".join(map(re.escape, word))
    return 2 < len(word) < 6 and re.search(rf"\b{initials}\w*\b", told) is not None


def scope(aligned: Sequence[Aligned], sources: Sequence[Source], claim: str, told: str) -> str:
    """What widens a claim beyond its quotes: an "all" that they lack, an "only" that it drops."""
    for match in _ALL.finditer(claim):
        if match.group().lower() not in told.lower() and not _universal(match.group(), told):
            return match.group()
    for one in aligned:
        home = sources[one.home].clause
        for match in _LIMITS.finditer(home.text):
            word = match.group().lower()
            limited = next((w for w in home.words if w.start >= home.start + match.end()), None)
            if limited is None or not any(limited.like(mine) for mine, _ in one.words):
                continue
            family = next((f for f in _LIMIT_FAMILIES if word in f), (word,))
            if not any(other in claim.lower() for other in family):
                return f"without {match.group()}"
    return ""


def _universal(word: str, told: str) -> bool:
    """Whether the quotes have another word as wide."""
    return any(
        word.lower().startswith(said) and re.search(as_wide, told, re.IGNORECASE)
        for said, as_wide in _UNIVERSAL
    )


def narrowed(aligned: Sequence[Aligned], sources: Sequence[Source]) -> str:
    """A bound on who or what is meant that the claim drops: "boats under 12 metres" made "boats"."""
    said = [f for one in aligned for f in (*(figure for figure, _ in one.figures), *one.clause.alternatives)]
    for one in aligned:
        home = sources[one.home].clause
        for figure in home.figures:
            if figure.kind in {Kind.MULTIPLE, Kind.PERCENT} or any(
                same_figure(mine, figure) for mine in said
            ):
                continue
            before = home.text[max(figure.start - home.start - 16, 0) : figure.start - home.start]
            after = home.text[figure.end - home.start : figure.end - home.start + 8]
            noun = _noun_beside(home, figure, before, after)
            if noun is not None and any(noun.like(mine) for mine, _ in one.words):
                return f"without {figure.text}"
    return ""


def _noun_beside(home: Clause, figure: Quantity, before: str, after: str) -> Word | None:
    if _PLACED.search(before):
        return next((word for word in reversed(home.words) if word.end <= figure.start), None)
    if _PLACED_KOREAN.match(after):
        return next(
            (word for word in home.words if word.start >= figure.end and not word.text.startswith("넘")), None
        )
    if _PART.match(after) and figure.start - home.start < 4:
        return next((word for word in home.words if word.start >= figure.end), None)
    return None


_PLACED = re.compile(r"\b(?:under|over|above|below|less than|more than|aged) ?$", re.IGNORECASE)
_PLACED_KOREAN = re.compile(r" ?(?:이상|이하|미만|초과|를 넘는|을 넘는|가 넘는|이 넘는) ")
_PART = re.compile(r" of (?:the|its)")


def unknown_words(aligned: Sequence[Aligned], *, computed: bool) -> tuple[tuple[Word, ...], int]:
    """The claim's words that the quotes neither hold nor paraphrase, and how many it has in all.

    Words of direction have their own check, and so have those that announce a computed figure.
    """
    lacking = tuple(
        word
        for one in aligned
        for word in one.unknown
        if not turns(one.clause.text[word.start - one.clause.start : word.end - one.clause.start])
        and not (computed and _COMPUTING.match(word.text))
    )
    return lacking, sum(len(one.words) for one in aligned)


_COMPUTING = re.compile(
    r"total|together|combined|sum|share|differ|percent|proportion|altogether|more|less|합|총|모두|차이|비율|비중"
)
