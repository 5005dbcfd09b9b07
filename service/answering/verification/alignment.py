"""Which clauses of the quotes each clause of a claim goes back to."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.answering.verification.clause import Clause, Reading
from service.answering.verification.word import Word
from service.quantity import Calendar, Quantity


@dataclass(frozen=True, slots=True)
class Source:
    """A clause of quote number ``quote``; ``reading`` is that quote's."""

    quote: int
    reading: Reading
    clause: Clause

    @property
    def place(self) -> tuple[int, int]:
        """Equal for clauses of one sentence."""
        return self.quote, self.clause.sentence


@dataclass(frozen=True, slots=True)
class Aligned:
    """A clause of a claim with the sources of each of its words and figures, by their index.

    ``home`` is the source that holds most of it, and ``tied`` whether others hold as much.
    """

    clause: Clause
    words: tuple[tuple[Word, frozenset[int]], ...]
    figures: tuple[tuple[Quantity, frozenset[int]], ...]
    home: int

    @property
    def used(self) -> frozenset[int]:
        """The sources without which some word or figure would have none, home among them."""
        found = {self.home}
        for _, places in (*self.words, *self.figures):
            if places and not places & found:
                found.add(min(places, key=lambda place: abs(place - self.home)))
        return frozenset(found)

    @property
    def unknown(self) -> tuple[Word, ...]:
        """The words that no source has."""
        return tuple(word for word, places in self.words if not places)


def sources_of(readings: Sequence[Reading]) -> tuple[Source, ...]:
    """The clauses of all quotes, in order."""
    return tuple(
        Source(number, reading, clause)
        for number, reading in enumerate(readings)
        for clause in reading.clauses
    )


def align(claim: Reading, sources: Sequence[Source]) -> tuple[Aligned, ...]:
    """Each clause of the claim with where its words and figures stand. There is at least one source."""
    return tuple(_aligned(clause, sources) for clause in claim.clauses)


_COUNTED_ALIKE = (
    frozenset(str.split("곳 개사 개교 개 개국 기업 대학 지역 시군 시도 부처 학교 병원 컨소시엄 점")),
    frozenset(str.split("회 건")),
    frozenset(str.split("살 세")),
    frozenset(str.split("개 곳")),
    frozenset(str.split("개 장 권 점 기 대 량 과제 품목 가지")),
)
"""Counters that may stand for one another: "150개사" and "150곳"."""


def counts_otherwise(one: Quantity, other: Quantity) -> bool:
    """Whether two figures have counters of which no thing can have both."""
    if not one.counter or not other.counter or one.counter == other.counter:
        return False
    return not any({one.counter, other.counter} <= alike for alike in _COUNTED_ALIKE)


def same_figure(one: Quantity, other: Quantity) -> bool:
    """Whether a claim's figure is a quote's: equal, or a date that says less."""
    if one == other:
        return not counts_otherwise(one, other)
    if one.date is None or other.date is None:
        return False
    mine = {name: getattr(one.date, name) for name in _FIELDS}
    stated = {name: value for name, value in mine.items() if value}
    return bool(stated) and all(getattr(other.date, name) == value for name, value in stated.items())


_FIGURE, _SYNONYM = 1.5, 0.9
"""What a figure and a synonym weigh beside a word, in finding out where a clause comes from."""
_FIELDS = ("year", "month", "day", "quarter", "half", "weekday", "decade", "relative")


def besides(figure: Quantity, clause: Clause) -> list[Quantity]:
    """What else a figure of a claim may be."""
    return [
        o
        for o in clause.alternatives
        if o.start <= figure.start and (figure.end <= o.end or (figure.counter and figure.start < o.end))
    ]


def _has(clause: Clause, figures: Sequence[Quantity]) -> bool:
    told = (*clause.figures, *clause.alternatives)
    return any(
        same_figure(figure, other)
        for number, figure in enumerate(figures)
        for other in told
        # Two dates that are both no weekday as they stand may well fall on one.
        if not (number and _only_weekday(figure) and other in clause.alternatives)
    )


def _only_weekday(figure: Quantity) -> bool:
    return figure.date is not None and figure.date == Calendar(weekday=figure.date.weekday)


def _aligned(clause: Clause, sources: Sequence[Source]) -> Aligned:
    words = tuple(
        (
            word,
            frozenset(
                i for i, source in enumerate(sources) if any(word.like(o) for o in source.clause.words)
            ),
        )
        for word in clause.words
    )
    figures = tuple(
        (
            figure,
            frozenset(
                i
                for i, source in enumerate(sources)
                if _has(source.clause, [figure, *besides(figure, clause)])
            ),
        )
        for figure in clause.figures
    )
    weights = [0.0] * len(sources)
    for _, places in figures:
        for place in places:
            weights[place] += _FIGURE
    for word, places in words:
        for place in places:
            same = any(word.stem == other.stem for other in sources[place].clause.words)
            weights[place] += 1.0 if same else _SYNONYM
    return Aligned(clause, words, figures, max(range(len(sources)), key=lambda i: (weights[i], -i)))
