"""Whether each figure and date of a claim stands in its quotes, or follows from two that do."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from service.answering.verification.alignment import Aligned, Source, besides, same_figure
from service.answering.verification.derivation import Derived, derive
from service.answering.verification.negation import negated
from service.answering.verification.period import contradicts
from service.answering.verification.reckoning import reckon
from service.answering.verification.season import foreign_season
from service.answering.verification.verdict import Fault
from service.quantity import Bound, Kind, Quantity

_FAULTS = {
    Kind.MONEY: Fault.FIGURE,
    Kind.DATE: Fault.DATE,
    Kind.TIME: Fault.DATE,
    Kind.DURATION: Fault.DURATION,
    Kind.ORDINAL: Fault.ORDINAL,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """``fault`` and ``detail`` of the first figure that nothing bears out; what was derived otherwise."""

    fault: Fault | None
    detail: str = ""
    derived: tuple[Derived, ...] = ()
    firmer: tuple[tuple[str, str], ...] = ()
    """Figures that are stated more firmly than in the quotes: how, and which."""
    unsaid: bool = False
    """Whether a figure was computed, and the claim does not say so."""
    reckoned: tuple[Derived, ...] = ()
    """Figures that agree with what the cited ones may come to, and no more is known."""

    @property
    def computed(self) -> bool:
        """Whether some figure is not as it stands in the quotes, in whichever writing."""
        return bool(self.derived) or any(one.computed for one in self.reckoned)


def check_figures(aligned: Sequence[Aligned], sources: Sequence[Source], published: date | None) -> Figures:
    """Look each figure of a claim up in its sources."""
    known = [figure for source in sources for figure in source.clause.figures]
    derived: list[Derived] = []
    reckoned: list[Derived] = []
    firmer: list[tuple[str, str]] = []
    unsaid = False
    if season := _season(aligned, sources, published):
        return Figures(Fault.DATE, season)
    for one in aligned:
        if size := _unread(one, sources):
            return Figures(Fault.FIGURE, size)
        for figure, places in one.figures:
            if _other_part(figure, known):
                return Figures(Fault.DATE, figure.text)
            if places or _ends_of_range(figure, one, known) or _rounded(figure, known):
                stated = [other for other in known if same_figure(figure, other)]
                if (
                    stated
                    and not any(_as_firm(figure, other) for other in stated)
                    and not _lasts(figure, one, sources)
                    and not _limits(figure, one, sources)
                ):
                    firmer.append((_how(figure, stated[0]), figure.text))
                continue
            if _elided(figure, one, sources) or _rate(figure, one, sources):
                continue
            ways = (figure, *besides(figure, one.clause))
            found = _first(derive(way, one, sources) for way in ways)
            if found is None and _telling(figure):
                found = derive(figure, one, sources, said=False)
                unsaid = unsaid or found is not None
            if found is not None:
                derived.append(found)
            elif not _counts_operands(figure, one, sources, derived):
                found = _first(reckon(way, one, sources, published) for way in ways)
                if found is None:
                    return Figures(_fault(figure, known), figure.text)
                reckoned.append(found)
    return Figures(None, "", tuple(derived), tuple(firmer), unsaid, tuple(reckoned))


def _first(found: Iterable[Derived | None]) -> Derived | None:
    return next((each for each in found if each is not None), None)


def _season(aligned: Sequence[Aligned], sources: Sequence[Source], published: date | None) -> str:
    """A season of the claim in which nothing of the quotes lies."""
    text = " ".join(one.clause.text for one in aligned)
    dates = [f for s in sources for f in (*s.clause.figures, *s.clause.alternatives)]
    return foreign_season(text, [s.reading.text for s in sources], dates, published)


def _other_part(figure: Quantity, known: Sequence[Quantity]) -> bool:
    """Whether every date that a figure may be names another part of its period: its start for its end."""
    same = [other for other in known if figure.part and same_figure(figure, other)]
    return bool(same) and all(contradicts(figure, other) for other in same)


_SIZE = re.compile(r"\b(?:hundred|thousand|million|billion|trillion)s?\b", re.IGNORECASE)


def _unread(one: Aligned, sources: Sequence[Source]) -> str:
    """A size that belongs to no figure and that no quote has: "million crowns"."""
    for match in _SIZE.finditer(one.clause.text):
        place = match.start() + one.clause.start
        inside = any(f.start <= place < f.end for f in (*one.clause.figures, *one.clause.alternatives))
        if not inside and not any(match.group().lower() in s.reading.text.lower() for s in sources):
            return match.group()
    return ""


def _elided(figure: Quantity, one: Aligned, sources: Sequence[Source]) -> bool:
    """Whether a bare number of one side has the unit of its neighbour: "36 hours, from 38"."""
    for source in sources:
        for told in source.clause.figures:
            bare, full = (figure, told) if figure.kind is Kind.NUMBER else (told, figure)
            if bare.kind is not Kind.NUMBER or bare.counter or not full.unit or full.upper is not None:
                continue
            literal = re.match(r"[\d.,]*\d|[A-Za-z]+", full.text)
            if literal is None or literal.group().lower() != bare.text.lower():
                continue
            beside = (
                [other for other, _ in one.figures]
                if bare is figure
                else [o for near in sources if near.place == source.place for o in near.clause.figures]
            )
            written = full.text[literal.end() :].strip()
            if any(other.unit == full.unit and other.text.endswith(written) for other in beside):
                return True
    return False


_RATES = (
    (re.compile(r"한 달|1개월|a month|one month|per month"), re.compile(r"월|매달|month")),
    (re.compile(r"한 주|1주|일주일|a week|one week"), re.compile(r"주간|매주|주당|주 [\d한두세네]|week")),
    (re.compile(r"1년|한 해|a year|one year"), re.compile(r"연간?|매년|해마다|year|annual")),
    (re.compile(r"하루|1일|a day|one day"), re.compile(r"하루|일일|매일|일 |dai|day")),
)


def _rate(figure: Quantity, one: Aligned, sources: Sequence[Source]) -> bool:
    """Whether a length of one says per what: "5,000 in a month" for "월 5,000"."""
    told = " ".join(source.clause.text for source in sources)
    if (per := re.match(r"(?:한|1) ?(?P<unit>[가-힣a-zA-Z]+)$", figure.text)) and f"{per['unit']}당" in told:
        return True
    if figure.kind is not Kind.DURATION:
        return False
    after = one.clause.text[figure.end - one.clause.start :]
    if not re.match(r"에(?!서)| (?!사이|만에|동안|내|안|뒤|후|전|이|간|넘|더|about|later|ago|after)", after):
        return False
    return any(said.fullmatch(figure.text) and per.search(told) for said, per in _RATES)


def _ends_of_range(figure: Quantity, one: Aligned, known: Sequence[Quantity]) -> bool:
    """ "3 to 4 billion" where the quote has 3 and 4 apart, or both ends of a range taken apart."""
    if figure.upper is not None:
        ends = (replace(figure, upper=None), replace(figure, value=figure.upper, upper=None))
        return all(any(end == other for other in known) for end in ends)
    others = [other for other, _ in one.figures]
    for other in known:
        if other.upper is None or (other.kind, other.unit) != (figure.kind, figure.unit):
            continue
        both = {other.value, other.upper}
        if figure.value in both and both <= {f.value for f in others if f.kind is figure.kind}:
            return True
    return False


def _rounded(figure: Quantity, known: Sequence[Quantity]) -> bool:
    """ "About 1.3 million" for 1,284,000: within a twentieth, and said to be rounded."""
    if figure.bound is not Bound.ABOUT or figure.date is not None:
        return False
    return any(
        (other.kind, other.unit, other.upper) == (figure.kind, figure.unit, None)
        and abs(other.value - figure.value) * 20 <= abs(other.value)
        and other.value != figure.value
        and _rounder(figure.value, other.value)
        for other in known
    )


def _rounder(value: Fraction, exact: Fraction) -> bool:
    return len(str(value.numerator).rstrip("0")) < len(str(exact.numerator).rstrip("0"))


def _as_firm(figure: Quantity, other: Quantity) -> bool:
    """Whether a figure is stated no more firmly than in the quote."""
    if figure.part and figure.part != other.part and not _in_part(figure, other):
        return False
    if figure.bound is other.bound:
        return True
    if figure.date is not None:
        return _date_as_firm(figure.bound, other.bound)
    return other.bound is Bound.EXACT and figure.bound is Bound.ABOUT


def _telling(figure: Quantity) -> bool:
    """Whether a figure is unlikely to follow from two others by chance."""
    if figure.date is not None or figure.kind in {Kind.ORDINAL, Kind.TIME, Kind.DURATION}:
        return False
    if figure.kind in {Kind.PERCENT, Kind.POINT}:
        return figure.value >= 5
    return figure.value >= 20


def _how(figure: Quantity, other: Quantity) -> str:
    if figure.bound is other.bound:
        return "bound part"
    date = " date" if figure.date is not None else ""
    return f"bound{date}: {other.bound.value}, {figure.bound.value}"


def _lasts(figure: Quantity, one: Aligned, sources: Sequence[Source]) -> bool:
    """ "Over two winters" and "within 60 days" bound nothing where the quote gives the length itself."""
    start = figure.start - one.clause.start
    before = one.clause.text[max(start - 8, 0) : start]
    if re.search(r"\bwithin (?:the )?$", before) and figure.kind is Kind.DURATION:
        return any(
            same_figure(figure, f) and f.bound is Bound.EXACT for s in sources for f in s.clause.figures
        )
    if not re.search(r"\b[Oo]ver (?:the )?$", before):
        return False
    return any(
        re.search(
            r"\b(?:for|over|during|in|throughout|across) (?:the )?$", source.reading.text[: other.start]
        )
        for source in sources
        for other in source.clause.figures
        if same_figure(figure, other)
    )


def _date_as_firm(said: Bound, told: Bound) -> bool:
    """ "By 2031" is not "in 2031"; "from May" is "in May" where something begins."""
    if {said, told} == {Bound.AT_LEAST, Bound.AT_MOST}:
        return False
    return said is Bound.AT_LEAST or told is Bound.AT_LEAST or told is Bound.EXACT


def _in_part(figure: Quantity, other: Quantity) -> bool:
    """Whether a day of the quote lies in the part of the year that the claim names: 31 December is its end."""
    if figure.date is None or other.date is None or not other.date.month:
        return False
    if figure.date.month:
        return other.date.day in _DAYS.get(figure.part, ())
    return other.date.month in _PARTS.get(figure.part, ())


_PARTS = {"early": range(1, 5), "mid": range(5, 9), "late": range(10, 13), "end": range(11, 13)}
"""The months of each part of a year."""
_DAYS = {"early": range(1, 11), "mid": range(10, 21), "late": range(20, 32), "end": range(25, 32)}
"""The days of each part of a month."""


_LIMIT_AFTER = re.compile(r" ?(?:까지|안에|내에|이내|아래|미만|이하|중(?= )|을 넘지|를 넘지)")


_LIMITED = re.compile(
    r"\b(?:capacity|ceiling|caps?|capped|limit(?:ed|s)?|maximum|minimum|at most|at least|deadline|closing date|threshold|room for|latest|earliest|last day)\b"
    r"|마감|기한|한도|상한|하한|정원|최대|최소|수용",
    re.IGNORECASE,
)
_EXCLUDES = re.compile(
    r"\b(?:only|exempt\w*|exclud\w*|off limits|closed|banned?|barred|except)\b|만(?= )|제외|금지|면제",
    re.IGNORECASE,
)
_OPPOSITE = {Bound.AT_LEAST, Bound.AT_MOST}


def _limits(figure: Quantity, one: Aligned, sources: Sequence[Source]) -> bool:
    """Whether one side bounds the figure in words that the reading of figures does not know, or from the other side."""
    text = one.clause.text
    end = figure.end - one.clause.start
    before = text[max(figure.start - one.clause.start - 40, 0) : figure.start - one.clause.start]
    if _LIMIT_AFTER.match(text, end) is not None or (
        figure.date is not None and re.search(r"\bfrom\b[^,;]*\b(?:to|and) $", before) is not None
    ):
        return True
    for source in sources:
        for other in source.clause.figures:
            if not same_figure(figure, other):
                continue
            told = source.clause.text
            if Bound.EXACT in {figure.bound, other.bound} and (
                _LIMITED.search(text) if figure.bound is Bound.EXACT else _LIMITED.search(told)
            ):
                return True
            if {figure.bound, other.bound} == _OPPOSITE and _reversed(text) != _reversed(told):
                return True
    return False


def _reversed(text: str) -> bool:
    """Whether a clause says of whom something does not hold."""
    return negated(text) != (_EXCLUDES.search(text) is not None)


def _counts_operands(
    figure: Quantity, one: Aligned, sources: Sequence[Source], derived: Sequence[Derived]
) -> bool:
    """ "Over the two years" where a figure of the clause was computed from two."""
    if figure.kind not in {Kind.NUMBER, Kind.DURATION} or figure.value > 12 * 9:
        return False
    count = figure.value / 12 if figure.kind is Kind.DURATION else figure.value
    found = [
        derive(other, one, sources) for other, places in one.figures if not places and other is not figure
    ]
    return any(d is not None and len(d.operands) == count for d in [*found, *derived])


def _fault(figure: Quantity, known: Sequence[Quantity]) -> Fault:
    """What of a figure is wrong: its unit where the number is right, the number otherwise."""
    for other in known:
        if other.value != figure.value or other.date is not None or figure.date is not None:
            continue
        kinds = {figure.kind, other.kind}
        if kinds == {Kind.PERCENT, Kind.POINT}:
            return Fault.PERCENT_POINT
        if kinds == {Kind.MONEY}:
            return Fault.CURRENCY
        if figure.upper != other.upper:
            return Fault.RANGE
        return Fault.UNIT
    return _FAULTS.get(figure.kind, Fault.RANGE if figure.upper is not None else Fault.FIGURE)
