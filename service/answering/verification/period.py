"""Dates as stretches of the calendar: where they begin and end, and what lies between two of them."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from service.quantity import Calendar, Quantity

_SPANS = {"quarter": 3, "half": 6}
_LEAST = r"(?: (?:the|in|at least|at the latest|about))?"
_OPENS = (
    re.compile(
        rf"\b(?:before|from|since|prior to|as of|between|(?:sooner|earlier|later) than){_LEAST} ?$",
        re.IGNORECASE,
    ),
    re.compile(r" ?(?:부터|이후|이전|전에|[~-])"),
)
"""Words by which a date bounds something with its beginning."""
_CLOSES = (
    re.compile(rf"\b(?:after|until|till|by|through|to|beyond){_LEAST} ?$|[~-] ?$", re.IGNORECASE),
    re.compile(r" ?말?(?:까지|안에|안으로)"),
)
"""Words by which a date bounds something with its end."""
_PARTS = {"early": range(1, 5), "mid": range(5, 9), "late": range(9, 13), "end": range(11, 13)}
"""The months of each part of a year."""
_DAYS = {"early": range(1, 12), "mid": range(10, 22), "late": range(20, 32), "end": range(24, 32)}
"""The days of each part of a month."""


def stretch(day: Calendar) -> tuple[date, date] | None:
    """The first day of a date and the day after its last; None where its year is not known."""
    if not day.year:
        return None
    if day.month and day.day:
        try:
            first = date(day.year, day.month, day.day)
        except ValueError:
            return None
        return first, first + timedelta(1)
    if day.month:
        return date(day.year, day.month, 1), _month_after(day.year, day.month, 1)
    for name, months in _SPANS.items():
        if number := getattr(day, name):
            return date(day.year, months * (number - 1) + 1, 1), _month_after(day.year, months * number, 1)
    return date(day.year, 1, 1), date(day.year + 1, 1, 1)


def _month_after(year: int, month: int, months: int) -> date:
    index = year * 12 + month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def edges(figure: Quantity, text: str, start: int) -> set[date]:
    """The midnights at which a date at ``start`` of a text bounds something: its beginning, its end, or both."""
    found = stretch(figure.date) if figure.date is not None else None
    if found is None or figure.part in {"mid", "late"}:
        return set()
    if figure.part:
        return {found[0] if figure.part == "early" else found[1]}
    after = text[start + figure.end - figure.start :]
    for (before, behind), edge in ((_OPENS, found[0]), (_CLOSES, found[1])):
        if before.search(text[:start]) or behind.match(after):
            return {edge}
    return set(found)


def bounds_something(figure: Quantity, text: str, start: int) -> bool:
    """Whether a date at ``start`` of a text says when something begins or ends."""
    if figure.part in {"early", "end"}:
        return True
    after = text[start + figure.end - figure.start :]
    return any(before.search(text[:start]) or behind.match(after) for before, behind in (_OPENS, _CLOSES))


def contradicts(figure: Quantity, other: Quantity) -> bool:
    """Whether two dates of one period name parts of it that share no day: its start and its end."""
    if not figure.part or figure.date is None or other.date is None:
        return False
    if figure.date.month:
        mine = set(_DAYS[figure.part])
        theirs = {other.date.day} if other.date.day else set(_DAYS.get(other.part, mine))
    else:
        mine = set(_PARTS[figure.part])
        theirs = _months_of(other) or set(_PARTS.get(other.part, mine))
    return not mine & theirs


def _months_of(figure: Quantity) -> set[int]:
    found = stretch(figure.date) if figure.date is not None else None
    if (
        found is None
        or figure.date is None
        or not (figure.date.month or figure.date.quarter or figure.date.half)
    ):
        return set()
    return set(range(found[0].month, (found[1] - timedelta(1)).month + 1))


def between(one: Calendar, other: Calendar) -> Iterator[tuple[str, Fraction]]:
    """The time between two dates by whole years, months and days; the last may be counted in."""
    first, second = one.year, other.year
    if first and second:
        yield "month", Fraction(12 * abs(second - first))
    elif first or second:
        first = second = first or second
    if one.month and other.month:
        months = abs(12 * ((second or 0) - (first or 0)) + other.month - one.month)
        yield "month", Fraction(months)
        if not (one.day or other.day) or max(one.day or 0, other.day or 0) >= 28:
            yield "month", Fraction(months + 1)
    if one.day and other.day:
        month = one.month or other.month or 1
        begin = stretch(Calendar(first or 2001, one.month or month, one.day))
        end = stretch(Calendar(second or 2001, other.month or month, other.day))
        if begin and end:
            days = abs((end[0] - begin[0]).days)
            yield "second", Fraction(86400 * days)
            yield "second", Fraction(86400 * (days + 1))


def shifted(day: Calendar, months: Fraction) -> Calendar | None:
    """A date some months later: a year by whole years, a month by whole months."""
    if not day.year or months.denominator != 1:
        return None
    if day.month is None:
        return None if months % 12 else Calendar(day.year + int(months) // 12)
    index = day.year * 12 + day.month - 1 + int(months)
    return Calendar(index // 12, index % 12 + 1)
