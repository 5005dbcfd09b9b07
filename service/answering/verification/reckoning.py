"""Figures that a claim words anew: rounded, counted or reckoned from those that it cites.

``rounding`` says which values a figure stands for; here stands what the cited figures come to. Unlike
``derivation``, no word of the claim has to say that something was reckoned; that makes a chance agreement
likelier, so it counts as a sign against the claim.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations

from service.answering.verification.alignment import Aligned, Source, counts_otherwise
from service.answering.verification.arithmetic import MONTH, PHYSICAL, Ways, pairs, renamed
from service.answering.verification.counting import SMALL, is_one, listed, ranks_nothing
from service.answering.verification.dating import date_of
from service.answering.verification.derivation import Derived, reached
from service.answering.verification.operand import Operand, operands_of
from service.answering.verification.period import between
from service.answering.verification.rounding import hedge_of, stands_for
from service.quantity import Bound, Calendar, Kind, Quantity

MOST = 16
"""Cited figures at the most: what two of them come to grows with the square of their number."""
_CHANGE = re.compile(
    r"\b(?:by|differ\w*|gap|margin|more|less|fewer|extra|additional|(?:long|short|high|low|larg|small|fast|slow|quick|old|young|cheap|dear|great|bigg|new)er|sooner|earlier|later|sav\w*|lost|lose|gain\w*|added|rise|fall"
    r"|remain\w*|the rest|others?|left|not|no|none|fail\w*|without|lack\w*|still|yet|against|un\w+|below|above|under|over|short|majority|drop\w*|up|down)\b"
    r"|나머지|그 외|차이|증가|감소|늘|줄|오르|올라|오른|내리|내려|인상|인하|단축|연장|많|적|확대|축소|높|낮|짧|길|않|없|못|더|덜|남",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"\b(?:together|total\w*|combined|altogether|sum|jointly|all|overall|both|between them|stretch)\b|합계|모두|총|합쳐|합하|합친|더하|다 합",
    re.IGNORECASE,
)
_OF = re.compile(r"\b(?:of|among) (?:the |its |their )?$")
_PART_OF = re.compile(
    r" of (?:the|its|their|all|these|those) (?:\d|[a-z]+\b)|(?: ?[가-힣]{1,2})? ?(?:중|가운데)"
)
_APART = re.compile(
    r"\b(?:all but|except|apart from|other than|excluding|instead of|rather than|of which|of them|remain\w*|the rest|balance|from .{1,30} to)\b"
    r"|제외|빼고|나머지|에서 .{1,20}로",
    re.IGNORECASE,
)
"""Words of a quote by which one figure is told from another."""
_ADDED = re.compile(
    r"\b(?:further|additional|extra|plus|remaining|extended|in addition|another)\b|추가|더해|연장",
    re.IGNORECASE,
)
"""Words of a quote by which one figure comes on top of another."""
_RATE = re.compile(
    r"\b(?:each|per|apiece|every|a (?:day|week|month|year)|monthly|yearly|annual\w*)\b|매달|매년|월 |연간|당 ",
    re.IGNORECASE,
)
_AVERAGE = re.compile(r"\b(?:average|mean|each|per|apiece|every)\b|평균|당 |꼴", re.IGNORECASE)
_FROM_TODAY = re.compile(
    r"\b(?:ago|old|ages?|since|back|past|last|until|within|away|time|to go|for|into|before)\b|전|만에|째|뒤|후|앞",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|apiece|both|per)\b|각각|각", re.IGNORECASE)


def reckon(
    figure: Quantity, one: Aligned, sources: Sequence[Source], published: date | None
) -> Derived | None:
    """How a claim's figure may have been made of cited ones; None where it cannot have been."""
    if figure.date is not None:
        return date_of(figure, one, sources, published)
    if is_one(figure, one, sources) or ranks_nothing(figure, one, sources) or _literal(figure, sources):
        return reached(figure.kind, figure.unit, figure.value, set())
    if _century(figure, one, sources):
        return reached(figure.kind, figure.unit, figure.value, {one.home})
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
            return replace(found, value=figure.value)
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
    told = " ".join(source.clause.text for source in sources)
    ways = Ways(
        sums=any((_SUM.search(said), _OF.search(before), _ADDED.search(told))),
        differences=any((_CHANGE.search(said), _PART_OF.match(after), _APART.search(told))),
        wholes=hedged,
        parts=hedged and _CHANGE.search(said) is not None,
        averages=_AVERAGE.search(said) is not None,
        rates=_RATE.search(told) is not None,
    )
    for operand in operands:
        yield reached(
            operand.figure.kind, operand.figure.unit, operand.figure.value, {operand.place}, operand.figure
        )
        for kind, unit, value in renamed(operand, said, share=after.startswith((" of", "%"))):
            yield reached(kind, unit, value, {operand.place}, operand.figure)
    for left, right in combinations(operands, 2):
        # The ends of one range are no two things that could be put together.
        if left.figure.start == right.figure.start and left.place == right.place:
            continue
        for kind, unit, value in pairs(left, right, ways):
            if value > 0:
                yield reached(kind, unit, value, {left.place, right.place}, left.figure, right.figure)
    if ways.differences:
        yield from _remainders(operands)
    yield from _lists(figure, operands if ways.sums else (), sources)
    if figure.kind is Kind.DURATION:
        yield from _spans(sources, published if _FROM_TODAY.search(said) else None)


def _remainders(operands: Sequence[Operand]) -> Iterator[Derived]:
    """What two parts of a whole or more leave over."""
    groups: dict[tuple[Kind, str], list[Operand]] = {}
    for operand in operands:
        groups.setdefault((operand.figure.kind, operand.figure.unit), []).append(operand)
    for (kind, unit), group in groups.items():
        if 3 - (kind is Kind.PERCENT) <= len(group) <= 6 and kind in PHYSICAL | {Kind.PERCENT}:
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
                if operand.place == place and operand.figure.kind in PHYSICAL:
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
