"""Two runs of the same cases side by side: what got better, what worse, and whether that could be chance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np

from eval.benchmarks.intervals import difference
from eval.case import Case, written
from eval.errors import ExtraMissing, RunUnusable
from eval.metrics.catalogue import METRICS, Metric
from eval.score import Score
from eval.summary import resampled

LEVEL = 0.05
"""The chance, over all metrics together, of calling a drop significant where there is none."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric in two runs, over the cases that both have.

    ``change`` is after less before, with its 95% interval, by paired bootstrap. ``p`` is the share of
    the draws in which it is not worse: small for a drop. ``significant`` is true of a drop that is
    still significant at LEVEL with Holm's correction for the number of metrics (Holm 1979).
    """

    metric: Metric
    before: float
    after: float
    change: float
    low: float
    high: float
    p: float
    significant: bool = False

    @property
    def worse(self) -> bool:
        """Whether it is worse at all."""
        return self.metric.worse_by(self.change) > 0

    @property
    def surely_better(self) -> bool:
        """Whether the whole interval lies on the better side."""
        return max(self.metric.worse_by(self.low), self.metric.worse_by(self.high)) < 0


@dataclass(frozen=True, slots=True)
class McNemar:
    """Cases that only one of two runs passed, and the probability of so uneven a split by chance.

    McNemar 1947; the exact, two-sided binomial form.
    """

    better: int
    worse: int
    p: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """``pairs`` are the scores before and after of each case that both runs have alike."""

    pairs: tuple[tuple[Score, Score], ...]
    differences: tuple[Difference, ...]
    passed: McNemar
    left_out: int
    """Cases that only one run has, or that were altered in between."""
    vanished: tuple[str, ...]
    """Metrics that gate and have a value before, but none after."""

    @property
    def better(self) -> tuple[tuple[Score, Score], ...]:
        """Those that fail before and pass after."""
        return tuple((a, b) for a, b in self.pairs if b.verdict.passed and not a.verdict.passed)

    @property
    def worse(self) -> tuple[tuple[Score, Score], ...]:
        """Those that pass before and fail after."""
        return tuple((a, b) for a, b in self.pairs if a.verdict.passed and not b.verdict.passed)


def compare(before: Sequence[Score], after: Sequence[Score]) -> Comparison:
    """The runs held against each other. Raises RunUnusable where they share no case."""
    known = {s.case.id: s for s in before}
    pairs = tuple(
        (known[s.case.id], s) for s in after if s.case.id in known and _same(known[s.case.id].case, s.case)
    )
    if not pairs:
        raise RunUnusable("the runs have no case in common")
    gating = [pair for pair in pairs if pair[0].case.gates]
    return Comparison(
        pairs,
        tuple(_with_significance(list(_differences(gating)))),
        mcnemar([a.verdict.passed for a, _ in gating], [b.verdict.passed for _, b in gating]),
        len(before) + len(after) - 2 * len(pairs),
        tuple(m.name for m in METRICS if m.gates and _vanished(m, gating)),
    )


def mcnemar(before: Sequence[bool], after: Sequence[bool]) -> McNemar:
    """McNemar's exact test of two runs' passes; p is 1 where no case differs."""
    better = sum(b and not a for a, b in zip(before, after, strict=True))
    worse = sum(a and not b for a, b in zip(before, after, strict=True))
    if better + worse == 0:
        return McNemar(0, 0, 1.0)
    try:
        from scipy.stats import binomtest
    except ImportError as error:
        raise ExtraMissing("scipy") from error
    return McNemar(better, worse, float(binomtest(worse, better + worse).pvalue))


def _vanished(metric: Metric, pairs: Sequence[tuple[Score, Score]]) -> bool:
    has, has_still = (metric.value([pair[i] for pair in pairs]) is not None for i in (0, 1))
    return has and not has_still


def _same(one: Case, other: Case) -> bool:
    return one is other or written(one) == written(other)


def _differences(pairs: Sequence[tuple[Score, Score]]) -> Iterator[Difference]:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    for metric in METRICS:
        before, after = resampled(metric, first), resampled(metric, second)
        if before is None or after is None:
            continue
        change = difference(after, before)
        drops = np.array([metric.worse_by(value) for value in change.resampled if not isnan(value)])
        p = (1 + int((drops <= 0).sum())) / (1 + len(drops))
        yield Difference(metric, before.value, after.value, change.value, change.low, change.high, p)


def _with_significance(differences: Sequence[Difference]) -> Iterator[Difference]:
    drops = _significant({d.metric.name: d.p for d in differences if d.metric.gates})
    for d in differences:
        yield Difference(
            d.metric, d.before, d.after, d.change, d.low, d.high, d.p, d.worse and d.metric.name in drops
        )


def _significant(p: Mapping[str, float]) -> set[str]:
    """Holm's step-down procedure: which hypotheses are rejected at LEVEL."""
    rejected: set[str] = set()
    for rank, name in enumerate(sorted(p, key=lambda name: p[name])):
        if p[name] > LEVEL / (len(p) - rank):
            break
        rejected.add(name)
    return rejected
