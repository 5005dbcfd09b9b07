"""Figures that a claim words anew: rounded, counted or reckoned from those that it cites.

``rounding`` says which values a figure stands for; here stands what the cited figures come to. Unlike
``derivation``, no word of the claim has to say that something was reckoned; that makes a chance agreement
likelier, so it counts as a sign against the claim.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import combinations

from service.answering.verification.alignment import Aligned, Source, counts_otherwise
from service.answering.verification.counting import SMALL, is_one, listed, noun_after, ranks_nothing
from service.answering.verification.derivation import Derived
from service.answering.verification.period import between, bounds_something, edges, shifted
from service.answering.verification.rounding import hedge_of, stands_for
from service.numeral import numeral_at
from service.quantity import Bound, Calendar, Kind, Quantity

MOST = 16
"""Cited figures at the most: what two of them come to grows with the square of their number."""
MONTH = Fraction(2_629_746)
"""Seconds of a mean month of the Gregorian calendar."""
_PHYSICAL = frozenset({Kind.NUMBER, Kind.MONEY, Kind.MEASURE, Kind.DURATION})
_OPERANDS = frozenset({Kind.PERCENT, Kind.MULTIPLE, Kind.MONEY, Kind.POINT})
"""What a figure may be besides what it is read as, and be reckoned with: "one in six", "40p"."""
_THIS_YEAR = re.compile(r"this year|올해|금년|올", re.IGNORECASE)
_NOW = re.compile(
    r"\b(?:today|present\w*|current\w*|now|existing|already|so far|to date)\b|현재|지금|이미", re.IGNORECASE
)
_AGAINST_LAST_YEAR = re.compile(
    r"\b(?:than|from|against|on|over|as|to|of|like|unlike)(?: \w+){0,3} (?:last|the previous|a) year"
    r"|(?:지난해|작년|전년)(?:보다|에 비해| 대비|와 달리| 같은 기간| 동기)",
    re.IGNORECASE,
)
_STEP = re.compile(r"\b(?P<back>previous|preceding|earlier|before|ago)\b|\b(?P<on>later|after|following|next)\b|전년|직전|뒤|후")
_REST = re.compile(
    r"\b(?:other|others|else|remaining|rest|before|previous\w*|ahead|earlier|left|balance|remainder)\b|나머지|다른|앞서",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|apiece|both|per)\b|각각|각", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operand:
    """A cited figure with the number of its source and the root of the noun that it counts."""

    figure: Quantity
    place: int
    noun: str

    def counts_with(self, other: "Operand") -> bool:
        """Whether the two may be counted together: they are of one thing, or one leaves it to the other."""
        return not self.noun or not other.noun or self.noun == other.noun


def reckon(
    figure: Quantity, one: Aligned, sources: Sequence[Source], published: date | None
) -> Derived | None:
    """How a claim's figure may have been made of cited ones; None where it cannot have been."""
    if figure.date is not None:
        return _dated(figure, one, sources, published)
    if is_one(figure, one, sources) or ranks_nothing(figure, one, sources) or _literal(figure, sources):
        return _of(figure.kind, figure.unit, figure.value, set())
    if figure.upper is not None:
        return None
    side = hedge_of(figure, one.clause.text, figure.start - one.clause.start)
    for found in _values(figure, one, sources, published):
        if (found.kind, found.unit) == (figure.kind, figure.unit) and not any(
            counts_otherwise(figure, operand) for operand in found.operands
        ):
            if stands_for(figure, found.value, side):
                return found
    return None


# Dates ------------------------------------------------------------------------------------------


def _dated(
    figure: Quantity, one: Aligned, sources: Sequence[Source], published: date | None
) -> Derived | None:
    return (
        _present(figure, sources, published)
        or _in_decade(figure, sources)
        or _at_edge(figure, one, sources)
        or _moved(figure, one, sources, published)
    )


def _present(figure: Quantity, sources: Sequence[Source], published: date | None) -> Derived | None:
    """ "This year" needs no telling where only a comparison names another: an announcement has its date."""
    if published is None:
        return None
    told = " ".join(source.reading.text for source in sources)
    if figure.text.lower() == "today":
        return _of(Kind.DATE, "", Fraction(0), set()) if _NOW.search(told) else None
    if figure.date != Calendar(published.year) or not _THIS_YEAR.search(figure.text):
        return None
    years = {f.date.year for source in sources for f in source.clause.figures if f.date is not None} - {None}
    compared = years <= {published.year - 1} and _AGAINST_LAST_YEAR.search(told) is not None
    return _of(Kind.DATE, "", Fraction(0), set()) if not years or compared else None


def _in_decade(figure: Quantity, sources: Sequence[Source]) -> Derived | None:
    """The 1960s of a bridge opened in 1967."""
    decade = figure.date.decade if figure.date else None
    for place, source in enumerate(sources):
        for other in source.clause.figures:
            if decade and other.date is not None and other.date.year in range(decade, decade + 10):
                return _of(Kind.DATE, "", Fraction(0), {place}, other)
    return None


def _at_edge(figure: Quantity, one: Aligned, sources: Sequence[Source]) -> Derived | None:
    """A bound by the other side of one and the same midnight: "before September" for "by the end of August"."""
    ways = [figure, *(o for o in one.clause.alternatives if o.date is not None and o.start == figure.start)]
    if not bounds_something(figure, one.clause.text, figure.start - one.clause.start):
        return None
    mine = {day for way in ways for day in edges(replace(way, part=figure.part))}
    for place, source in enumerate(sources):
        for other in (*source.clause.figures, *source.clause.alternatives):
            if other.date is not None and mine & edges(other):
                return _of(Kind.DATE, "", Fraction(0), {place}, other)
    return None


def _moved(
    figure: Quantity, one: Aligned, sources: Sequence[Source], published: date | None
) -> Derived | None:
    """A date that lies a cited length before or after another: twelve years after 1874."""
    told = " ".join(source.clause.text for source in sources)
    if figure.date is None or figure.date.day or not figure.date.year:
        return None
    held = [
        (f, place)
        for place, source in enumerate(sources)
        for f in (*source.clause.figures, *source.clause.alternatives)
    ]
    lengths = {f.value for f, _ in held if f.kind is Kind.DURATION and f.unit == "month" and f.upper is None}
    lengths |= {
        f.value
        for f in one.clause.figures
        if f.kind is Kind.DURATION and f.unit == "month" and f is not figure
    }
    if _STEP.search(told):
        lengths.add(Fraction(12))
    bases = [(f.date, place, f) for f, place in held if f.date is not None and f.date.year][:MOST]
    if published is not None:
        bases.append((Calendar(published.year), 0, figure))
    for base, place, operand in bases:
        for length in lengths:
            for moved in (shifted(base, length), shifted(base, -length)):
                if moved is not None and _says(figure.date, moved):
                    return _of(Kind.DATE, "", Fraction(0), {place}, operand)
    return None


def _says(said: Calendar, moved: Calendar) -> bool:
    if said.quarter or said.half or said.weekday is not None or said.year != moved.year:
        return False
    return said.month is None or said.month == moved.month


# Figures ----------------------------------------------------------------------------------------


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


def _values(
    figure: Quantity, one: Aligned, sources: Sequence[Source], published: date | None
) -> Iterator[Derived]:
    operands = list(_operands(sources))[:MOST]
    for operand in operands:
        yield _of(operand.figure.kind, operand.figure.unit, operand.figure.value, {operand.place}, operand.figure)
        for kind, unit, value in _renamed(operand.figure, one.clause.text):
            yield _of(kind, unit, value, {operand.place}, operand.figure)
    for left, right in combinations(operands, 2):
        # The ends of one range are no two things that could be put together.
        if left.figure.start == right.figure.start and left.place == right.place:
            continue
        for kind, unit, value in _pairs(left, right):
            if value > 0:
                yield _of(kind, unit, value, {left.place, right.place}, left.figure, right.figure)
    yield from _remainders(operands, one)
    yield from _lists(figure, operands, sources)
    if figure.kind is Kind.DURATION:
        yield from _spans(sources, published)


def _of(kind: Kind, unit: str, value: Fraction, places: set[int], *operands: Quantity) -> Derived:
    return Derived(kind, unit, value, frozenset(places), 0, operands)


def _operands(sources: Sequence[Source]) -> Iterator[Operand]:
    """The cited figures, ranges by their ends, shares by what "one in six" says and not by its numbers."""
    for place, source in enumerate(sources):
        known: set[tuple[Kind, Fraction, str]] = set()
        shares = [o for o in source.clause.alternatives if o.kind is Kind.PERCENT and " " in o.text]
        others = [o for o in source.clause.alternatives if o.kind in _OPERANDS]
        told = [
            f
            for f in source.clause.figures
            if not any(s.start <= f.start and f.end <= s.end and s.text != f.text for s in shares)
        ]
        for figure in (*told, *others):
            for each in (*_ends(figure), *_elided(figure, source, sources)):
                key = (each.kind, each.value, each.unit)
                if figure.date is None and key not in known:
                    known.add(key)
                    yield Operand(each, place, noun_after(source.reading.text, figure.end))


def _ends(figure: Quantity) -> list[Quantity]:
    """A figure, or both ends of a range."""
    if figure.upper is None:
        return [figure]
    return [replace(figure, value=value, upper=None) for value in (figure.value, figure.upper)]


def _elided(figure: Quantity, source: Source, sources: Sequence[Source]) -> Iterator[Quantity]:
    """A bare number with the unit that it leaves to another of its sentence: "5.4 million euros and 1.2 million"."""
    if figure.kind is not Kind.NUMBER or figure.counter or figure.upper is not None:
        return
    if figure.value < 1000 and "." not in figure.text:
        return
    for near in sources:
        if near.place == source.place:
            for other in near.clause.figures:
                if other.kind in {Kind.MONEY, Kind.MEASURE} and other.upper is None:
                    written = numeral_at(other.text, 0)
                    factor = other.value / written.value if written and written.value else Fraction(1)
                    yield replace(figure, kind=other.kind, unit=other.unit, value=figure.value * factor)


def _renamed(figure: Quantity, said: str) -> Iterator[tuple[Kind, str, Fraction]]:
    """The same in another kind of figure: the rest of a share, a month in days, the fourth as number four."""
    value = figure.value
    if figure.kind is Kind.PERCENT and 0 < value < 100:
        yield Kind.PERCENT, "%", 100 - value
    elif figure.kind is Kind.MULTIPLE and value > 1:
        yield Kind.PERCENT, "%", 100 * (value - 1)
        yield Kind.PERCENT, "%", 100 / value
    elif figure.kind is Kind.DURATION:
        yield from _in_other_lengths(figure)
    elif figure.kind in {Kind.ORDINAL, Kind.NUMBER} and value > 1:
        yield Kind.NUMBER if figure.kind is Kind.ORDINAL else Kind.ORDINAL, "", value
        if value > 2 and _REST.search(said):
            yield Kind.NUMBER, "", value - 1
        if figure.bound is Bound.AT_LEAST and value <= SMALL:
            # Whoever fails more than two courses fails three.
            yield Kind.NUMBER, "", value + 1
    if figure.kind is Kind.MONEY and value >= 1000:
        yield Kind.NUMBER, "", value
    if figure.kind in {Kind.NUMBER, Kind.MEASURE} and value >= 24:
        yield from _vaguely(value)


def _in_other_lengths(figure: Quantity) -> Iterator[tuple[Kind, str, Fraction]]:
    """A length in the other base: 60 days are two months, twelve weeks about three."""
    if figure.unit == "month":
        days = Fraction(round(figure.value * MONTH / 86400))
        yield Kind.DURATION, "second", days * 86400
        # Weeks are told in whole ones.
        yield Kind.DURATION, "second", Fraction(round(days / 7)) * 604800
        return
    months = figure.value / MONTH
    yield Kind.DURATION, "month", months
    rounded = Fraction(round(months * 2), 2)
    if rounded and abs(rounded - months) * 10 <= rounded:
        # Four weeks are said to be a month, six one and a half, twelve three.
        yield Kind.DURATION, "month", rounded


_VAGUE = (12, 10, 100, 1000, 10_000, 100_000, 1_000_000, 1_000_000_000)


def _vaguely(value: Fraction) -> Iterator[tuple[Kind, str, Fraction]]:
    """The dozens, hundreds and tens of thousands that a figure comes to."""
    for size in _VAGUE:
        if 2 * size <= value < 12 * size:
            yield Kind.VAGUE, "", Fraction(size)


def _pairs(one: Operand, other: Operand) -> Iterator[tuple[Kind, str, Fraction]]:
    """What two figures come to: their sum and difference, one as a share and a multiple of the other."""
    left, right = one.figure, other.figure
    kinds = {left.kind, right.kind}
    if left.kind is right.kind and left.unit == right.unit:
        yield from _of_one_kind(left, right, counted_alike=one.counts_with(other))
    elif kinds == {Kind.PERCENT, Kind.POINT}:
        yield Kind.PERCENT, "%", left.value + right.value
        yield Kind.PERCENT, "%", abs(left.value - right.value)
    elif kinds & {Kind.PERCENT, Kind.MULTIPLE}:
        rate, base = (left, right) if left.kind in {Kind.PERCENT, Kind.MULTIPLE} else (right, left)
        if base.kind in _PHYSICAL and rate.value > 0:
            yield from _scaled(rate, base)
    elif Kind.NUMBER in kinds and kinds & {Kind.MONEY, Kind.MEASURE}:
        count, amount = (left, right) if left.kind is Kind.NUMBER else (right, left)
        yield amount.kind, amount.unit, amount.value * count.value
        if count.value:
            yield amount.kind, amount.unit, amount.value / count.value


def _of_one_kind(
    left: Quantity, right: Quantity, *, counted_alike: bool
) -> Iterator[tuple[Kind, str, Fraction]]:
    low, high = sorted((left.value, right.value))
    if left.kind in _PHYSICAL and low > 0:
        if counted_alike or left.kind is not Kind.NUMBER:
            yield left.kind, left.unit, high - low
            yield left.kind, left.unit, high + low
        yield Kind.MULTIPLE, "", high / low
        yield Kind.PERCENT, "%", 100 * low / high
        yield Kind.PERCENT, "%", 100 * (high - low) / high
        yield Kind.PERCENT, "%", 100 * (high - low) / low
        if counted_alike:
            yield Kind.PERCENT, "%", 100 * low / (low + high)
            yield Kind.PERCENT, "%", 100 * high / (low + high)
    elif left.kind is Kind.PERCENT:
        yield Kind.POINT, "%p", high - low
        yield Kind.NUMBER, "", high - low
        if low > 0:
            yield Kind.MULTIPLE, "", high / low
        yield Kind.PERCENT, "%", high + low
        yield Kind.PERCENT, "%", 100 - high - low


def _scaled(rate: Quantity, base: Quantity) -> Iterator[tuple[Kind, str, Fraction]]:
    """A share of an amount and the rest of it, and the amount of which it is the share or the change."""
    if rate.kind is Kind.MULTIPLE:
        factors = [rate.value, 1 / rate.value]
    else:
        share = rate.value / 100
        factors = [share, 1 - share, 1 / share, 1 / (1 + share)]
        factors += [1 / (1 - share)] if share < 1 else []
    for factor in factors:
        yield base.kind, base.unit, base.value * factor


def _remainders(operands: Sequence[Operand], one: Aligned) -> Iterator[Derived]:
    """What the parts of a whole leave over, where the claim has more than two of its parts."""
    groups: dict[tuple[Kind, str], list[Operand]] = {}
    for operand in operands:
        groups.setdefault((operand.figure.kind, operand.figure.unit), []).append(operand)
    for (kind, unit), group in groups.items():
        if 3 <= len(group) <= 6 and kind in _PHYSICAL | {Kind.PERCENT}:
            whole = max(operand.figure.value for operand in group)
            total = sum((operand.figure.value for operand in group), Fraction(0))
            places = {operand.place for operand in group}
            left = (100 - total) if kind is Kind.PERCENT else 2 * whole - total
            if left > 0:
                yield _of(kind, unit, left, places, *(operand.figure for operand in group))


def _lists(figure: Quantity, operands: Sequence[Operand], sources: Sequence[Source]) -> Iterator[Derived]:
    """How many things the quotes list, and what each of them having something comes to."""
    for place, source in enumerate(sources):
        sentence = source.reading.sentences[source.clause.sentence]
        counts = set(listed(sentence))
        if figure.kind is Kind.NUMBER and figure.value <= SMALL:
            for count in counts:
                yield _of(Kind.NUMBER, "", Fraction(count), {place})
        if _EACH.search(sentence):
            for operand in operands:
                if operand.place == place and operand.figure.kind in _PHYSICAL:
                    for count in counts:
                        value = operand.figure.value * count
                        yield _of(operand.figure.kind, operand.figure.unit, value, {place}, operand.figure)


def _spans(sources: Sequence[Source], published: date | None) -> Iterator[Derived]:
    """The time between two dates or times of day, from a date to the day of publication, and of a quarter."""
    told = [(f, place) for place, source in enumerate(sources) for f in source.clause.figures]
    besides = [(f, place) for place, source in enumerate(sources) for f in source.clause.alternatives]
    dates = [(f, place, f.date) for f, place in (*told, *besides) if f.date is not None][: 2 * MOST]
    for figure, place, day in dates:
        months = 3 if day.quarter else 6 if day.half else 1 if day.month and not day.day else 0
        if months:
            yield _of(Kind.DURATION, "month", Fraction(months), {place}, figure)
        if published is not None and (day.year or day.day):
            for unit, value in between(day, Calendar(published.year, published.month, published.day)):
                yield _of(Kind.DURATION, unit, value, {place}, figure)
    for (left, a, one), (right, b, other) in combinations(dates, 2):
        if left.start != right.start or a != b:
            for unit, value in between(one, other):
                yield _of(Kind.DURATION, unit, value, {a, b}, left, right)
    times = [(f, place) for f, place in (*told, *besides) if f.kind is Kind.TIME][:MOST]
    for (left, a), (right, b) in combinations(times, 2):
        minutes = abs(right.value - left.value)
        for length in (minutes, 1440 - minutes):
            yield _of(Kind.DURATION, "second", 60 * length, {a, b}, left, right)
