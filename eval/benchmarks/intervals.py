"""Bootstrap intervals: how far a figure would move with other questions of the same kind.

Efron and Tibshirani, "An Introduction to the Bootstrap" (1993): the percentile interval. The draws
depend on the seed and on the sizes alone, so that two methods asked the same questions are resampled
alike and the interval of their difference is a paired one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 1000
SEED = 2026
TAIL = 2.5
"""Per cent of the resampled figures that lie outside a 95% interval on either side."""

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Statistic = Callable[..., float]
"""Takes one array of indices for each group that is resampled on its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A figure and its 95% interval. ``resampled`` holds the figure of each draw from ``sizes``."""

    value: float
    resampled: Floats
    sizes: tuple[int, ...]

    @property
    def low(self) -> float:
        return float(np.nanpercentile(self.resampled, TAIL))

    @property
    def high(self) -> float:
        return float(np.nanpercentile(self.resampled, 100 - TAIL))

    @property
    def count(self) -> int:
        """How many questions the figure rests on."""
        return sum(self.sizes)


def estimate(statistic: Statistic, sizes: Sequence[int]) -> Estimate | None:
    """The statistic over everything and over each draw; None where a group is empty."""
    if not all(sizes):
        return None
    value = statistic(*(np.arange(size) for size in sizes))
    resampled = np.array([statistic(*indices) for indices in draws(sizes)])
    return Estimate(float(value), resampled, tuple(sizes))


def share(hits: Sequence[bool] | Sequence[float]) -> Estimate | None:
    """The mean of what is 1 for a hit and 0 for a miss, or of any figure between; None for no question."""
    values = np.asarray(hits, np.float64)
    return estimate(lambda indices: float(values[indices].mean()), [len(values)])


def difference(ours: Estimate, theirs: Estimate) -> Estimate:
    """Ours less theirs, drawn alike. Raises ValueError for figures over other numbers of questions."""
    if ours.sizes != theirs.sizes:
        raise ValueError(f"figures over {ours.sizes} and {theirs.sizes} questions are not paired")
    return Estimate(ours.value - theirs.value, ours.resampled - theirs.resampled, ours.sizes)


def draws(
    sizes: Sequence[int], resamples: int = RESAMPLES, seed: int = SEED
) -> Iterator[tuple[Integers, ...]]:
    """Indices drawn with replacement, each group on its own."""
    random = np.random.default_rng(seed)
    for _ in range(resamples):
        yield tuple(random.integers(0, size, size) for size in sizes)
