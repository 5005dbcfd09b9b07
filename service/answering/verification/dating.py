"""Dates that a claim words anew: this year, the 1960s of 1967, "before September" for "by the end of August"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from service.answering.verification.alignment import Aligned, Source
from service.answering.verification.derivation import Derived, reached
from service.answering.verification.period import bounds_something, edges, shifted
from service.quantity import Calendar, Kind, Quantity

MOST = 16
"""Cited dates at the most."""
_THIS_YEAR = re.compile(r"this year|올해|금년|올", re.IGNORECASE)
_NOW = re.compile(
    r"\b(?:today|present\w*|current\w*|now|existing|already|so far|to date)\b|현재|지금|이미", re.IGNORECASE
)
_AGAINST_LAST_YEAR = re.compile(
    r"\b(?:than|from|against|on|over|as|to|of|like|unlike)(?: \w+){0,3} (?:last|the previous|a) year"
    r"|(?:지난해|작년|전년)(?:보다|에 비해| 대비|와 달리| 같은 기간| 동기)",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"\b(?:the|a|an|one) (?:previous|preceding|following) year|\byear (?:earlier|before|later|after|ago)\b"
    r"|\b(?:previous|preceding) year|than in the year|전년|이듬해",
    re.IGNORECASE,
)
_MOVED_AFTER = re.compile(r"[- ]*(?:later|earlier|before|after|ago|from now|old|beyond|뒤|후|전|만에)")
_MOVED_BEFORE = re.compile(
    r"\b(?:after|life of|period of|expires? in|lasts?|by|within|for|up to|every) (?:about |around |some )?$",
    re.IGNORECASE,
)


def date_of(
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
        days = any(f.date and (f.date.day or f.date.weekday is not None) for f in _dates(sources))
        return reached(Kind.DATE, "", Fraction(0), set()) if _NOW.search(told) or not days else None
    years = {f.date.year for f in _dates(sources) if f.date is not None} - {None}
    if figure.date is not None and figure.date.relative:
        follows = "following" in figure.date.relative and any(year + 1 in years for year in years if year)
        return reached(Kind.DATE, "", Fraction(0), set()) if follows else None
    if figure.date != Calendar(published.year) or not _THIS_YEAR.search(figure.text):
        return None
    compared = years <= {published.year - 1} and _AGAINST_LAST_YEAR.search(told) is not None
    return reached(Kind.DATE, "", Fraction(0), set()) if not years or compared else None


def _dates(sources: Sequence[Source]) -> list[Quantity]:
    return [f for source in sources for f in source.clause.figures if f.date is not None]


def _in_decade(figure: Quantity, sources: Sequence[Source]) -> Derived | None:
    """The 1960s of a bridge opened in 1967."""
    decade = figure.date.decade if figure.date else None
    for place, source in enumerate(sources):
        for other in source.clause.figures:
            if decade and other.date is not None and other.date.year in range(decade, decade + 10):
                return reached(Kind.DATE, "", Fraction(0), {place}, other)
    return None


def _at_edge(figure: Quantity, one: Aligned, sources: Sequence[Source]) -> Derived | None:
    """A bound by the other side of one and the same midnight: "before September" for "by the end of August"."""
    text, start = one.clause.text, figure.start - one.clause.start
    if not bounds_something(figure, text, start):
        return None
    ways = [figure, *(o for o in one.clause.alternatives if o.date is not None and o.start == figure.start)]
    mine = {day for way in ways for day in edges(replace(way, part=figure.part), text, start)}
    for source in sources:
        for other in (*source.clause.figures, *source.clause.alternatives):
            told = other.date is not None and not re.search("(?i)day$|요일$", other.text)
            if told and mine & edges(other, source.reading.text, other.start):
                return reached(Kind.DATE, "", Fraction(0), set())
    return None


def _moved(
    figure: Quantity, one: Aligned, sources: Sequence[Source], published: date | None
) -> Derived | None:
    """A date that lies a cited length before or after another: twelve years after 1874."""
    if figure.date is None or figure.date.day or not figure.date.year:
        return None
    lengths = set(_moves(one.clause.text, one.clause.start, one.clause.figures))
    for source in sources:
        every = (*source.clause.figures, *source.clause.alternatives)
        lengths.update(_moves(source.reading.text, 0, every))
    if not lengths:
        return None
    bases = [
        (f.date, place, f)
        for place, source in enumerate(sources)
        for f in source.clause.figures
        if f.date is not None and f.date.year
    ][:MOST]
    if published is not None:
        bases.append((Calendar(published.year), 0, figure))
    for base, place, operand in bases:
        for length in lengths:
            for moved in (shifted(base, length), shifted(base, -length)):
                if moved is not None and _says(figure.date, moved):
                    return reached(Kind.DATE, "", Fraction(0), {place}, operand)
    return None


def _moves(text: str, start: int, figures: Sequence[Quantity]) -> Iterator[Fraction]:
    """The lengths, in months, by which a text moves a date: "twelve years later", "the previous year"."""
    for figure in figures:
        if figure.kind is Kind.DURATION and figure.unit == "month" and figure.upper is None:
            before, after = text[: figure.start - start], text[figure.end - start :]
            if _MOVED_BEFORE.search(before) or _MOVED_AFTER.match(after):
                yield figure.value
    if _STEP.search(text):
        yield Fraction(12)


def _says(said: Calendar, moved: Calendar) -> bool:
    if said.quarter or said.half or said.weekday is not None or said.year != moved.year:
        return False
    return said.month is None or said.month == moved.month
