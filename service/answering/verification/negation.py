"""Whether a claim denies what its quotes affirm, or affirms what they deny."""

import re
from collections.abc import Iterator, Sequence

from service.answering.verification.alignment import Aligned, Source
from service.answering.verification.word import Word, words

_NEGATOR = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|cannot|without|unable|hardly|barely|fails? to|failed to|yet to|unless|nowhere)\b"
    r"|n't\b|않|없|아니|(?<!잘)못(?=[하해했 ])|(?<![가-힣])안 (?=[가-힣])|말아야",
    re.IGNORECASE,
)
_REFUSES = (
    r"outside|advis\w+ against|exempt\w*|exclu\w+|except|other than|apart from|suspend\w*|rules? out|ruled out|outstanding|"
    r"unaffected|unchanged|stays?|stayed|remain(?:s|ed)?|frozen|fr[eo]eze\w*|froze|reject\w*|den(?:y|ies|ied)|refus\w+|ban(?:s|ned)?|"
    r"prohibit\w*|forbid\w*|abolish\w*|scrap\w*|lacks?|lacked|absent|missing|free(?: of charge)?|closed?|closes|shut|"
    r"open(?=[.,;]|$| question)|undecided|all others?|others|everyone else|anyone else|largest|biggest|highest|lowest|smallest|fewest|least|longest|first|record|maximum|short of|miss(?:es|ed)?|disappear\w*|vanish\w*|gone|stagnat\w*|against|oppos\w+|await\w*|pending|untouched|spared?|escap\\w+|empty|idle|ignor\w+|silent|drop(?:s|ped)|los(?:es?|t|ing)|except(?:ed|s)|former|away from|halt\w*|ceas\w+|so far|up to|at most|"
    r"instead|rather than|more than any other|un(?!i(?!n)|der)[a-z]{3,}(?:ed|en|ing|le)|voluntary|optional|unharmed|uninjured|unhurt|waive\w*|cancel\w*"
)
_REFUSES_KOREAN = r"제외|빠[지졌진]|금지|면제|멈[추췄]|중단|닫|외에|무료|무상|공짜|폐지|없애|동결|유지|그대로|상한|한도|미완|미정|취소|철회|거부|부인|반대|불가|실패|덜|늦[었어은]|낮|이하|무사|막[혀힌]|가짜|전액|비우|비웠|한계|지나야|[에에서로]만(?= )|미[뤄룬]"
_IMPLIED = {
    True: re.compile(rf"\b(?:{_REFUSES})\b|{_REFUSES_KOREAN}", re.IGNORECASE),
    False: re.compile(
        rf"\b(?:{_REFUSES}|under way|ongoing|continu\w+|in force|limit\w*|until|before|only|at the earliest|yet|stop\w*|halt\w*|safe|"
        rf"keeps?|kept|instead|rather than|avoid\w*|prevent\w*|intact)\b|{_REFUSES_KOREAN}|대신|까지만|에만|뿐|계속|아직|때문|제한",
        re.IGNORECASE,
    ),
}
"""Words that may deny as well as "not" does, where the other side is denied: "outside the rush hour" is "not in
the rush hour". True: those of a quote; False: those of a claim."""
_EXEMPT = re.compile(
    r"\bno longer than\b|\bnot only\b|\bno later than\b|\bnot more than\b|\bno (?:more|fewer|less) than\b|\bwhether or not\b|뿐만? 아니라|수 없이|않으면|지 않아도|(?:밤낮|남김|빠짐|끊임|어김|틀림|관계|상관)없|어렵지 않|넘지 않|아니라"
    r"|\b(?:not|n't) exceed\w*|\bnot\b(?=[^.,;]{1,60}\buntil\b)",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"\b(?:free(?: of charge)?|exempt\w*|exclud\w+|ban(?:s|ned)?|prohibit\w*|forbidden|stays? closed|closed until|outside|advis\w+ against|"
    r"suspend\w*|rule[sd]? out|unchanged|waive\w*)\b|무료|무상|면제|제외|금지|빠졌|중단",
    re.IGNORECASE,
)
"""Words that deny on their own, and are rarely anything else."""


def negated(text: str) -> bool:
    """Whether a clause is denied: by an odd number of negators."""
    return len(_NEGATOR.findall(_EXEMPT.sub(" ", text))) % 2 == 1


def turned(aligned: Sequence[Aligned], sources: Sequence[Source]) -> Iterator[tuple[str, str]]:
    """Clauses that are denied in the claim or in its source alone: which check says so, and the clause."""
    for one in aligned:
        group = [other for other in aligned if other.home == one.home]
        said, text = negated(one.clause.text), one.clause.text.strip()
        near = [sources[place] for place in sorted(one.used | _sharing(one, sources))]
        beside = [
            s
            for s in sources
            if s.place == sources[one.home].place and (s.clause.relative or s.clause.elliptical)
        ]
        if not any(places for _, places in (*one.words, *one.figures)):
            beside = list(sources)
        flips = sum(
            any(word.opposes(other) for other in sources[one.home].clause.words) for word in one.unknown
        )
        if flips % 2:
            said = not said
        if said:
            if any(negated(source.clause.text) for source in (*near, *beside)):
                continue
            name = "denied"
        else:
            if any(negated(other.clause.text) for other in aligned if other is not one or flips % 2):
                continue
            if not any(_denies(source, group, home=source is sources[one.home]) for source in near):
                continue
            name = "affirmed"
        if _implied(group, sources):
            name += ", implied"
            if name == "denied, implied" and _denied_known(one, sources[one.home]):
                name = "denied in its words"
        yield name, text


def _denied_known(one: Aligned, home: Source) -> bool:
    """Whether what the claim denies is what the source says, in a like word."""
    text = one.clause.text
    match = _NEGATOR.search(_EXEMPT.sub(lambda found: " " * len(found.group()), text))
    if match is None:
        return False
    if match.group().isascii():
        denied = [word for word in one.clause.words if word.start - one.clause.start >= match.end()][:1]
    else:
        denied = [word for word in one.clause.words if word.end - one.clause.start <= match.start() + 1][-1:]
    return any(word.like(other) for word in denied for other in home.clause.words)


def _sharing(one: Aligned, sources: Sequence[Source]) -> set[int]:
    """The clauses of home's sentence that have a word of the claim's clause."""
    place = sources[one.home].place
    return {p for _, places in one.words for p in places if sources[p].place == place}


def _denies(source: Source, group: Sequence[Aligned], *, home: bool) -> bool:
    """Whether a source's negator bears on what the claim says: "not 1380 as assumed" does not."""
    text = source.clause.text
    if not negated(text):
        return False
    said = [word for one in group for word, _ in one.words]
    plain = _EXEMPT.sub(lambda found: " " * len(found.group()), text)
    for match in _NEGATOR.finditer(plain):
        scope = [any(word.like(other) for other in said) for word in _scope(plain, match)]
        if (home and not scope) or (any(scope) if home else scope and all(scope)):
            return True
    return False


def _scope(text: str, negator: re.Match[str]) -> tuple[Word, ...]:
    """The words that a negator denies: those behind an English one, the one before a Korean one."""
    if negator.group().isascii():
        after = re.split(
            r"[,;:()]| (?:and|but|because|as|so|until|unless|if|which|that)\b", text[negator.end() :]
        )[0]
        return words(after)[:2]
    return words(text[: negator.start()])[-1:]


def _implied(group: Sequence[Aligned], sources: Sequence[Source]) -> bool:
    """Whether the side that is not denied has a word that denies by itself, and the other lacks it."""
    said = " ".join(one.clause.text for one in group)
    told = " ".join(sources[place].clause.text for one in group for place in sorted(one.used))
    positive, negative = (told, said) if negated(said) else (said, told)
    pattern = _IMPLIED[negated(said)]
    found = {match.group().lower()[:4] for match in pattern.finditer(positive)}
    return bool(found - {match.group().lower()[:4] for match in pattern.finditer(negative)})


def unsaid(aligned: Sequence[Aligned], sources: Sequence[Source]) -> Iterator[str]:
    """Words of a source that deny by themselves where the claim neither has them nor denies; and the reverse."""
    for one in aligned:
        group = [other for other in aligned if other.home == one.home]
        if any(negated(other.clause.text) for other in group):
            continue
        home = sources[one.home]
        if any(negated(source.clause.text) for source in sources if source.place == home.place):
            continue
        said = [word for other in group for word, _ in other.words]
        text = " ".join(other.clause.text for other in group).lower()
        for match in _FREE.finditer(home.clause.text):
            inside = words(match.group())
            if match.group().lower()[:4] in text or any(w.like(mine) for w in inside for mine in said):
                continue
            yield match.group()
        told = " ".join(source.clause.text for source in sources).lower()
        heard = [word for source in sources for word in source.clause.words]
        for match in _FREE.finditer(one.clause.text):
            inside = words(match.group())
            if match.group().lower()[:4] in told or any(w.like(other) for w in inside for other in heard):
                continue
            yield match.group()
