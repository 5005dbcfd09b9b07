"""Charts as inline SVG: reliability, risk over coverage, latency. Colours come from the page's style."""

from collections.abc import Sequence
from html import escape

from eval.metrics.calibration import Bin, Point
from eval.metrics.latency import percentile

WIDTH, HEIGHT = 380, 270
LEFT, RIGHT, TOP, BOTTOM = 48, 14, 12, 46
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
MARKED = (0.5, 0.95)
"""Shares of the replies whose latency is marked."""
MOST_POINTS = 240
"""Points of a curve: more are not seen, and make the page heavy."""

Ticks = Sequence[tuple[float, str]]


def reliability_chart(bins: Sequence[Bin]) -> str:
    """Confidence against how often it was right; on the diagonal the two agree. The larger, the more cases."""
    largest = max(b.count for b in bins)
    dots = "".join(
        f'<circle class="dot" cx="{_x(b.confidence):.1f}" cy="{_y(b.accuracy):.1f}"'
        f' r="{4 + 8 * (b.count / largest) ** 0.5:.1f}"><title>{b.count} cases: confidence {b.confidence:.2f},'
        f" right {b.accuracy:.2f}</title></circle>"
        for b in bins
    )
    path = " ".join(f"{_x(b.confidence):.1f},{_y(b.accuracy):.1f}" for b in bins)
    diagonal = f'<line class="guide" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    told = "; ".join(f"confidence {b.confidence:.2f}: right {b.accuracy:.2f} of {b.count}" for b in bins)
    shares = [(s, f"{s:g}") for s in SHARES]
    drawn = f'{diagonal}<polyline class="line faint" points="{path}"/>{dots}'
    return _chart("Reliability", told, "confidence", "share right", shares, shares, drawn)


def risk_chart(points: Sequence[Point]) -> str:
    """The share of answers that are wrong, if only the most confident ones are given."""
    top = max(p.risk for p in points)
    limit = next(step for step in (0.05, 0.1, 0.2, 0.5, 1.0) if top <= step)
    step = max(1, len(points) // MOST_POINTS)
    chosen = [*points[::step], points[-1]]
    path = " ".join(f"{_x(p.coverage):.1f},{_y(p.risk / limit):.1f}" for p in chosen)
    area = f"{_x(chosen[0].coverage):.1f},{_y(0)} {path} {_x(1):.1f},{_y(0)}"
    y_ticks = [(share, f"{share * limit * 100:g}%") for share in SHARES]
    drawn = f'<polygon class="area" points="{area}"/><polyline class="line" points="{path}"/>'
    x_ticks = [(s, f"{s * 100:g}%") for s in SHARES]
    told = risk_in_words(points)
    return _chart("Risk over coverage", told, "answers given, surest first", "wrong", x_ticks, y_ticks, drawn)


def latency_chart(seconds: Sequence[float]) -> str:
    """The share of replies that came within a time."""
    ordered = sorted(seconds)
    limit = _round_up(max(ordered[-1], 1e-3))
    step = max(1, len(ordered) // MOST_POINTS)
    ranks = [*range(0, len(ordered), step), len(ordered) - 1]
    points = [(ordered[i] / limit, (i + 1) / len(ordered)) for i in ranks]
    path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in [(points[0][0], 0.0), *points])
    marks = ""
    for share in MARKED:
        within = percentile(ordered, share) or 0.0
        x, y = _x(within / limit), _y(share)
        marks += (
            f'<line class="guide" x1="{x:.1f}" y1="{_y(0)}" x2="{x:.1f}" y2="{y:.1f}"/>'
            f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
        )
    x_ticks = [(share, duration(share * limit)) for share in (0.0, 0.5, 1.0)]
    y_ticks = [(s, f"{s * 100:g}%") for s in SHARES]
    drawn = f'{marks}<polyline class="line" points="{path}"/>'
    return _chart(
        "Latency", latency_in_words(seconds), "time to the whole reply", "replies", x_ticks, y_ticks, drawn
    )


def risk_in_words(points: Sequence[Point]) -> str:
    """The share that is wrong of all answers, and of the surer half."""
    return f"{points[-1].risk:.1%} of all, {_risk_at(points, 0.5):.1%} of the surer half"


def latency_in_words(seconds: Sequence[float]) -> str:
    """The times within which the marked shares of the replies came."""
    within = [(share, percentile(seconds, share) or 0.0) for share in MARKED]
    return ", ".join(f"{share:.0%} of the replies within {duration(time)}" for share, time in within)


def interval_bar(low: float, value: float, high: float) -> str:
    """A share and its interval on a line from 0 to 1."""
    return (
        '<svg class="interval" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" x="0" y="3" width="100" height="2"/>'
        f'<rect class="span" x="{100 * low:.1f}" y="2" width="{max(0.8, 100 * (high - low)):.1f}" height="4"/>'
        f'<rect class="here" x="{min(98.5, 100 * value):.1f}" y="0" width="1.5" height="8"/></svg>'
    )


def duration(seconds: float) -> str:
    """A time as people read it."""
    if seconds == 0:
        return "0"
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def _chart(title: str, told: str, x: str, y: str, x_ticks: Ticks, y_ticks: Ticks, drawn: str) -> str:
    grid = "".join(
        f'<line class="grid" x1="{_x(0)}" y1="{_y(at):.1f}" x2="{_x(1)}" y2="{_y(at):.1f}"/>'
        f'<text class="tick" x="{LEFT - 7}" y="{_y(at) + 4:.1f}" text-anchor="end">{escape(text)}</text>'
        for at, text in y_ticks
    ) + "".join(
        f'<text class="tick" x="{_x(at):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="{_anchor(at)}">{escape(text)}</text>'
        for at, text in x_ticks
    )
    middle = TOP + (HEIGHT - TOP - BOTTOM) / 2
    labels = (
        f'<text class="axis" x="{_x(0.5):.1f}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x)}</text>'
        f'<text class="axis" x="12" y="{middle}" text-anchor="middle"'
        f' transform="rotate(-90 12 {middle})">{escape(y)}</text>'
    )
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(f"{title}: {told}")}">'
        f"{grid}{drawn}{labels}</svg>"
    )


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _anchor(at: float) -> str:
    return "end" if at == 1 else "middle"


def _risk_at(points: Sequence[Point], coverage: float) -> float:
    return next(p.risk for p in points if p.coverage >= coverage)


def _round_up(value: float) -> float:
    """The next number of the form 1, 2 or 5 times a power of ten."""
    scale = 1e-6
    while True:
        for step in (1, 2, 5):
            if value <= step * scale:
                return step * scale
        scale *= 10
