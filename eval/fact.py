"""Whether a fact occurs in a text."""

import re
from collections.abc import Iterable
from datetime import date

from eval.case import Day, Fact, Figure, Pattern
from service.folding import fold
from service.quantity import Calendar, quantities

Text = tuple[str, date | None]
"""A text and the day of its publication, against which "next year" in it is read."""


def plain(text: str) -> str:
    """The text in lower case, in plain characters, with single spaces."""
    return " ".join(fold(text).text.casefold().split())


def occurs(fact: Fact, texts: Iterable[Text]) -> bool:
    """Whether one of the texts has the fact in it. Case, spacing and typography play no part."""
    match fact:
        case str():
            return any(plain(fact) in plain(text) for text, _ in texts)
        case Pattern():
            pattern = re.compile(fact.regex, re.IGNORECASE)
            return any(pattern.search(text) for text, _ in texts)
        case Figure():
            return any(_has_figure(fact, text, published) for text, published in texts)
        case Day():
            return any(_has_day(fact, text, published) for text, published in texts)


def described(fact: Fact) -> str:
    """The fact as a report shows it."""
    match fact:
        case str():
            return f"“{fact}”"
        case Pattern():
            return f"/{fact.regex}/"
        case Figure():
            give = f" ± {fact.tolerance}" if fact.tolerance else ""
            unit = f" {fact.unit}" if fact.unit else ""
            return f"{fact.number}{unit}{give}"
        case Day():
            return fact.date


def quoted(expected: str, quotes: Iterable[str]) -> bool:
    """Whether a quote covers the expected text, or the greater part of it where it was cut differently."""
    wanted = plain(expected)
    return any(
        wanted in found or (found in wanted and 2 * len(found) > len(wanted)) for found in map(plain, quotes)
    )


def _has_figure(fact: Figure, text: str, published: date | None) -> bool:
    for found in quantities(text, published):
        if found.date is not None or (fact.measured_in is not None and found.unit != fact.measured_in):
            continue
        ends = (found.value, found.upper) if found.upper is not None else (found.value,)
        if any(abs(end - fact.value) <= fact.slack for end in ends):
            return True
    return False


def _has_day(fact: Day, text: str, published: date | None) -> bool:
    return any(_agrees(q.date, fact.fields) for q in quantities(text, published) if q.date is not None)


def _agrees(found: Calendar, wanted: dict[str, int]) -> bool:
    """Whether a date says at least what is wanted; a year may be left out where a month is given."""
    for name, value in wanted.items():
        given = getattr(found, name)
        if given != value and not (name == "year" and given is None and found.month is not None):
            return False
    # A month and day without the year are enough; a lone year is not, where a month is wanted.
    return "month" in wanted or found.year == wanted["year"]
