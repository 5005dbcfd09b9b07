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
from service.answering.verification.counting import SMALL, is_one, listed, ranks_nothing
from service.answering.verification.dating import date_of
from service.answering.verification.derivation import Derived, reached
from service.answering.verification.operand import Operand, operands_of
from service.answering.verification.period import between
from service.answering.verification.rounding import hedge_of, stands_for
from service.quantity import Bound, Calendar, Kind, Quantity

MOST = 16
"""Cited figures at the most: what two of them come to grows with the square of their number."""
MONTH = Fraction(2_629_746)
"""Seconds of a mean month of the Gregorian calendar."""
_PHYSICAL = frozenset({Kind.NUMBER, Kind.MONEY, Kind.MEASURE, Kind.DURATION})
_CHANGE = re.compile(
    r"\b(?:by|differ\w*|gap|margin|more|less|fewer|extra|additional|(?:long|short|high|low|larg|small|fast|slow|old|young|cheap|dear|great|bigg|new)er|sooner|earlier|later|sav\w*|lost|lose|gain\w*|added|rise|fall"
    r"|remain\w*|the rest|others?|left|not|no|none|fail\w*|without|lack\w*|still|yet|against|un\w+|below|above|under|over|short|majority|drop\w*|up|down)\b"
    r"|나머지|그 외|차이|증가|감소|늘|줄|오르|올라|오른|내리|내려|인상|인하|단축|연장|많|적|확대|축소|높|낮|않|없|못|더|덜|남",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"\b(?:together|total\w*|combined|altogether|sum|jointly|all|overall|both|between them|could|stretch|including|with)\b|합계|모두|총|합쳐|합하|합친|더하|다 합",
    re.IGNORECASE,
)
_OF = re.compile(r"\b(?:of|among) (?:the |its |their )?$")
_PART_OF = re.compile(
    r" of (?:the|its|their|all|these|those) (?:\d|[a-z]+\b)|(?: ?[가-힣]{1,2})? ?(?:중|가운데)"
)
_EXCEPT = re.compile(r"\b(?:all but|except|apart from|other than|excluding)\b|제외|빼고", re.IGNORECASE)
_AVERAGE = re.compile(r"\b(?:average|mean|each|per|apiece|every)\b|평균|당 |꼴", re.IGNORECASE)
_FROM_TODAY = re.compile(
    r"\b(?:ago|old|ages?|since|back|past|last|until|within|away|time|to go|for|into|before)\b|전|만에|째|뒤|후|앞",
    re.IGNORECASE,
)
_REST = re.compile(
    r"\b(?:other|others|else|remaining|rest|before|previous\w*|ahead|earlier|left|balance|remainder)\b|나머지|다른|앞서",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|apiece|both|per)\b|각각|각", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ways:
    """What a claim leaves to reckon: a sum or a difference that it speaks of, a whole that it only estimates.

    A share is seldom exact, so that nobody can tell the whole from it without a hedge.
    """

    sums: bool
    differences: bool
    wholes: bool
    averages: bool


def reckon(
    figure: Quantity, one: Aligned, sources: Sequence[Source], published: date | None
) -> Derived | None:
    """How a claim's figure may have been made of cited ones; None where it cannot have been."""
    if figure.date is not None:
        return date_of(figure, one, sources, published)
    if (
        is_one(figure, one, sources)
        or ranks_nothing(figure, one, sources)
        or _literal(figure, sources)
        or _century(figure, one, sources)
    ):
        return reached(figure.kind, figure.unit, figure.value, set())
    if figure.upper is not None:
        return None
    side = hedge_of(figure, one.clause.text, figure.start - one.clause.start)
    for found in _values(figure, one, sources, published, hedged=side is not None):
        if (
            _of_kind(found, figure)
            and not any(counts_otherwise(figure, operand) for operand in found.operands)
            and stands_for(
                figure,
                found.value,
                side,
                estimated=any(o.bound is not Bound.EXACT for o in found.operands),
            )
        ):
            return found
    return None


def _of_kind(found: Derived, figure: Quantity) -> bool:
    """Whether a value is what the figure counts; "half a million" leaves out of what."""
    if found.kind is Kind.MONEY and figure.kind is Kind.NUMBER and not figure.counter:
        return figure.value >= 1000
    return (found.kind, found.unit) == (figure.kind, figure.unit)


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


def _century(figure: Quantity, one: Aligned, sources: Sequence[Source]) -> bool:
    """The eighteenth century of something in the 1790s."""
    if figure.kind is not Kind.ORDINAL or not one.clause.text[figure.end - one.clause.start :].startswith(
        (" century", "-century", " centuries")
    ):
        return False
    years = [f.date.year or f.date.decade for s in sources for f in s.clause.figures if f.date is not None]
    return any(year and (year - 1) // 100 + 1 == figure.value for year in years)


def _values(
    figure: Quantity, one: Aligned, sources: Sequence[Source], published: date | None, *, hedged: bool
) -> Iterator[Derived]:
    operands = list(operands_of(sources))[:MOST]
    said = one.clause.text
    before, after = said[: figure.start - one.clause.start], said[figure.end - one.clause.start :]
    excepted = any(_EXCEPT.search(source.clause.text) for source in sources)
    ways = Ways(
        sums=_SUM.search(said) is not None or _OF.search(before) is not None,
        differences=excepted or _CHANGE.search(said) is not None or _PART_OF.match(after) is not None,
        wholes=hedged,
        averages=_AVERAGE.search(said) is not None,
    )
    for operand in operands:
        yield reached(
            operand.figure.kind, operand.figure.unit, operand.figure.value, {operand.place}, operand.figure
        )
        for kind, unit, value in _renamed(operand, said, share=after.startswith((" of", "%"))):
            yield reached(kind, unit, value, {operand.place}, operand.figure)
    for left, right in combinations(operands, 2):
        # The ends of one range are no two things that could be put together.
        if left.figure.start == right.figure.start and left.place == right.place:
            continue
        for kind, unit, value in _pairs(left, right, ways):
            if value > 0:
                yield reached(kind, unit, value, {left.place, right.place}, left.figure, right.figure)
    yield from _remainders(operands)
    yield from _lists(figure, operands if ways.sums else (), sources)
    if figure.kind is Kind.DURATION:
        yield from _spans(sources, published if _FROM_TODAY.search(said) else None)


def _renamed(operand: Operand, said: str, *, share: bool) -> Iterator[tuple[Kind, str, Fraction]]:
    """The same in another kind of figure: the rest of a share, a month in days, the fourth as number four."""
    figure, value = operand.figure, operand.figure.value
    if figure.kind is Kind.PERCENT and 0 < value <= 50:
        yield Kind.MULTIPLE, "", 100 / value
    if (
        figure.kind is Kind.PERCENT
        and 0 < value < 100
        and (share or not operand.change)
        and operand.change < 1
    ):
        yield Kind.PERCENT, "%", 100 - value
    elif figure.kind is Kind.MULTIPLE and value > 1:
        yield Kind.PERCENT, "%", 100 * (value - 1)
        yield Kind.PERCENT, "%", 100 / value
    elif figure.kind is Kind.DURATION:
        yield from _in_other_lengths(figure)
    elif figure.kind in {Kind.ORDINAL, Kind.NUMBER} and value > 1:
        yield Kind.NUMBER if figure.kind is Kind.ORDINAL else Kind.ORDINAL, "", value
        others = _REST.search(said)
        if value > 2 and others and (figure.kind is Kind.ORDINAL or others.group().lower() == "other"):
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


def _pairs(one: Operand, other: Operand, ways: Ways) -> Iterator[tuple[Kind, str, Fraction]]:
    """What two figures come to: their sum and difference, one as a share and a multiple of the other."""
    left, right = one.figure, other.figure
    kinds = {left.kind, right.kind}
    if left.kind is right.kind and left.unit == right.unit:
        alike = left.kind is not Kind.NUMBER or one.counts_with(other)
        differences = (ways.differences and alike) or bool(one.change or other.change)
        yield from _of_one_kind(left, right, replace(ways, differences=differences))
    elif kinds == {Kind.PERCENT, Kind.POINT}:
        yield Kind.PERCENT, "%", left.value + right.value
        yield Kind.PERCENT, "%", abs(left.value - right.value)
    elif kinds & {Kind.PERCENT, Kind.MULTIPLE}:
        rate, base = (left, right) if left.kind in {Kind.PERCENT, Kind.MULTIPLE} else (right, left)
        if (
            base.kind in _PHYSICAL
            and rate.value > 0
            and (base.kind is not Kind.NUMBER or base.value >= 2 * SMALL)
        ):
            yield from _scaled(rate, base, ways)
    elif Kind.NUMBER in kinds and kinds & {Kind.MONEY, Kind.MEASURE}:
        count, amount = (left, right) if left.kind is Kind.NUMBER else (right, left)
        yield amount.kind, amount.unit, amount.value * count.value
        if count.value:
            yield amount.kind, amount.unit, amount.value / count.value


def _of_one_kind(left: Quantity, right: Quantity, ways: Ways) -> Iterator[tuple[Kind, str, Fraction]]:
    low, high = sorted((left.value, right.value))
    if left.kind in _PHYSICAL and low > 0:
        if ways.differences:
            yield left.kind, left.unit, high - low
        if ways.sums:
            yield left.kind, left.unit, high + low
        if low == high:
            yield Kind.PERCENT, "%", Fraction(50)
        if ways.averages and left.kind is Kind.NUMBER:
            yield left.kind, left.unit, high / low
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
        if ways.wholes and low > 0:
            yield Kind.PERCENT, "%", 100 * low / high


def _scaled(rate: Quantity, base: Quantity, ways: Ways) -> Iterator[tuple[Kind, str, Fraction]]:
    """A share of an amount and the rest of it, and the amount of which it is the share or the change."""
    if rate.kind is Kind.MULTIPLE:
        factors = [rate.value, 1 / rate.value] if ways.wholes else []
    else:
        share = rate.value / 100
        factors = [share, 1 - share]
        if ways.wholes:
            factors += [1 / share, 1 / (1 + share)]
            factors += [1 / (1 - share)] if share < 1 else []
    for factor in factors:
        yield base.kind, base.unit, base.value * factor


def _remainders(operands: Sequence[Operand]) -> Iterator[Derived]:
    """What two parts of a whole or more leave over."""
    groups: dict[tuple[Kind, str], list[Operand]] = {}
    for operand in operands:
        groups.setdefault((operand.figure.kind, operand.figure.unit), []).append(operand)
    for (kind, unit), group in groups.items():
        if 3 - (kind is Kind.PERCENT) <= len(group) <= 6 and kind in _PHYSICAL | {Kind.PERCENT}:
            whole = max(operand.figure.value for operand in group)
            total = sum((operand.figure.value for operand in group), Fraction(0))
            places = {operand.place for operand in group}
            left = (100 - total) if kind is Kind.PERCENT else 2 * whole - total
            if left > 0:
                yield reached(kind, unit, left, places, *(operand.figure for operand in group))


def _lists(figure: Quantity, operands: Sequence[Operand], sources: Sequence[Source]) -> Iterator[Derived]:
    """How many things the quotes list, and what each of them having something comes to."""
    for place, source in enumerate(sources):
        sentence = source.reading.sentences[source.clause.sentence]
        counts = set(listed(sentence))
        if figure.kind is Kind.NUMBER and figure.value <= SMALL:
            for count in counts:
                yield reached(Kind.NUMBER, "", Fraction(count), {place})
        if _EACH.search(sentence):
            for operand in operands:
                if operand.place == place and operand.figure.kind in _PHYSICAL:
                    for count in counts:
                        value = operand.figure.value * count
                        yield reached(
                            operand.figure.kind, operand.figure.unit, value, {place}, operand.figure
                        )


def _spans(sources: Sequence[Source], published: date | None) -> Iterator[Derived]:
    """The time between two dates or times of day, from a date to the day of publication, and of a quarter."""
    told = [(f, place) for place, source in enumerate(sources) for f in source.clause.figures]
    besides = [(f, place) for place, source in enumerate(sources) for f in source.clause.alternatives]
    dates = [(f, place, f.date) for f, place in (*told, *besides) if f.date is not None][: 2 * MOST]
    for figure, place, day in dates:
        months = 3 if day.quarter else 6 if day.half else 1 if day.month and not day.day else 0
        if months:
            yield reached(Kind.DURATION, "month", Fraction(months), {place}, figure)
        if published is not None and (day.year or day.day):
            for unit, value in between(day, Calendar(published.year, published.month, published.day)):
                yield reached(Kind.DURATION, unit, value, {place}, figure)
                if unit == "second":
                    yield reached(Kind.DURATION, "month", value / MONTH, {place}, figure)
    for (left, a, one), (right, b, other) in combinations(dates, 2):
        if left.start != right.start or a != b:
            for unit, value in between(one, other):
                yield reached(Kind.DURATION, unit, value, {a, b}, left, right)
    times = [(f, place) for f, place in (*told, *besides) if f.kind is Kind.TIME][:MOST]
    for (left, a), (right, b) in combinations(times, 2):
        minutes = abs(right.value - left.value)
        for length in (minutes, 1440 - minutes):
            yield reached(Kind.DURATION, "second", 60 * length, {a, b}, left, right)
