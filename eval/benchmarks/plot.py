"""The risk-coverage plot."""

from collections.abc import Mapping, Sequence
from pathlib import Path

POINTS = 200
"""Points drawn of a curve at the most: more cannot be seen."""


def draw(curves: Mapping[str, Sequence[tuple[float, float]]], path: Path) -> None:
    """Write an SVG of share answered against share wrong; the same curves give the same file."""
    import matplotlib as mpl

    mpl.use("svg")
    # Without a fixed salt and date, two runs over the same figures would differ.
    mpl.rcParams["svg.hashsalt"] = "herald"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    for name, curve in curves.items():
        step = max(1, len(curve) // POINTS)
        shown = [*curve[::step], curve[-1]]
        axes.plot([100 * c for c, _ in shown], [100 * r for _, r in shown], label=name)
    axes.set_xlabel("questions answered, % (half of all are near misses)")
    axes.set_ylabel("of these answered wrongly, %")
    axes.set_xlim(0, 100)
    axes.set_ylim(0, None)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
