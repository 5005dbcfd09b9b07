"""Every metric that a run reports: what it means, which way is better, where it comes from.

Most are shares: a sum over cases above the line, another below it, each case weighted. The others
look at all replies together, unweighted. A metric that has nothing to measure is None, never a number,
and a gate on it fails.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from eval.metrics.calibration import area_under_risk_coverage, auroc, expected_calibration_error
from eval.metrics.latency import percentile

Floats = npt.NDArray[np.float64]
"""One number a case."""


class Weighty(Protocol):
    """What has a weight: a case."""

    @property
    def weight(self) -> float: ...


class Scored(Protocol):
    """What a metric needs to know of a score."""

    @property
    def case(self) -> Weighty: ...

    @property
    def parts(self) -> Mapping[str, tuple[float, float]]: ...


class Better(StrEnum):
    """Which way a metric gets better."""

    HIGHER = "higher"
    LOWER = "lower"


class Unit(StrEnum):
    """What a metric's value is in."""

    SHARE = "share"
    SECONDS = "s"
    COUNT = "count"
    MONEY = "cost"


def share(above: Floats, below: Floats) -> float | None:
    """What is above the line by what is below it; None where that is nothing."""
    total = float(below.sum())
    return float(above.sum()) / total if total else None


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric. ``over`` takes both parts of every case that has them, as two arrays.

    ``part`` names the part of a score that it is made of, by default its own name. ``gates`` says
    whether a significant drop in it fails ``--no-worse-than``.
    """

    name: str
    title: str
    about: str
    source: str
    better: Better = Better.HIGHER
    unit: Unit = Unit.SHARE
    over: Callable[[Floats, Floats], float | None] = share
    part: str = ""
    gates: bool = True

    def parts(self, scores: Sequence[Scored]) -> tuple[Floats, Floats]:
        """Both parts of every case, in order; not a number where a case does not bear on the metric.

        Those of a share are multiplied by the case's weight.
        """
        rows = np.full((2, len(scores)), np.nan)
        for i, scored in enumerate(scores):
            part = scored.parts.get(self.part or self.name)
            if part is not None:
                weight = scored.case.weight if self.over is share else 1.0
                rows[:, i] = weight * part[0], weight * part[1]
        return rows[0], rows[1]

    def of(self, first: Floats, second: Floats) -> float | None:
        """The metric over what ``parts`` gives, or over a selection of it."""
        bears = ~np.isnan(first)
        return self.over(first[bears], second[bears]) if bears.any() else None

    def value(self, scores: Sequence[Scored]) -> float | None:
        """The metric over some cases; None where none bears on it."""
        return self.of(*self.parts(scores))

    def count(self, scores: Sequence[Scored]) -> int:
        """How many cases bear on it."""
        return sum((self.part or self.name) in scored.parts for scored in scores)

    def worse_by(self, change: float) -> float:
        """How much worse a change makes it; negative where it gets better."""
        return -change if self.better is Better.HIGHER else change


def _percentile(at: float) -> Callable[[Floats, Floats], float | None]:
    return lambda seconds, _: percentile(seconds.tolist(), at)


def total(amounts: Floats, _: Floats) -> float | None:
    """All of it together."""
    return float(amounts.sum())


def _by(
    metric: Callable[[Any, Any], float | None],
) -> Callable[[Floats, Floats], float | None]:
    """A metric over confidences and whether each was right."""
    return lambda values, labels: metric(values, labels.astype(bool))


_ALCE = "Gao et al. 2023, ALCE"
_SQUAD = "Rajpurkar et al. 2018, SQuAD 2.0"
_LOW = Better.LOWER

METRICS: tuple[Metric, ...] = (
    Metric("pass_rate", "Passed", "cases that came back as expected in every respect", "the case"),
    Metric("answer_accuracy", "Right answers", "answerable questions whose answer holds the facts", "the case"),
    Metric("selective_accuracy", "Answers that are right", "of all answers given, those that are right", "El-Yaniv and Wiener 2010"),
    Metric("conditioned_score", "Conditioned on answerability", "1 for refusing what cannot be answered, 0 for the reverse, else the answer's score", "Katsis et al. 2025, MTRAG"),
    Metric("refusal_precision", "Refusal precision", "of the refusals, those that were due", "van Rijsbergen 1979"),
    Metric("refusal_recall", "Refusal recall", "of the unanswerable questions, those refused", "van Rijsbergen 1979"),
    Metric("refusal_f1", "Refusal F1", "the harmonic mean of the two", "van Rijsbergen 1979"),
    Metric("citation_exactness", "Exact quotes", "citations whose quote stands in its source at its offsets", "the wire contract"),
    Metric("citation_recall", "Citation recall", "sentences that their quotes support", _ALCE),
    Metric("citation_precision", "Citation precision", "citations that their sentence needs", _ALCE),
    Metric("faithfulness", "Faithful sentences", "sentences with exact quotes that hold all their figures, dates and names", "the verifier's rules"),
    Metric("evidence_recall", "Evidence found", "of the sentences that hold the answer, those quoted", "the case"),
    Metric("evidence_precision", "Evidence needed", "of the sentences quoted, those that hold the answer", "the case"),
    Metric("exact_match", "Exact match", "answers that equal a reference", _SQUAD),
    Metric("token_f1", "Token F1", "overlap of the answer's words with a reference", _SQUAD),
    Metric("auroc", "Answerability AUROC", "chance that an answerable question scores above an unanswerable one", "Hanley and McNeil 1982", over=_by(auroc)),
    Metric("ece", "Calibration error", "distance between confidence and being right", "Guo et al. 2017", _LOW, over=_by(expected_calibration_error)),
    Metric("aurc", "Risk over coverage", "mean share of wrong answers over all coverages", "Geifman and El-Yaniv 2017", _LOW, over=_by(area_under_risk_coverage)),
    Metric("R@1", "Retrieval R@1", "relevant passages ranked first", "ir-measures"),
    Metric("R@5", "Retrieval R@5", "relevant passages among the first five", "ir-measures"),
    Metric("RR", "Retrieval MRR", "one over the rank of the first relevant passage", "ir-measures"),
    Metric("nDCG@10", "Retrieval nDCG@10", "gain of the first ten passages", "Järvelin and Kekäläinen 2002, ir-measures"),
    Metric("judge", "Judge", "score that the judging model gave", "the judge's prompt"),
    Metric("latency_p50", "Latency p50", "half of the replies came within", "Hyndman and Fan 1996", _LOW, Unit.SECONDS, _percentile(0.50), "latency", gates=False),
    Metric("latency_p95", "Latency p95", "95% of the replies came within", "Hyndman and Fan 1996", _LOW, Unit.SECONDS, _percentile(0.95), "latency", gates=False),
    Metric("latency_p99", "Latency p99", "99% of the replies came within", "Hyndman and Fan 1996", _LOW, Unit.SECONDS, _percentile(0.99), "latency", gates=False),
    Metric("tokens", "Tokens", "tokens read and written by a language model", "the endpoint", _LOW, Unit.COUNT, total, gates=False),
    Metric("cost", "Cost", "what the tokens cost", "the endpoint, the prices given", _LOW, Unit.MONEY, total, gates=False),
    Metric("errors", "Errors", "cases that the endpoint failed", "the endpoint", _LOW, Unit.COUNT, total),
)  # fmt: skip
BY_NAME = {metric.name: metric for metric in METRICS}
