"""What cited figures come to: each in other words, and two of them together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from service.answering.verification.counting import SMALL
from service.answering.verification.operand import Operand
from service.answering.verification.rounding import size_of
from service.quantity import Bound, Kind, Quantity

MONTH = Fraction(2_629_746)
"""Seconds of a mean month of the Gregorian calendar."""
PHYSICAL = frozenset({Kind.NUMBER, Kind.MONEY, Kind.MEASURE, Kind.DURATION})
"""Kinds of figures that are an amount of something."""
_REST = re.compile(
    r"\b(?:other|others|else|remaining|rest|before|previous\w*|ahead|earlier|left|balance|remainder)\b|나머지|다른|앞서",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ways:
    """What a claim leaves to reckon: a sum or a difference that it speaks of, a whole that it only estimates.

    A share is seldom exact, so that nobody can tell the whole from it without a hedge.
    """

    sums: bool
    differences: bool
    wholes: bool
    parts: bool
    """Whether two figures may be all the parts of a whole that nobody names."""
    averages: bool
    rates: bool
    """Whether the quotes say how much there is per what."""


def renamed(operand: Operand, said: str, *, share: bool) -> Iterator[tuple[Kind, str, Fraction]]:
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
    elif figure.kind is Kind.NUMBER and value == 1 and figure.bound is Bound.AT_LEAST:
        yield Kind.NUMBER, "", Fraction(2)
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


_VAGUE = (12, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)


def _vaguely(value: Fraction) -> Iterator[tuple[Kind, str, Fraction]]:
    """The dozens, hundreds and tens of thousands that a figure comes to."""
    for size in _VAGUE:
        if 2 * size <= value < 20 * size:
            yield Kind.VAGUE, "", Fraction(size)


def pairs(one: Operand, other: Operand, ways: Ways) -> Iterator[tuple[Kind, str, Fraction]]:
    """What two figures come to: their sum and difference, one as a share and a multiple of the other."""
    left, right = one.figure, other.figure
    kinds = {left.kind, right.kind}
    if left.kind is right.kind and left.unit == right.unit:
        alike = left.kind is not Kind.NUMBER or one.counts_with(other)
        changes = {one.change, other.change}
        yield from _of_one_kind(
            left,
            right,
            replace(
                ways,
                differences=(ways.differences and alike) or 1 in changes,
                sums=ways.sums or -1 in changes,
                parts=ways.parts and alike and not (one.part or other.part),
            ),
        )
    elif kinds == {Kind.PERCENT, Kind.POINT}:
        yield Kind.PERCENT, "%", left.value + right.value
        yield Kind.PERCENT, "%", abs(left.value - right.value)
    elif kinds == {Kind.PERCENT, Kind.MULTIPLE}:
        rate, base = (one, other) if left.kind is Kind.MULTIPLE else (other, one)
        yield from _scaled(rate, base.figure, ways)
    elif kinds & {Kind.PERCENT, Kind.MULTIPLE}:
        rate, base = (one, other) if left.kind in {Kind.PERCENT, Kind.MULTIPLE} else (other, one)
        counted = base.figure.kind is not Kind.NUMBER or base.figure.value >= 2 * SMALL
        if base.figure.kind in PHYSICAL and counted:
            yield from _scaled(rate, base.figure, ways)
    elif Kind.DURATION in kinds and kinds & {Kind.MONEY, Kind.NUMBER, Kind.MEASURE}:
        length, amount = (left, right) if left.kind is Kind.DURATION else (right, left)
        count = length.value / size_of(length)
        if amount.value > 0 and count > 1 and (ways.averages or ways.rates):
            yield amount.kind, amount.unit, amount.value * count
            yield amount.kind, amount.unit, amount.value / count
    elif Kind.NUMBER in kinds and kinds & {Kind.MONEY, Kind.MEASURE}:
        number, amount = (left, right) if left.kind is Kind.NUMBER else (right, left)
        if ways.sums or ways.averages or ways.rates:
            yield amount.kind, amount.unit, amount.value * number.value
        if number.value:
            yield amount.kind, amount.unit, amount.value / number.value


def _of_one_kind(left: Quantity, right: Quantity, ways: Ways) -> Iterator[tuple[Kind, str, Fraction]]:
    low, high = sorted((left.value, right.value))
    if left.kind in PHYSICAL and low > 0:
        if ways.differences:
            yield left.kind, left.unit, high - low
        if ways.sums:
            yield left.kind, left.unit, high + low
        if low == high or ways.parts:
            yield Kind.PERCENT, "%", 100 * low / (low + high)
            yield Kind.PERCENT, "%", 100 * high / (low + high)
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


def _scaled(operand: Operand, base: Quantity, ways: Ways) -> Iterator[tuple[Kind, str, Fraction]]:
    """A share of an amount and the rest of it, and the amount of which it is the share or the change."""
    rate = operand.figure
    if rate.value <= 0:
        return
    if rate.kind is Kind.MULTIPLE:
        factors = [rate.value, 1 / rate.value]
    else:
        share = rate.value / 100
        factors = [share, 1 - share]
        if ways.wholes:
            before = 1 + operand.change * share
            factors += [1 / before] if operand.change and before > 0 else [1 / share]
    for factor in factors:
        yield base.kind, base.unit, base.value * factor
