"""Whether a confidence means what it says, and whether it tells the good answers from the bad."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose confidence lies in [low, high), the last bin's in [low, high].

    ``confidence`` and ``accuracy`` are means over the ``count`` answers of the bin.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability(confidences: Sequence[float], correct: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """The bins of a reliability diagram, lowest first, empty ones left out.

    Guo et al. 2017, "On Calibration of Modern Neural Networks". Raises ValueError for a confidence
    outside 0 to 1.
    """
    values, hits = np.asarray(confidences, float), np.asarray(correct, float)
    if values.shape != hits.shape:
        raise ValueError(f"{len(values)} confidences and {len(hits)} outcomes")
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("a confidence lies between 0 and 1")
    which = np.minimum((values * bins).astype(int), bins - 1)
    return [
        Bin(
            i / bins,
            (i + 1) / bins,
            int(inside.sum()),
            float(values[inside].mean()),
            float(hits[inside].mean()),
        )
        for i in range(bins)
        if (inside := which == i).any()
    ]


def expected_calibration_error(
    confidences: Sequence[float], correct: Sequence[bool], bins: int = BINS
) -> float | None:
    """The mean distance between confidence and accuracy, over equally wide bins weighted by count.

    Naeini et al. 2015; Guo et al. 2017. Between 0 and 1, lower is better. None without answers.
    """
    if not len(confidences):
        return None
    found = reliability(confidences, correct, bins)
    return sum(b.count * abs(b.confidence - b.accuracy) for b in found) / len(confidences)


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The probability that a positive scores above a negative, ties counting half.

    Hanley and McNeil 1982. Between 0 and 1, higher is better, 0.5 is chance. None unless there are
    both positives and negatives.
    """
    values, labels = np.asarray(scores, float), np.asarray(positive, bool)
    yes = int(labels.sum())
    no = len(labels) - yes
    if not yes or not no:
        return None
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[where]
    return float((ranks[labels].sum() - yes * (yes + 1) / 2) / (yes * no))


@dataclass(frozen=True, slots=True)
class Point:
    """If only the most confident answers are given, ``coverage`` of all: the share of them that is wrong."""

    coverage: float
    risk: float


def risk_coverage(confidences: Sequence[float], correct: Sequence[bool]) -> list[Point]:
    """The risk-coverage curve, from the most confident answer to all of them; empty without answers.

    El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification"; Geifman and
    El-Yaniv 2017. Answers of equal confidence are wrong to the mean of their share, so that their
    order cannot matter.
    """
    risks = _risks(confidences, correct)
    return [Point((i + 1) / len(risks), float(risk)) for i, risk in enumerate(risks)]


def area_under_risk_coverage(confidences: Sequence[float], correct: Sequence[bool]) -> float | None:
    """The mean risk over all coverages. Between 0 and 1, lower is better. None without answers."""
    risks = _risks(confidences, correct)
    return float(risks.mean()) if len(risks) else None


def _risks(confidences: Sequence[float], correct: Sequence[bool]) -> npt.NDArray[np.float64]:
    """The risk of the first answer alone, of the first two, and so on."""
    values, wrong = np.asarray(confidences, float), 1 - np.asarray(correct, float)
    _, where, counts = np.unique(-values, return_inverse=True, return_counts=True)
    mean = np.bincount(where, weights=wrong, minlength=len(counts)) / counts
    return np.asarray(np.cumsum(mean[np.sort(where)]) / np.arange(1, len(values) + 1), np.float64)
