"""Which of a quote's figures a claim's figure is, by what stands around both.

Where the quotes have several figures that could stand in its place ("£410 million … £150 million"), the
words that the claim puts with its figure must stand nearer to that figure than to its rivals.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from service.answering.verification.alignment import Aligned, Source, counts_otherwise, same_figure
from service.answering.verification.matching import Match, Matching
from service.answering.verification.role import Role, role
from service.quantity import Kind, Quantity

FEATURES = (
    "segment", "clause", "near", "joined", "before", "after", "beside left", "beside right", "left", "right",
    "dated before", "dated after", "label before", "label after", "total", "role", "opens", "bound", "sentence",
)  # fmt: skip
"""Each counts once for all languages and once more for Korean, whose dates and labels stand before figures."""

_MARK = re.compile(
    r"[,;:()]| (?:and|but|while|or) |(?<=[가-힣])(?:며|고|지만|으나|는데)[ ,]|(?<=[가-힣])(?:와|과) "
)


_LABEL = re.compile(r" (?:for|by|in|from|of|on|to|at|among|per)\b|[가-힣]{0,3}[은는이가를을의] ")
_TOTAL = re.compile(
    r"(?:모두|총|등|합쳐|합해|\btotal(?:ling)?(?: of)?|\bin all,?|\baltogether) ?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A figure of a claim, the figures of the quotes that it may be [C, F], and which of them it says it is [C]."""

    figure: Quantity
    features: npt.NDArray[np.float32]
    stated: npt.NDArray[np.bool_]

    def share(self, weights: npt.NDArray[np.float32]) -> float:
        """How much of the likelihood falls to the figure that is stated, 0 to 1."""
        scores = self.features @ weights
        likely = np.exp(scores - scores.max())
        return float(likely[self.stated].sum() / likely.sum())


@dataclass(frozen=True, slots=True)
class _Candidate:
    source: Source
    figure: Quantity


def choices(
    aligned: Sequence[Aligned],
    sources: Sequence[Source],
    matching: Matching,
    settled: Sequence[Quantity] = (),
) -> list[Choice]:
    """The figures of a claim that have a rival in the quotes, but for those that are ``settled``."""
    found = []
    everything = [(figure, places) for one in aligned for figure, places in one.figures]
    for one in aligned:
        for figure, places in one.figures:
            candidates = [
                _Candidate(source, other)
                for source in sources
                for other in source.clause.figures
                if _comparable(figure, other)
            ]
            stated = np.array([same_figure(figure, c.figure) for c in candidates], bool)
            if any(figure is known for known in settled) or not places or not stated.any() or stated.all():
                continue
            context = _context(figure, one, aligned, matching, [f for f, _ in everything])
            rows = [_row(figure, one, candidate, candidates, context) for candidate in candidates]
            found.append(Choice(figure, np.array(rows, np.float32), stated))
    return found


def _comparable(one: Quantity, other: Quantity) -> bool:
    if (one.date is None) != (other.date is None):
        return False
    if one.date is not None and other.date is not None:
        return any(
            getattr(one.date, name) and getattr(other.date, name)
            for name in ("year", "month", "day", "quarter", "half", "weekday")
        )
    return one.kind is other.kind and one.unit == other.unit and not counts_otherwise(one, other)


@dataclass(frozen=True, slots=True)
class _Near:
    """Something beside a figure of the claim: its weight, where it stands in the quotes, and on which side."""

    weight: float
    matches: tuple[Match, ...]
    dated: bool = False
    side: int = 0
    """-1 and 1 for the nearest word on either side of the figure; 0 for others."""


def _context(
    figure: Quantity,
    own: Aligned,
    aligned: Sequence[Aligned],
    matching: Matching,
    figures: Sequence[Quantity],
) -> list[_Near]:
    rivals = [f for f in figures if f is not figure and _comparable(figure, f)]
    found = []
    left = max((w.start for w, _ in own.words if w.end <= figure.start), default=-1)
    right = min((w.start for w, _ in own.words if w.start >= figure.end), default=-1)
    for one in aligned:
        share = 1.0 if one is own else 0.3
        for word, _ in one.words:
            matches = matching.of(word)
            if matches:
                side = (word.start == right) - (word.start == left)
                weight = share * 0.5 ** _between(word.start, figure.start, rivals)
                found.append(_Near(weight, matches, side=side))
        for other, _ in one.figures:
            if other is figure or _comparable(figure, other):
                continue
            matches = matching.of_figure(other)
            if matches:
                weight = 1.5 * share * 0.5 ** _between(other.start, figure.start, rivals)
                found.append(_Near(weight, matches, dated=other.date is not None))
    return found


def _between(one: int, other: int, figures: Sequence[Quantity]) -> int:
    low, high = sorted((one, other))
    return sum(low < figure.start < high for figure in figures)


def _row(
    figure: Quantity,
    own: Aligned,
    candidate: _Candidate,
    candidates: Sequence[_Candidate],
    context: Sequence[_Near],
) -> list[float]:
    source, told = candidate.source, candidate.figure
    text, korean = source.reading.text, source.reading.language == "ko"
    others = [c.figure for c in candidates if c.source.quote == source.quote and c.figure is not told]
    total = sum(near.weight for near in context) or 1.0
    sums = dict.fromkeys(FEATURES, 0.0)
    for near in context:
        best = dict.fromkeys(FEATURES, 0.0)
        for match in near.matches:
            if match.quote != source.quote:
                continue
            between = _between(match.start, told.start, others)
            low, high = (match.end, told.start) if match.start < told.start else (told.end, match.start)
            marks = len(_MARK.findall(text[max(low - 1, 0) : high + 1])) if low < high else 0
            distance = max(high - low, 0)
            same_sentence = match.sentence == source.clause.sentence
            if not same_sentence:
                continue
            values = {
                "segment": float(between == 0),
                "clause": float(source.clause.start <= match.start < source.clause.end),
                "near": 2.0 ** (-distance / 20),
                "joined": float(between == 0 and marks == 0),
                "sentence": 1.0,
            }
            side = "after" if match.start > told.start else "before"
            values[side] = values["joined"]
            values["label before"] = float(
                side == "before" and marks == 0 and distance < 8 and not near.dated
            )
            values["label after"] = float(
                side == "after" and marks == 0 and _LABEL.match(text, told.end) is not None and distance < 24
            )
            if near.dated:
                values[f"dated {side}"] = values["joined"]
            if near.side:
                name = "left" if near.side < 0 else "right"
                values[name] = float(between == 0)
                values[f"beside {name}"] = float(distance < 14 and marks == 0)
            for name, value in values.items():
                best[name] = max(best[name], value * match.strength)
        for name, value in best.items():
            if name.startswith("label"):
                sums[name] = max(sums[name], value)
                continue
            beside = name in {"beside left", "beside right", "left", "right"}
            sums[name] += value if beside else near.weight * value / total
    offset = own.clause.start
    counts = figure.kind is Kind.NUMBER
    mine = role(own.clause.text, figure.start - offset, figure.end - offset, counts=counts)
    theirs = role(text, told.start, told.end, counts=counts)
    level = {Role.LEVEL, Role.TO}
    sums["role"] = 1.0 if mine is theirs or {mine, theirs} == level else (0.0 if mine in level else -0.5)
    begins = text.find(source.reading.sentences[source.clause.sentence])
    sums["total"] = float(_TOTAL.search(text[: told.start]) is not None)
    sums["opens"] = float(told.date is not None and told.start - begins < 12)
    sums["bound"] = float(figure.bound is told.bound)
    row = [sums[name] for name in FEATURES]
    return [*row, *(row if korean else [0.0] * len(row))]
