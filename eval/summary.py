"""What a run comes to: every metric with its interval, by tag, and how many cases had which outcome."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from eval.benchmarks.intervals import TAIL, Estimate, draws
from eval.case import CROSS_LANGUAGE
from eval.judge import Agreement, agreement
from eval.metrics.alce import Support
from eval.metrics.catalogue import METRICS, Floats, Metric, share, total
from eval.run import Run
from eval.score import Score, score
from eval.support import supported_by_words
from eval.verdict import Outcome

BY_TAG = ("pass_rate", "answer_accuracy", "refusal_recall", "citation_exactness", "faithfulness")
"""The metrics of the table by tag."""


@dataclass(frozen=True, slots=True)
class Value:
    """A metric over some cases. ``low`` and ``high`` end its 95% interval, over ``count`` cases.

    The interval is the bootstrap's; for a share of all or none, Clopper and Pearson's.
    """

    metric: Metric
    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """The cases of one tag. ``values`` by metric; a metric that does not bear on them is absent."""

    tag: str
    count: int
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures over the cases that gate; ``apart`` counts the others, which are in the groups alone."""

    values: tuple[Value, ...]
    groups: tuple[Group, ...]
    outcomes: Mapping[Outcome, int]
    apart: int
    agreement: Agreement | None
    judge_failures: int

    def value(self, name: str) -> Value | None:
        return next((v for v in self.values if v.metric.name == name), None)


def scored(run: Run, supports: Support = supported_by_words) -> list[Score]:
    """The score of every case of a run, in order."""
    referenced = any(case.expect.answers for case in run.cases)
    return [
        score(
            case,
            entry.result,
            supports,
            entry.judgement.score if entry.judgement else None,
            referenced=referenced,
        )
        for case, entry in zip(run.cases, run.entries, strict=True)
    ]


def summarise(run: Run, scores: Sequence[Score]) -> Summary:
    """The figures of a run whose cases were scored."""
    gating = [s for s in scores if s.case.gates]
    judgements = [entry.judgement for entry in run.entries if entry.judgement is not None]
    return Summary(
        values=tuple(v for metric in METRICS if (v := _value(metric, gating)) is not None),
        groups=_groups(scores),
        outcomes=Counter(s.verdict.outcome for s in gating),
        apart=len(scores) - len(gating),
        agreement=agreement(judgements),
        judge_failures=sum(j.error is not None for j in judgements),
    )


def resampled(metric: Metric, scores: Sequence[Score]) -> Estimate | None:
    """The metric over some cases and over each bootstrap draw of them; None where none bears on it."""
    first, second = metric.parts(scores)
    value = metric.of(first, second)
    if value is None:
        return None
    if metric.over in {share, total}:
        # What adds up is added up for all draws at once: a hundred times as fast.
        times = _times_drawn(len(scores))
        above, below = times @ np.nan_to_num(first), times @ np.nan_to_num(second)
        drawn = above if metric.over is total else _ratio(above, below)
    else:
        found = (metric.of(first[indices], second[indices]) for (indices,) in draws([len(scores)]))
        drawn = np.array([np.nan if one is None else one for one in found])
    return Estimate(value, drawn, (len(scores),))


def _ratio(above: Floats, below: Floats) -> Floats:
    """Not a number where there is nothing below the line."""
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


@lru_cache(maxsize=4)
def _times_drawn(count: int) -> Floats:
    """How often each draw has each of so many cases [draws, cases]."""
    return np.stack([np.bincount(indices, minlength=count) for (indices,) in draws([count])]).astype(
        np.float64
    )


def _value(metric: Metric, scores: Sequence[Score]) -> Value | None:
    found = resampled(metric, scores)
    if found is None:
        return None
    count = metric.count(scores)
    low, high = found.low, found.high
    if metric.over is share and found.value in {0.0, 1.0}:
        # Draws from hits alone are all alike; that is no certainty. Clopper and Pearson 1934.
        beyond = 1 - (TAIL / 100) ** (1 / count)
        low, high = (1 - beyond, 1.0) if found.value else (0.0, beyond)
    return Value(metric, found.value, low, high, count)


def _groups(scores: Sequence[Score]) -> tuple[Group, ...]:
    by_tag: dict[str, list[Score]] = {}
    for each in scores:
        # A question in another language counts in its own row alone, as it counts in no headline.
        for tag in dict.fromkeys(each.case.tags if each.case.gates else (CROSS_LANGUAGE,)):
            by_tag.setdefault(tag, []).append(each)
    shown = [metric for metric in METRICS if metric.name in BY_TAG]
    return tuple(
        Group(tag, len(members), {m.name: v for m in shown if (v := m.value(members)) is not None})
        for tag, members in sorted(by_tag.items(), key=lambda item: (-len(item[1]), item[0]))
    )
