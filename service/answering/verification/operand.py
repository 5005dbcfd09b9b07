"""The cited figures with which a claim may have reckoned."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from service.answering.verification.alignment import Source
from service.answering.verification.counting import noun_after
from service.answering.verification.rounding import hedge_of
from service.numeral import numeral_at
from service.quantity import Bound, Kind, Quantity

_OPERANDS = frozenset({Kind.PERCENT, Kind.MULTIPLE, Kind.MONEY, Kind.POINT, Kind.DURATION})
"""What a figure may be besides what it is read as, and be reckoned with: "one in six", "40p"."""
_LEFT_OUT = frozenset({Kind.MONEY, Kind.MEASURE})
_CARRIED = frozenset({Kind.DURATION, Kind.POINT})
"""What the second of two figures leaves to the first: "from 11 months to 8"."""
_COMPARED = re.compile(r"\b(?:(?:up|down) from|against|compared with) $", re.IGNORECASE)
_CENTS = re.compile(r"\bcents?\b|\dp$", re.IGNORECASE)
_BY = re.compile(
    r"(?: [a-z]+)?\s*(?:(?P<more>above|longer|dearer|more|higher|up\b|많|늘|증가|인상|올)"
    r"|below|off\b|short|cheaper|fewer|less|lower|down|적|줄|감소|인하|내)",
    re.IGNORECASE,
)
_ALONE = re.compile(r"half|halves|twice|doubled?|절반|반값|두 배", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operand:
    """A cited figure with the number of its source and the root of the noun that it counts."""

    figure: Quantity
    place: int
    noun: str
    change: int
    """1 and -1 where it says by how much something is more or less, and not how much it is."""
    part: bool
    """It says how many of a whole that the quote names."""

    def counts_with(self, other: "Operand") -> bool:
        """Whether the two may be counted together: they are of one thing, or one leaves it to the other."""
        return not self.noun or not other.noun or self.noun == other.noun


def operands_of(sources: Sequence[Source]) -> Iterator[Operand]:
    """The cited figures, ranges by their ends, shares by what "one in six" says and not by its numbers."""
    for place, source in enumerate(sources):
        text = source.reading.text
        known: set[tuple[Kind, Fraction, str]] = set()
        shares = [o for o in source.clause.alternatives if o.kind is Kind.PERCENT and " in " in o.text]
        others = [
            o
            for o in source.clause.alternatives
            if o.kind in _OPERANDS and (re.search(r"[ \d-]", o.text) or _ALONE.fullmatch(o.text))
        ]
        told = [
            f
            for f in source.clause.figures
            if not any(s.start <= f.start and f.end <= s.end and s.text != f.text for s in shares)
        ]
        others = [o if hedge_of(o, text, o.start) is None else replace(o, bound=Bound.ABOUT) for o in others]
        for figure in (*told, *others):
            ends = _ends(figure)
            for each in (*ends, *(o for end in ends for o in _elided(end, source, sources))):
                key = (each.kind, each.value, each.unit)
                if figure.date is None and key not in known:
                    known.add(key)
                    part = text.startswith(" of ", figure.end)
                    yield Operand(each, place, noun_after(text, figure.end), _change(text, figure.end), part)


def _change(text: str, end: int) -> int:
    """Whether a figure that ends there is the size of a rise or of a fall."""
    match = _BY.match(text, end)
    return 0 if match is None else 1 if match["more"] else -1


def _ends(figure: Quantity) -> list[Quantity]:
    """A figure, or both ends of a range."""
    if figure.upper is None:
        return [figure]
    return [
        replace(figure, value=value, upper=None, bound=Bound.ABOUT) for value in (figure.value, figure.upper)
    ]


def _elided(figure: Quantity, source: Source, sources: Sequence[Source]) -> Iterator[Quantity]:
    """A bare number with the unit that it leaves to another of its sentence: "5.4 million euros and 1.2 million"."""
    text = source.reading.text
    if figure.kind is Kind.MONEY and _CENTS.search(figure.text):
        yield from (replace(figure, unit=o.unit) for o in source.clause.figures if o.kind is Kind.MONEY)
    if figure.kind is not Kind.NUMBER or figure.counter or figure.upper is not None:
        return
    bare = not noun_after(text, figure.end) or _change(text, figure.end) != 0
    bare = bare or text.startswith(" of ", figure.end)
    compared = _COMPARED.search(text[: figure.start]) is not None
    large = figure.value >= 1000 or "." in figure.text
    for near in sources:
        if near.place == source.place:
            for other in near.clause.figures:
                before = other.end < figure.start or text.startswith(" of ", figure.end)
                carried = bare and before and other.kind in _LEFT_OUT | _CARRIED
                carried = carried or (before and compared and other.kind is Kind.PERCENT)
                if other.upper is None and (carried or (large and other.kind in _LEFT_OUT)):
                    written = numeral_at(other.text, 0)
                    factor = other.value / written.value if written and written.value else Fraction(1)
                    yield replace(figure, kind=other.kind, unit=other.unit, value=figure.value * factor)
