"""Figures that a claim computed: sums, differences, multiples and shares of two cited figures."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from service.answering.verification.alignment import Aligned, Source, counts_otherwise
from service.answering.verification.direction import DOWN, UP, turns
from service.answering.verification.pairing import dated
from service.quantity import Bound, Kind, Quantity

_SUM = re.compile(
    r"\b(?:together|total(?:s|led|ling)?|combined|altogether|sum|jointly|in all|overall|both|between them|adds? up|come to|comes to)\b|합계|모두|총|합쳐|합하|합친|더하",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\b(?:of|share|percent(?:age)?|proportion)\b|%|비율|비중|가운데|중", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\bby\b|\bdifference\b|\bgap\b|\bmore\b|\bless\b|\bfewer\b|\bextra\b|\badditional\b|\bhigher\b|\blower\b|\blonger\b|\bshorter\b|\bcheaper\b|\bdearer\b|\bsav(?:es?|ings?)\b|\bdiscount\b|\bremaining\b|\bthe rest\b|\bothers?\b"
    r"|나머지|그 외|그 밖|할인|증가|감소|늘|줄|오르|올라|오른|내리|내려|인상|인하|단축|연장|차이|많|적|확대|축소|상승|하락|높|낮",
    re.IGNORECASE,
)
_DELTA_AFTER = re.compile(
    r"^[^.;]{0,16}?(?P<word>\bmore\b|\bless\b|\bfewer\b|\bhigher\b|\blower\b|\babove\b|\bbelow\b|\blonger\b|\bshorter\b|많|적|늘|줄|증가|감소|높|낮|오른|내린|인상|인하)"
)
_MORE = re.compile(r"more|higher|above|longer|많|늘|증가|높|오른|인상", re.IGNORECASE)
_CHANGES = frozenset({Kind.PERCENT, Kind.POINT})
_REST = re.compile(
    r"\b(?:rest|remaining|other|others|idle|empty|unused|share|without|not|no|against)\b|나머지|그 외|않|없"
)
_LITERAL = re.compile(r"\d[\d,]*(?:\.(?P<part>\d+))?")


MOST = 24
"""Cited figures at the most: what two of them come to grows with the square of their number."""
_CUES = "total by share of"
_SUMMED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.MEASURE, Kind.PERCENT})
MOST_SUMMED = 8
"""Figures of a sentence that are added up, at the most."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A figure that follows from others: its value, the sources of its operands, and the change's sign.

    ``sign`` is 0 where the way of deriving says nothing about a direction.
    """

    kind: Kind
    unit: str
    value: Fraction
    places: frozenset[int]
    sign: int = 0
    operands: tuple[Quantity, ...] = ()
    base: bool = False
    """It is what a change was reckoned from, and the operands are the level and the change."""

    @property
    def computed(self) -> bool:
        """Whether it is more than another writing of one cited figure, or of none."""
        same = len(self.operands) == 1 and self.operands[0].value == self.value
        return bool(self.places) and (self.kind is Kind.DATE or not same)


def reached(kind: Kind, unit: str, value: Fraction, places: set[int], *operands: Quantity) -> Derived:
    """A value that figures of those places come to."""
    return Derived(kind, unit, value, frozenset(places), 0, operands)


def derive(figure: Quantity, one: Aligned, sources: Sequence[Source], *, said: bool = True) -> Derived | None:
    """How a figure of a claim's clause follows from cited ones; None where it does not.

    Where ``said``, the clause must say that it computes ("by", "together", "three times"), its direction must be the
    change's, and the value must be exact to the digits that are stated.
    """
    text = one.clause.text
    for found in _candidates(text if said else f"{text} {_CUES}", sources):
        if found.kind is figure.kind and _unit_fits(figure, found) and _agrees(figure, found.value):
            signs = {turn.sign for turn in turns(text) if turn.table <= 1}
            if found.sign and signs and found.sign not in signs:
                continue
            if any(counts_otherwise(figure, operand) for operand in found.operands):
                continue
            return found
    return None


def _unit_fits(figure: Quantity, found: Derived) -> bool:
    return figure.unit == found.unit


def _agrees(figure: Quantity, value: Fraction) -> bool:
    """Whether a value rounds to the digits that the figure states."""
    if figure.value == value:
        return True
    if figure.kind not in {Kind.PERCENT, Kind.MULTIPLE} and figure.bound is not Bound.ABOUT:
        return False
    literal = _LITERAL.search(figure.text)
    if literal is None or value <= 0 or not figure.value:
        return False
    number = Fraction(literal.group().replace(",", ""))
    step = figure.value / number / 10 ** len(literal["part"] or "") if number else Fraction(0)
    return abs(figure.value - value) * 2 <= step


def _totals_by_sentence(sources: Sequence[Source]) -> Iterator[Derived]:
    """What all figures of a cited sentence come to, three or more of one kind; all but the first may leave out the
    unit."""
    sentences: dict[str, list[tuple[Quantity, int]]] = {}
    for place, source in enumerate(sources):
        told = sentences.setdefault(source.reading.sentences[source.clause.sentence], [])
        told += [
            (figure, place)
            for figure in source.clause.figures
            if figure.kind in _SUMMED and figure.upper is None
        ]
    for told in sentences.values():
        named = {(figure.kind, figure.unit) for figure, _ in told if figure.kind is not Kind.NUMBER}
        if len(named) > 1 or not 3 <= len(told) <= MOST_SUMMED or (named and told[0][0].kind is Kind.NUMBER):
            continue
        kind, unit = next(iter(named), (Kind.NUMBER, ""))
        yield _total(kind, unit, told)


def _candidates(text: str, sources: Sequence[Source]) -> Iterator[Derived]:
    held = [
        (figure, place)
        for place, source in enumerate(sources)
        for figure in source.clause.figures
        if figure.date is None
    ][:MOST]
    for place in range(len(sources)):
        yield from _bases(place, sources)
    for figure, place in held:
        if (
            figure.kind is Kind.PERCENT
            and figure.upper is None
            and 0 < figure.value < 100
            and _REST.search(text)
        ):
            yield Derived(Kind.PERCENT, "%", 100 - figure.value, frozenset({place}), 0, (figure,))
    if _SUM.search(text):
        yield from _totals_by_sentence(sources)
    for (left, a), (right, b) in combinations(held, 2):
        yield from _portion(left, right, frozenset({a, b}))
        if not _comparable(left, right) or (
            left.kind is not right.kind and Kind.POINT in {left.kind, right.kind}
        ):
            continue
        unit, kind = left.unit or right.unit, left.kind if left.unit else right.kind
        places = frozenset({a, b})
        if _SUM.search(text) and kind not in {Kind.DATE, Kind.TIME, Kind.ORDINAL}:
            yield Derived(kind, unit, left.value + right.value, places, 0, (left, right))
        if _DIFFERENCE.search(text):
            change = right.value - left.value
            earlier_first = _earlier_first(left, right, sources[a], sources[b])
            sign = 0 if earlier_first is None else (UP if (change > 0) == earlier_first else DOWN)
            yield Derived(
                Kind.POINT if kind is Kind.PERCENT else kind,
                "%p" if kind is Kind.PERCENT else unit,
                abs(change),
                places,
                sign,
                (left, right),
            )
            old, new = (left, right) if earlier_first in {True, None} else (right, left)
            if old.value and kind not in _CHANGES:
                yield Derived(
                    Kind.PERCENT,
                    "%",
                    abs(new.value - old.value) / abs(old.value) * 100,
                    places,
                    sign,
                    (left, right),
                )
        for high, low in ((left, right), (right, left)):
            if low.value > 0 and kind not in _CHANGES:
                yield Derived(Kind.MULTIPLE, "", high.value / low.value, places, 0, (left, right))
                if _SHARE.search(text):
                    yield Derived(Kind.PERCENT, "%", high.value / low.value * 100, places, 0, (left, right))
    yield from _totals(text, held)


def _portion(left: Quantity, right: Quantity, places: frozenset[int]) -> Iterator[Derived]:
    """A share of an amount: half of 400,000."""
    for share, whole in ((left, right), (right, left)):
        if share.kind is Kind.PERCENT and whole.kind in {Kind.MONEY, Kind.NUMBER} and whole.upper is None:
            yield Derived(whole.kind, whole.unit, whole.value * share.value / 100, places, 0, (whole, share))


def _totals(text: str, held: Sequence[tuple[Quantity, int]]) -> Iterator[Derived]:
    if not _SUM.search(text):
        return
    for kind, unit in dict.fromkeys((figure.kind, figure.unit) for figure, _ in held):
        alike = [(figure, place) for figure, place in held if (figure.kind, figure.unit) == (kind, unit)]
        if 2 < len(alike) < 7 and kind not in {Kind.DATE, Kind.TIME, Kind.ORDINAL}:
            yield _total(kind, unit, alike)


def _total(kind: Kind, unit: str, held: Sequence[tuple[Quantity, int]]) -> Derived:
    value = sum((figure.value for figure, _ in held), Fraction(0))
    return reached(kind, unit, value, {place for _, place in held}, *(figure for figure, _ in held))


def _bases(place: int, sources: Sequence[Source]) -> Iterator[Derived]:
    """ "480 million, 60 million more than in 2023" gives 420 million for 2023."""
    source = sources[place]
    levels = [
        (figure, other)
        for other, near in enumerate(sources)
        if near.place == source.place
        for figure in near.clause.figures
        if figure.date is None
    ]
    for delta in source.clause.figures:
        after = source.reading.text[delta.end : delta.end + 30]
        match = _DELTA_AFTER.match(after)
        compared = re.search(r"\bthan\b|보다|대비|에 비해", source.clause.text)
        if match is None or compared is None:
            continue
        up = _MORE.search(match["word"]) is not None
        for level, other in levels:
            if level is not delta and _comparable(level, delta):
                base = level.value - delta.value if up else level.value + delta.value
                yield Derived(
                    level.kind, level.unit, base, frozenset({place, other}), 0, (level, delta), base=True
                )


def _comparable(left: Quantity, right: Quantity) -> bool:
    if left.upper is not None or right.upper is not None:
        return False
    if {left.kind, right.kind} == {Kind.PERCENT, Kind.POINT}:
        return left.kind is Kind.PERCENT
    if left.kind is right.kind:
        return left.unit == right.unit and not (
            left.counter and right.counter and left.counter != right.counter
        )
    # "60 million more" leaves the currency to what stands before.
    return {left.kind, right.kind} == {Kind.NUMBER, Kind.MONEY} and max(left.value, right.value) >= 1000


_OLD = re.compile(
    r"(?:\bfrom|compared with|against|instead of|\bthan(?: in)?|up on|down on)\s*(?:about |around |an? )?$",
    re.IGNORECASE,
)
_OLD_KOREAN = re.compile(r"^(?:에서|보다)")


def _earlier_first(left: Quantity, right: Quantity, a: Source, b: Source) -> bool | None:
    """Whether the left figure is the old one; None where the quotes do not say."""
    old_left, old_right = (_is_old(figure, source) for figure, source in ((left, a), (right, b)))
    if old_left != old_right:
        return old_left
    years = [_year(figure, source) for figure, source in ((left, a), (right, b))]
    if years[0] is not None and years[1] is not None and years[0] != years[1]:
        return years[0] < years[1]
    return None


def _year(figure: Quantity, source: Source) -> int | None:
    """The year that a figure stands with."""
    found = [date.date.year for date, other in dated(source.clause) if other is figure and date.date]
    found = found or [other.date.year for other in source.clause.figures if other.date]
    return max((year for year in found if year), default=None)


def _is_old(figure: Quantity, source: Source) -> bool:
    text = source.reading.text
    if _OLD.search(text[max(figure.start - 24, 0) : figure.start]):
        return True
    return _OLD_KOREAN.match(text[figure.end : figure.end + 3]) is not None
