"""Figures that a claim words anew: rounded, counted or reckoned from those that it cites.

A hedge says how a figure stands for a value: "over 400,000" for 410,000, "nearly eight times" for 47 beside
6. Without one the value must be the figure's own. Unlike ``derivation``, no word of the claim has to say that
something was reckoned; that makes a chance agreement likelier, so it counts as a sign against the claim.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations

from service.answering.verification.alignment import Aligned, Source, counts_otherwise
from service.answering.verification.derivation import Derived
from service.quantity import Calendar, Kind, Quantity

MOST = 16
"""Cited figures at the most: what two of them come to grows with the square of their number."""
MONTH = Fraction(2_629_746)
"""Seconds of a mean month of the Gregorian calendar."""
SMALL = 12
"""Up to this figure things are counted by looking at them."""


@dataclass(frozen=True, slots=True)
class Hedge:
    """Words before or after a figure, and the shares of it between which the value then lies."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    low: Fraction
    high: Fraction


def _hedge(before: str, after: str, low: str, high: str) -> Hedge:
    return Hedge(
        re.compile(rf"(?:{before})(?: an?| the)? ?$", re.IGNORECASE),
        re.compile(rf" ?[가-힣]{{0,3}} ?(?:{after})"),
        Fraction(low),
        Fraction(high),
    )


_HEDGES = (
    _hedge(r"\b(?:nearly|almost|just (?:under|short of|below)|a little (?:under|less than)|not quite|approaching)|거의", "가까이|가까운|육박", "0.85", "1"),
    _hedge(r"\b(?:close to)", "에 가깝", "0.9", "1.1"),
    _hedge(r"\b(?:(?:more|longer|higher|later|older) than|over|upwards? of|above|exceed\w*|at least|north of)", "넘|이상|초과|웃도|웃돌", "1", "1.25"),
    _hedge(r"\b(?:(?:less|fewer|shorter|lower|earlier|younger) than|under|below|at most|up to|no more than|as (?:many|much) as)", "미만|이하|못 미치|밑도|밑돌|채 안", "0.75", "1"),
    _hedge(r"\b(?:about|around|roughly|some|approximately|an estimated|or so|on the order of)|약|대략", "가량|정도|안팎|내외|쯤|남짓|여(?![가-힣])", "0.93", "1.07"),
)  # fmt: skip
"""A rounded figure seldom leaves more than a quarter of itself unsaid; "about" seldom more than a fifteenth."""
_SHARE_HIGH = Fraction(3, 2)
"""More than half may be most of it: a share's hedge reaches further than a count's."""
_JOINER = re.compile(r", (?:and|or) |,? (?:and|or|&) |, |·|(?<=[가-힣])[와과] | 및 ")
_LONGEST_ITEM = 60
_PHYSICAL = frozenset({Kind.NUMBER, Kind.MONEY, Kind.MEASURE, Kind.DURATION})
_THIS_YEAR = re.compile(r"this year|올해|금년", re.IGNORECASE)


def reckon(
    figure: Quantity, one: Aligned, sources: Sequence[Source], published: date | None
) -> Derived | None:
    """How a claim's figure may have been made of cited ones; None where it cannot have been."""
    if figure.date is not None:
        return _present(figure, sources, published) or _in_decade(figure, sources)
    if _idle(figure, one) or _literal(figure, sources):
        return _of(figure.kind, figure.unit, figure.value, set())
    if figure.upper is not None or figure.kind is Kind.TIME:
        return None
    hedge = _hedge_of(figure, one)
    for found in _values(figure, sources, published):
        if (found.kind, found.unit) != (figure.kind, figure.unit) or any(
            counts_otherwise(figure, operand) for operand in found.operands
        ):
            continue
        if found.value == figure.value or (hedge is not None and _within(hedge, figure, found.value)):
            return found
    return None


def _present(figure: Quantity, sources: Sequence[Source], published: date | None) -> Derived | None:
    """ "This year" needs no telling where no other is named: an announcement says when it was published."""
    if any(f.date is not None and f.date.year for source in sources for f in source.clause.figures):
        return None
    if published is None or figure.date != Calendar(published.year) or not _THIS_YEAR.search(figure.text):
        return None
    return Derived(Kind.DATE, "", Fraction(0), frozenset())


def _in_decade(figure: Quantity, sources: Sequence[Source]) -> Derived | None:
    """The 1960s of a bridge opened in 1967."""
    decade = figure.date.decade if figure.date else None
    for place, source in enumerate(sources):
        for other in source.clause.figures:
            if decade and other.date is not None and other.date.year in range(decade, decade + 10):
                return _of(Kind.DATE, "", Fraction(0), {place}, other)
    return None


_AT_FIRST = re.compile(r"\bat $", re.IGNORECASE)
_FIRST_OF_ALL = re.compile(
    r"(?:$|[.,;]| (?:step|of all|and foremost|few|months|weeks|days|years|two|three)\b)"
)


def _idle(figure: Quantity, one: Aligned) -> bool:
    """Whether "first" ranks nothing: at first, the first step, boil the water first."""
    if figure.kind is not Kind.ORDINAL or figure.value != 1 or figure.text.lower() != "first":
        return False
    text, start = one.clause.text, figure.start - one.clause.start
    after = text[figure.end - one.clause.start :]
    return _AT_FIRST.search(text[:start]) is not None or _FIRST_OF_ALL.match(after) is not None


def _literal(figure: Quantity, sources: Sequence[Source]) -> bool:
    """Whether a bare number stands in a quote letter by letter, whatever it was read as there: "the 52 bus"."""
    if figure.kind is not Kind.NUMBER or figure.counter or figure.upper is not None:
        return False
    word = re.compile(rf"(?<![\w.,]){re.escape(figure.text)}(?![\w%]|[.,]\d)", re.IGNORECASE)
    return any(
        not any(f.date is not None and f.start < m.end() and m.start() < f.end for f in s.clause.figures)
        for s in sources
        for m in word.finditer(s.reading.text, s.clause.start, s.clause.end)
    )


def _hedge_of(figure: Quantity, one: Aligned) -> Hedge | None:
    text, start = one.clause.text, figure.start - one.clause.start
    written = re.match(r"(?:nearly|almost|over|about|around|roughly) ", figure.text, re.IGNORECASE)
    before, after = text[max(start - 24, 0) : start], text[figure.end - one.clause.start :][:12]
    before += written.group() if written else ""
    return next((h for h in _HEDGES if h.before.search(before) or h.after.match(after)), None)


def _within(hedge: Hedge, figure: Quantity, value: Fraction) -> bool:
    share = figure.kind is Kind.PERCENT
    size = _denominator if share else _digits
    if not figure.value or size(figure.value) >= size(value):
        return False
    share = share and hedge.low == 1
    return hedge.low <= value / figure.value <= (_SHARE_HIGH if share else hedge.high)


def _digits(value: Fraction) -> int:
    """How many digits it takes to write a figure, zeros at its end left out: what is rounded takes fewer."""
    if 10**6 % value.denominator:
        return 9
    return len(str(value.numerator * (10**6 // value.denominator)).rstrip("0"))


def _denominator(value: Fraction) -> int:
    """How fine a share is: 2 for half, 10 for 30 percent; what is rounded is coarser."""
    return (value / 100).denominator


def _values(figure: Quantity, sources: Sequence[Source], published: date | None) -> Iterator[Derived]:
    held = [(f, place) for place, source in enumerate(sources) for f in source.clause.figures]
    plain = [(each, place) for f, place in held if f.date is None for each in _ends(f)][:MOST]
    for each, place in plain:
        yield _of(each.kind, each.unit, each.value, {place}, each)
        yield from _renamed(each, place)
    for (left, a), (right, b) in combinations(plain, 2):
        for kind, unit, value in _pairs(left, right):
            # The ends of one range are no two things that could be put together.
            if value > 0 and not (left.start == right.start and a == b):
                yield _of(kind, unit, value, {a, b}, left, right)
    if figure.kind is Kind.NUMBER and figure.value <= SMALL:
        for place, source in enumerate(sources):
            for count in _listed(source.reading.sentences[source.clause.sentence]):
                yield _of(Kind.NUMBER, "", Fraction(count), {place})
    if figure.kind is Kind.DURATION:
        yield from _spans([(f, place) for f, place in held if f.date or f.kind is Kind.TIME], published)


def _of(kind: Kind, unit: str, value: Fraction, places: set[int], *operands: Quantity) -> Derived:
    return Derived(kind, unit, value, frozenset(places), 0, operands)


def _ends(figure: Quantity) -> list[Quantity]:
    """A figure, or both ends of a range."""
    if figure.upper is None:
        return [figure]
    return [
        Quantity(figure.kind, value, figure.unit, counter=figure.counter, start=figure.start, end=figure.end)
        for value in (figure.value, figure.upper)
    ]


def _renamed(figure: Quantity, place: int) -> Iterator[Derived]:
    """The same in another kind of figure: the rest of a share, a month in days, the fourth as number four."""
    if figure.kind is Kind.PERCENT and 0 < figure.value < 100:
        yield _of(Kind.PERCENT, "%", 100 - figure.value, {place}, figure)
    elif figure.kind is Kind.DURATION:
        months = figure.unit == "month"
        value = figure.value * MONTH if months else figure.value / MONTH
        # Nobody means the mean month to the second: 60 days are two months.
        rounded = Fraction(round(value / 86400) * 86400) if months else Fraction(round(value * 2), 2)
        if rounded and abs(rounded - value) * 30 <= value:
            yield _of(Kind.DURATION, "second" if months else "month", rounded, {place}, figure)
    elif figure.kind in {Kind.ORDINAL, Kind.NUMBER} and figure.value > 2:
        other = Kind.NUMBER if figure.kind is Kind.ORDINAL else Kind.ORDINAL
        yield _of(other, "", figure.value, {place}, figure)
    if figure.kind is Kind.MONEY and figure.value >= 1000:
        yield _of(Kind.NUMBER, "", figure.value, {place}, figure)
    if figure.kind in {Kind.NUMBER, Kind.MEASURE} and figure.value >= 24:
        yield from _vaguely(figure, place)


_VAGUE = (12, 10, 100, 1000, 10_000, 100_000, 1_000_000, 1_000_000_000)


def _vaguely(figure: Quantity, place: int) -> Iterator[Derived]:
    """The dozens, hundreds and tens of thousands that a figure comes to."""
    for size in _VAGUE:
        if 2 * size <= figure.value < 12 * size:
            yield _of(Kind.VAGUE, "", Fraction(size), {place}, figure)


def _pairs(left: Quantity, right: Quantity) -> Iterator[tuple[Kind, str, Fraction]]:
    """What two figures come to: their sum and difference, one as a share and a multiple of the other."""
    kinds = {left.kind, right.kind}
    if left.kind is right.kind and left.unit == right.unit:
        low, high = sorted((left.value, right.value))
        if left.kind in _PHYSICAL and low > 0:
            yield left.kind, left.unit, high - low
            yield left.kind, left.unit, high + low
            yield Kind.MULTIPLE, "", high / low
            yield Kind.PERCENT, "%", 100 * low / high
            yield Kind.PERCENT, "%", 100 * (high - low) / high
            yield Kind.PERCENT, "%", 100 * (high - low) / low
        elif left.kind is Kind.PERCENT:
            yield Kind.POINT, "%p", high - low
            yield Kind.NUMBER, "", high - low
            if low > 0:
                yield Kind.MULTIPLE, "", high / low
            yield Kind.PERCENT, "%", high + low
            yield Kind.PERCENT, "%", 100 - high - low
    elif Kind.PERCENT in kinds or Kind.MULTIPLE in kinds:
        rate, base = (left, right) if left.kind in {Kind.PERCENT, Kind.MULTIPLE} else (right, left)
        if base.kind in _PHYSICAL and rate.value:
            yield from _scaled(rate, base)
    elif Kind.NUMBER in kinds and kinds & {Kind.MONEY, Kind.MEASURE}:
        count, amount = (left, right) if left.kind is Kind.NUMBER else (right, left)
        yield amount.kind, amount.unit, amount.value * count.value
        if count.value:
            yield amount.kind, amount.unit, amount.value / count.value


def _scaled(rate: Quantity, base: Quantity) -> Iterator[tuple[Kind, str, Fraction]]:
    if rate.kind is Kind.MULTIPLE:
        yield base.kind, base.unit, base.value * rate.value
        yield base.kind, base.unit, base.value / rate.value
        return
    share = rate.value / 100
    for factor in (share, 1 - share):
        yield base.kind, base.unit, base.value * factor


def _listed(text: str) -> Iterator[int]:
    """How many things lists of the text may name. Where a list begins is not told, only where it may."""
    run, last = 1, 0
    for joiner in _JOINER.finditer(text):
        run = run + 1 if joiner.start() - last <= _LONGEST_ITEM else 2
        last = joiner.end()
        if joiner.group().strip() != ",":
            yield from range(2, run + 1)
            run = 2


def _spans(held: Sequence[tuple[Quantity, int]], published: date | None) -> Iterator[Derived]:
    """The time between two dates or times of day, and from a date to the day of publication."""
    dated = [(f, place) for f, place in held if f.date is not None][:MOST]
    for (left, a), (right, b) in combinations(dated, 2):
        if left.date is not None and right.date is not None:
            for unit, value in _between(left.date, right.date):
                yield _of(Kind.DURATION, unit, value, {a, b}, left, right)
    for figure, place in dated:
        if published is not None and figure.date is not None and figure.date.year:
            today = Calendar(published.year, published.month, published.day)
            for unit, value in _between(figure.date, today):
                yield _of(Kind.DURATION, unit, value, {place}, figure)
    times = [(f, place) for f, place in held if f.kind is Kind.TIME][:MOST]
    for (left, a), (right, b) in combinations(times, 2):
        yield _of(Kind.DURATION, "second", 60 * abs(right.value - left.value), {a, b}, left, right)


def _between(one: Calendar, other: Calendar) -> Iterator[tuple[str, Fraction]]:
    """The time between two dates, by whole years, months and days, either day counted in or out."""
    first, second = one.year, other.year
    if first and second:
        yield "month", Fraction(12 * abs(second - first))
    elif first or second:
        first = second = first or second
    if one.month and other.month:
        months = abs(12 * ((second or 0) - (first or 0)) + other.month - one.month)
        yield "month", Fraction(months)
        yield "month", Fraction(months + 1)
        if one.day and other.day:
            try:
                days = abs(
                    (
                        date(second or 2001, other.month, other.day) - date(first or 2001, one.month, one.day)
                    ).days
                )
            except ValueError:
                return
            for count in (days - 1, days, days + 1):
                yield "second", Fraction(86400 * count)
