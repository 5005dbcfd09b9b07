"""The plot of how the time of a request grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Curve:
    """Milliseconds by number of passages."""

    label: str
    sizes: list[int]
    milliseconds: list[float]


def draw_growth(curves: Sequence[Curve], floor: float | None, path: Path) -> None:
    """Write an SVG, both axes logarithmic; ``floor`` is drawn as a line, in milliseconds."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "herald"  # the same figures give the same file
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    for curve in curves:
        axes.plot(curve.sizes, curve.milliseconds, marker="o", label=curve.label)
    if floor is not None:
        axes.axhline(floor, color="grey", linestyle=":", label="one encoder pass and one bare request")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("passages")
    axes.set_ylabel("one request, p50, ms")
    axes.grid(alpha=0.3, which="both")
    figure.legend(loc="outside lower center", ncols=2, frameon=False)  # inside, a line would run through it
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
