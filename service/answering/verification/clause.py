"""The clauses of a text, each with its words, figures, verb and whether it leans on its neighbour."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

from indexer.language import detect
from service.answering.verification.spelling import alternatives, spelled
from service.answering.verification.word import Word, words
from service.folding import fold
from service.quantity import Bound, Kind, Quantity, quantities


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch ``start:end`` of a plain text that says one thing.

    ``subject`` is how many of ``words`` stand before the verb, and ``verb`` that verb where it is a
    content word. ``elliptical`` clauses lack a verb, ``relative`` ones open with a word that refers
    back: both may borrow from their neighbours. ``alternatives`` are what the figures may be besides.
    """

    sentence: int
    start: int
    end: int
    text: str
    words: tuple[Word, ...]
    figures: tuple[Quantity, ...]
    alternatives: tuple[Quantity, ...]
    subject: int
    verb: Word | None
    elliptical: bool
    relative: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the checks see it: ``text`` is folded, with single spaces."""

    text: str
    language: str
    clauses: tuple[Clause, ...]
    sentences: tuple[str, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for clause in self.clauses for word in clause.words)

    @property
    def figures(self) -> tuple[Quantity, ...]:
        return tuple(figure for clause in self.clauses for figure in clause.figures)


_SENTENCE = re.compile(
    r"(?<!\b[A-Z])(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bSt)(?<!\bNo)(?<!\bMrs)(?<!\bInc)(?<!\bProf)"
    r"(?:[.!?][\"')]? (?=[\"'(]?[A-Z가-힣\d])|[\u2022]|\n)"
)
_STRONG = re.compile(
    r"; ?|: (?!\d)| - |, (?!\d{3}\b)|\(|\) ?| (?=(?:while|whereas|but|although|though)\b)"
    r"|(?<=[가-힣])(?:(?<=이며|하며|으며|되며|하고|되고|이고|았고|었고|했고|됐고|지만|면서|반면|으나|하나|오고|르고|리고) (?!있|싶))"
)
_AND = re.compile(r" (?:and|or) ")
_RELATIVE = re.compile(
    r"(?:and |or |of |in |by |for |most |half |some |all |none |both |one |two |\d+ )*"
    r"(?:of )?(?:which|who|whose|whom|where|when|them|this|that|those|these|it|its|they|their|he|she|his|her)\b"
    r"|이는|이를|이 중|이 가운데|그중|여기",
    re.IGNORECASE,
)
_AUXILIARY = frozenset(
    str.split(
        "is are was were will would can could may might must should has have had do does did cannot won't "
        "isn't aren't wasn't weren't don't doesn't didn't can't couldn't wouldn't shouldn't hasn't haven't hadn't"
    )
)
_VERBS = frozenset(
    form
    for base in str.split(
        "accept add adopt affect agree aim announce appeal apply appoint approve ask award back ban begin believe "
        "belong benefit bring build buy call carry cause change charge choose claim close come complain connect "
        "contain continue contribute cost cover create decide decline deliver demand depend develop donate drop "
        "earn employ end estimate examine exceed expect expire explain extend face fail fall favour fear fell file "
        "find finish follow forecast fund gain get give go grow harden help hire hold hope improve include increase "
        "intend introduce invest join keep know last launch lead leave lend limit live lose lower make manage meet "
        "move need offer open operate oppose own pay plan predict produce promise propose protect prove provide "
        "publish put raise reach receive recommend reduce refuse reject remain renovate rent repay replace report "
        "require resume return rise run say sell send separate serve set share show sign slow spend stand start "
        "stay stop store suggest supply support take teach tell test think train travel treat try turn use vote "
        "wait want warn welcome widen win work goes"
    )
    for form in (base, base + "s", base + "es", base + "ed", base + "d")
) | frozenset(
    str.split(
        "rose fell grew began gave got went took made built bought sold paid won lost led met put set said told "
        "stood kept held found became came chose drew drove flew left lent meant ran saw sent spent spoke taught "
        "thought wrote cut cuts shrank shrunk carries applies supplies tries relies goes does brought"
    )
)
_KOREAN_VERB = re.compile(r"(?:[다고며]|지만|으나|면서|하나|반면)[.\"']*$")


@lru_cache(maxsize=512)
def read(text: str, published: date | None) -> Reading:
    """Read a text. Linear in its length; any text is accepted."""
    plain = re.sub(r"\s+", " ", fold(text).text).strip()
    figures = [part for figure in quantities(plain, published) for part in _parts(figure, plain, published)]
    figures = [_within(figure, plain) for figure in figures]
    for figure in spelled(plain):
        if not any(figure.start < other.end and other.start < figure.end for other in figures):
            figures.append(figure)
    figures.sort(key=lambda figure: figure.start)
    others = tuple(alternatives(plain, tuple(figures), published))
    language = detect(plain)
    clauses: list[Clause] = []
    sentences = _cut(plain, 0, len(plain), _SENTENCE)
    for number, (start, end) in enumerate(sentences):
        for low, high in _clauses(plain, start, end, figures):
            clauses.append(_clause(plain, number, low, high, figures, others))
    return Reading(plain, language, tuple(clauses), tuple(plain[start:end] for start, end in sentences))


def _within(figure: Quantity, text: str) -> Quantity:
    """A period without the bound of "올해 안에", which says no more than "올해" does."""
    if figure.date is None or figure.date.day or figure.bound is not Bound.AT_MOST:
        return figure
    inside = re.match(r" ?(?:안에|내에|안으로|이내|중에?)", text[figure.end :]) or figure.text.startswith(
        "연내"
    )
    return replace(figure, bound=Bound.EXACT) if inside else figure


def _parts(figure: Quantity, text: str, published: date | None) -> Sequence[Quantity]:
    """A figure; both figures where "by 0.4 to 1.9" was read as a range."""
    if figure.upper is None or not re.search(
        r"\bby $|\bfrom $", text[max(figure.start - 5, 0) : figure.start]
    ):
        return (figure,)
    joint = re.search(r" to ", figure.text)
    if joint is None:
        return (figure,)
    low = quantities(figure.text[: joint.start()], published)
    high = quantities(figure.text[joint.end() :], published)
    if len(low) != 1 or len(high) != 1:
        return (figure,)
    first = low[0]
    if first.kind is Kind.NUMBER and high[0].kind is not Kind.NUMBER:
        first = replace(high[0], value=figure.value, text=first.text, bound=Bound.EXACT)
    second = figure.start + joint.end()
    return (
        replace(first, start=figure.start, end=figure.start + joint.start()),
        replace(high[0], start=second + high[0].start, end=second + high[0].end),
    )


def _cut(text: str, start: int, end: int, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    edges = [start, *(match.end() for match in pattern.finditer(text, start, end)), end]
    return [(low, high) for low, high in pairwise(edges) if text[low:high].strip()]


def _clauses(text: str, start: int, end: int, figures: Sequence[Quantity]) -> list[tuple[int, int]]:
    quoted = [match.span() for match in re.finditer(r"\"[^\"]*\"", text[start:end])]
    edges = [start]
    for match in _STRONG.finditer(text, start, end):
        inside_figure = any(f.start < match.end() <= f.end and f.end - f.start > 1 for f in figures)
        inside_words = any(low + start < match.start() < high + start - 1 for low, high in quoted)
        if not inside_figure and not inside_words:
            edges.append(match.end())
    pieces = [
        piece
        for low, high in zip(edges, [*edges[1:], end], strict=True)
        for piece in _at_and(text, low, high, figures)
        if text[slice(*piece)].strip()
    ]
    return _merged(text, pieces, figures)


def _at_and(text: str, start: int, end: int, figures: Sequence[Quantity]) -> list[tuple[int, int]]:
    """Split at an "and" that joins clauses, and not two words."""
    for match in _AND.finditer(text, start, end):
        left, right = (start, match.start()), (match.start(), end)
        if any(f.start < match.end() <= f.end for f in figures):
            continue
        if '"' in text[start : match.start()] and text[start : match.start()].count('"') % 2:
            continue
        if _between(text, start, match.start()):
            continue
        kinds = [{_kind(f) for f in figures if low <= f.start < high} for low, high in (left, right)]
        both_verbs = all(_verb_at(text[low:high]) is not None for low, high in (left, right))
        both_verbs = both_verbs or (
            text[match.end()].islower() and _verb_at(text[match.end() : match.end() + 16]) == 0
        )
        names = [
            len(re.findall(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*", text[low:high]))
            for low, high in (left, right)
        ]
        if kinds[0] & kinds[1] or both_verbs or min(names) > 1:
            return [left, *_at_and(text, match.start() + 1, end, figures)]
    return [(start, end)]


def _between(text: str, start: int, end: int) -> bool:
    return re.search(r"\b(?:between|both) [^,;]{1,40}$", text[start:end], re.IGNORECASE) is not None


def _kind(figure: Quantity) -> tuple[Kind, str]:
    return figure.kind, figure.unit


def _verb_at(text: str) -> int | None:
    """Where the first finite verb of an English stretch stands."""
    before = ""
    for match in re.finditer(r"[A-Za-z]+(?:'[a-z]+)?", text):
        word = match.group().lower()
        participle = word.endswith("ed") and word not in {
            "need",
            "speed",
            "feed",
            "seed",
            "hundred",
            "united",
        }
        nominal = before in {
            "a",
            "an",
            "the",
            "its",
            "their",
            "his",
            "her",
            "this",
            "of",
            "to",
            "in",
            "for",
            "with",
            "at",
            "from",
        }
        if word in _AUXILIARY or (not nominal and (word in _VERBS or (participle and word != "compared"))):
            return match.start()
        before = word
    return None


def _merged(text: str, pieces: list[tuple[int, int]], figures: Sequence[Quantity]) -> list[tuple[int, int]]:
    """Pieces that say nothing by themselves ("In 2021", "chair of the authority") join a neighbour."""
    merged: list[tuple[int, int]] = []
    opening = None
    for low, high in pieces:
        start = low if opening is None else opening
        opening = None
        if not _slight(text, start, high, figures):
            merged.append((start, high))
        elif merged:
            merged[-1] = (merged[-1][0], high)
        else:
            opening = start
    if opening is not None:
        merged.append((opening, pieces[-1][1]))
    return merged


def _slight(text: str, start: int, end: int, figures: Sequence[Quantity]) -> bool:
    piece = text[start:end]
    if "가" <= max(piece) <= "힣" and _KOREAN_VERB.search(piece.strip(" ,")):
        return False
    if _verb_at(piece) is not None:
        return False
    inside = [f for f in figures if start <= f.start < end]
    content = [w for w in words(piece) if not any(f.start <= w.start + start < f.end for f in inside)]
    return not content if inside else len(content) <= 3


def _main_verb(content: Sequence[Word], piece: str, start: int, verb: int) -> Word | None:
    """The verb itself, or the one behind its auxiliary; None where that is "is" or "goes"."""
    found = next((word for word in content if word.start >= start + verb), None)
    if found is None or found.start == start + verb:
        return found
    between = re.findall(r"[a-z']+", piece[verb : found.start - start].lower())
    near = all(
        word in _AUXILIARY or word in {"be", "been", "being", "not", "also", "to", "already"}
        for word in between
    )
    inflected = found.text in _VERBS or found.text.endswith(("ed", "ing", "en"))
    return found if near and inflected else None


def _copula(piece: str, start: int, figures: Sequence[Quantity]) -> bool:
    """Whether a Korean clause ends in a figure with "is": 7천억 원이며."""
    last = len(piece.rstrip()) - len(piece.rstrip().split(" ")[-1])
    return any(figure.end > start + last for figure in figures)


def _clause(
    text: str,
    sentence: int,
    start: int,
    end: int,
    figures: Sequence[Quantity],
    others: Sequence[Quantity],
) -> Clause:
    piece = text[start:end]
    inside = tuple(f for f in figures if start <= f.start < end)
    besides = tuple(f for f in others if start <= f.start < end)
    content = tuple(
        replace(word, start=word.start + start, end=word.end + start)
        for word in words(piece)
        if not any(f.start <= word.start + start < f.end for f in inside)
    )
    korean = re.search("[가-힣]", piece) is not None
    if korean:
        elliptical = _KOREAN_VERB.search(piece.strip(" ,")) is None or _copula(piece, start, inside)
        subject = sum(word.topic for word in content)
        predicate = content[-1] if content and not elliptical and not content[-1].topic else None
    else:
        verb = _verb_at(piece)
        elliptical = verb is None
        subject = 0 if verb is None else sum(word.start < start + verb for word in content)
        predicate = None if verb is None else _main_verb(content, piece, start, verb)
    relative = _RELATIVE.match(piece.strip()) is not None
    return Clause(
        sentence, start, end, piece, content, inside, besides, subject, predicate, elliptical, relative
    )
