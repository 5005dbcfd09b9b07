"""What was measured: samples by what, of whom and at which size."""

from dataclasses import asdict, dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """``what`` was measured, of ``whom``, over ``size`` passages (0 where size does not matter)."""

    what: str
    whom: str
    size: int


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of each figure, in the order in which they were taken."""

    of: dict[Figure, list[float]] = field(default_factory=dict)

    def add(self, what: str, whom: str, size: int, value: float) -> None:
        self.of.setdefault(Figure(what, whom, size), []).append(value)

    def median(self, what: str, whom: str, size: int) -> float | None:
        """The median of a figure's samples; None where it was not measured."""
        found = self.of.get(Figure(what, whom, size))
        return median(found) if found else None

    def listed(self) -> list[dict[str, object]]:
        """Everything, as JSON has it."""
        return [asdict(figure) | {"samples": values} for figure, values in self.of.items()]

    def count(self, what: str, whom: str, size: int) -> int:
        return len(self.of.get(Figure(what, whom, size), ()))


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]
