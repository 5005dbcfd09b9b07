"""What a method's confidence is worth, on questions that are answerable and on near misses.

The measures are those of ``eval.metrics.calibration``, over two arrays of confidences.
"""

import numpy as np
import numpy.typing as npt

from eval.benchmarks.intervals import Integers, estimate, share
from eval.benchmarks.table import Cell
from eval.metrics.calibration import area_under_risk_coverage, auroc, expected_calibration_error

ALLOWED = 0.06
"""The share of answerable questions that may be refused."""

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]


def separation(answerable: Floats, near_miss: Floats) -> float:
    """AUROC: how often an answerable question has more confidence than a near miss."""
    found = auroc([*answerable, *near_miss], [True] * len(answerable) + [False] * len(near_miss))
    return _some(found)


def risk_area(answerable: Floats, right: Booleans, near_miss: Floats) -> float:
    """The mean share of wrong answers over all coverages; whatever answers a near miss is wrong."""
    return _some(area_under_risk_coverage([*answerable, *near_miss], [*right, *([False] * len(near_miss))]))


def calibration_error(answerable: Floats, near_miss: Floats) -> float:
    """How far the probability that a question is answerable is from the share that is."""
    outcome = [True] * len(answerable) + [False] * len(near_miss)
    return _some(expected_calibration_error([*answerable, *near_miss], outcome))


def refused_at(answerable: Floats, near_miss: Floats, allowed: float = ALLOWED) -> float:
    """The share of near misses below the highest threshold that refuses no more answerable questions.

    The threshold is chosen on the very questions that are reported, so this compares how confidences
    order questions; what a user meets is the share refused at the shipped threshold.
    """
    threshold = np.sort(answerable)[int(allowed * len(answerable))]
    return float((near_miss < threshold).mean())


def at_threshold(answerable: Floats, near_miss: Floats, threshold: float) -> dict[str, Cell]:
    """What is refused at a threshold, and the calibration error, with their intervals."""

    def error(yes: Integers, no: Integers) -> float:
        return calibration_error(answerable[yes], near_miss[no])

    return {
        "near_miss_refused": share((near_miss < threshold).tolist()),
        "answerable_refused": share((answerable < threshold).tolist()),
        "calibration_error": estimate(error, [len(answerable), len(near_miss)]),
    }


def _some(found: float | None) -> float:
    if found is None:
        raise ValueError("there is nothing to compare")
    return found
