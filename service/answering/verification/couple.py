"""Two figures that a text puts in a relation: from one to the other, the one instead of the other, part of whole."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.answering.verification.alignment import Aligned, Source, same_figure
from service.quantity import Kind, Quantity


class Relation(StrEnum):
    """How two figures belong together."""

    SPAN = "span"
    """From the first to the second: a change, a range, a period."""
    PART = "part"
    """The first of the second."""


@dataclass(frozen=True, slots=True)
class Couple:
    """Two figures in a relation, whichever stands first in the text."""

    relation: Relation
    first: Quantity
    second: Quantity

    def same(self, other: "Couple") -> bool:
        return (
            self.relation is other.relation
            and same_figure(self.first, other.first)
            and same_figure(self.second, other.second)
        )

    def reversed(self, other: "Couple") -> bool:
        return (
            self.relation is other.relation
            and same_figure(self.first, other.second)
            and same_figure(self.second, other.first)
        )


_FROM = re.compile(r"\b(?:from|between|since)(?: \w+){0,2} ?$", re.IGNORECASE)
_TO = re.compile(
    r"(?: \w+){0,2}? (?:to|and|until|till|through|into)(?: (?:the|about|nearly|around|just))* ?",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"[^,;.]{0,30},? ?(?:up |down |and )?(?:from|compared with|compared to|against|instead of|rather than|and not|not|after|than)"
    r"(?: (?:the|every|a|an|about|nearly|only|previously|earlier|in|at|just|around|some))* ?",
    re.IGNORECASE,
)
_FROM_KOREAN = re.compile(
    r"[^,;.\d]{0,6}?(?:에서|부터|이던 [^,]{0,12}|였던 [^,]{0,12}|걸리던 [^,]{0,12})[^,;\d]{0,16}"
)
_INSTEAD_KOREAN = re.compile(r"[^,;.\d]{0,8}(?:대신|아니라|아닌) ?[^,;\d]{0,8}")
_PART = re.compile(r"[^,;.\d]{0,12} (?:out )?of (?:the |its |their |all )?(?:[\w']+'s? )?")
_WHOLE = re.compile(
    r"[^.;]{0,60}(?:, |; )(?:of (?:whom|which|these|them)|including|among them) (?:about |only |some )?$"
)
_OF_THEM = re.compile(r" (?:\w+ )?of (?:them|these|those|whom|which)\b")
_WHOLE_KOREAN = re.compile(
    r"[^;.]{0,20}(?:중에서|중|가운데)(?:에서)?(?:는|에)? [^,;\d]{0,14}|[^.;]{0,24}(?:이 중|이 가운데|그중|이중|그 가운데) ?[^\d]{0,8}"
)
_CHANGED = re.compile(r" ?(?:원 |명 |%)?(?:늘|줄|많|적|증가|감소|높|낮|오른|내린|인상|인하|더)")


def couples(text: str, figures: Sequence[Quantity], offset: int = 0) -> Iterator[Couple]:
    """The related figures among ``figures`` of a plain text, which begins at ``offset``."""
    korean = any("가" <= character <= "힣" for character in text)
    for number, one in enumerate(figures):
        for other in figures[number + 1 : number + 4]:
            if not _alike(one, other):
                continue
            before, between = text[: one.start - offset], text[one.end - offset : other.start - offset]
            after = text[other.end - offset :]
            found = (
                _korean(one, other, between, after)
                if korean
                else _english(one, other, before, between, after)
            )
            if found is not None:
                yield found
                break


def _alike(one: Quantity, other: Quantity) -> bool:
    if (one.date is None) != (other.date is None):
        return False
    return one.date is not None or (one.kind is other.kind and one.unit == other.unit)


def _english(one: Quantity, other: Quantity, before: str, between: str, after: str) -> Couple | None:
    if _FROM.search(before) and _TO.fullmatch(between):
        return Couple(Relation.SPAN, one, other)
    if _BACK.fullmatch(between) and not re.match(
        r" (?:more|less|fewer|higher|lower|longer|shorter)", between
    ):
        return Couple(Relation.SPAN, other, one)
    if one.kind is Kind.NUMBER:
        if _PART.fullmatch(between):
            return Couple(Relation.PART, one, other)
        if _WHOLE.fullmatch(between) or (_OF_THEM.match(after) and re.search(r"[,;:]", between)):
            return Couple(Relation.PART, other, one)
    return None


def _korean(one: Quantity, other: Quantity, between: str, after: str) -> Couple | None:
    if _FROM_KOREAN.fullmatch(between) and not _CHANGED.match(after):
        return Couple(Relation.SPAN, one, other)
    if _INSTEAD_KOREAN.fullmatch(between):
        return Couple(Relation.SPAN, one, other)
    if one.kind is Kind.NUMBER and _WHOLE_KOREAN.fullmatch(between):
        return Couple(Relation.PART, other, one)
    return None


@dataclass(frozen=True, slots=True)
class Coupling:
    """What the couples of a claim say: ``settled`` figures are as in the quotes, ``reversed`` is the first that is not."""

    settled: tuple[Quantity, ...]
    reversed: str = ""


def coupling(aligned: Sequence[Aligned], sources: Sequence[Source], claim: str) -> Coupling:
    """Hold the couples of a claim against those of its quotes."""
    figures = [figure for one in aligned for figure, _ in one.figures]
    readings = list({id(source.reading): source.reading for source in sources}.values())
    told = [couple for reading in readings for couple in couples(reading.text, reading.figures)]
    settled: list[Quantity] = []
    for couple in told:
        if couple.relation is Relation.PART and not any(same_figure(f, couple.second) for f in figures):
            settled += [f for f in figures if same_figure(f, couple.first)]
    for couple in couples(claim, figures):
        if any(couple.same(other) for other in told):
            settled += [couple.first, couple.second]
        elif any(couple.reversed(other) for other in told):
            return Coupling(tuple(settled), f"{couple.first.text} … {couple.second.text}")
    return Coupling(tuple(settled))
