"""What was to be reached, and whether it was."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.benchmarks.speed_floor import BARE, ENCODER, ENDPOINT
from eval.benchmarks.speed_indexing import HERALD, QUICKSTART
from eval.benchmarks.speed_samples import Samples


@dataclass(frozen=True, slots=True)
class Target:
    """One figure of Herald's, what it is held against, and the bar. All as they are shown."""

    what: str
    herald: str
    other: str
    ratio: str
    wanted: str
    met: bool


def targets(samples: Samples, sizes: Sequence[int]) -> list[Target]:
    """Every bar for which both sides were measured."""
    get = samples.median
    middle, largest = (size if size in sizes else None for size in (10_000, 100_000))
    found: list[Target | None] = []
    for size in sizes:
        of = f", {size:,} passages"
        found += [
            _quicker(f"start to first answer{of}, s", get("first answer", HERALD, size),
                     get("first answer", QUICKSTART, size), 10, 1),
            _most(f"memory{of}, MB", get("memory", HERALD, size), get("memory", QUICKSTART, size), 0.5),
        ]  # fmt: skip
    for scale, searching, chatting, rating in ((middle, 2, 1, 3), (largest, 6, 3, 8)):
        if scale is None:
            continue
        of = f", {scale:,} passages"
        other = get("search p50", QUICKSTART, scale)
        rate = max(get("rate", HERALD, scale) or 0, get("rate of several", HERALD, scale) or 0) or None
        found += [
            _quicker(f"`/v1/search` p50{of}, ms", get("search p50", HERALD, scale), other, searching, 1000),
            _quicker(f"`/v1/chat` p50 against its retrieval{of}, ms", get("chat p50", HERALD, scale), other,
                     chatting, 1000),
            _more(f"answers a second, 8 clients{of}", rate, get("rate", QUICKSTART, scale), rating),
        ]  # fmt: skip
    smallest = min(sizes)
    found.append(
        _more(
            f"indexing, {smallest:,} passages, passages a second",
            get("indexing", HERALD, smallest),
            get("indexing", QUICKSTART, smallest),
            0.9,
        )
    )
    top = max(sizes)
    pace = get("indexing", QUICKSTART, smallest)
    adding = get("adding", HERALD, top)
    found += [
        _quicker(f"adding one to {top:,}, against load, add and save, s", adding,
                 get("adding", QUICKSTART, top), 50, 1),
        _quicker(f"adding one to {top:,}, against indexing anew at its measured pace, s", adding,
                 top / pace if pace else None, 50, 1),
    ]  # fmt: skip
    cached = next(
        (get("cached rate", HERALD, size) for size in sizes if samples.count("cached rate", HERALD, size)),
        None,
    )
    found.append(
        _more("cached answers a second, against a trivial endpoint", cached, get("rate", ENDPOINT, 0), 0.6)
    )
    encoder, request = get("pass", ENCODER, 0), get("request p50", BARE, 0)
    if middle is not None and encoder is not None and request is not None:
        floor = encoder + request
        chat = get("chat p50", HERALD, middle)
        found.append(_most("`/v1/chat` p50 at 10,000 against the floor, ms", chat, floor, 2.5, 1000))
    return [target for target in found if target is not None]


def _quicker(
    what: str, ours: float | None, theirs: float | None, wanted: float, unit: float
) -> Target | None:
    """Ours is to be this many times shorter."""
    if ours is None or theirs is None:
        return None
    ratio = theirs / ours
    return Target(
        what, f"{unit * ours:.2f}", f"{unit * theirs:.2f}", f"{ratio:.1f}", f"≥ {wanted:g}", ratio >= wanted
    )


def _more(what: str, ours: float | None, theirs: float | None, wanted: float) -> Target | None:
    """Ours is to be this many times as much."""
    if ours is None or theirs is None:
        return None
    ratio = ours / theirs
    return Target(what, f"{ours:,.0f}", f"{theirs:,.0f}", f"{ratio:.2f}", f"≥ {wanted:g}", ratio >= wanted)


def _most(
    what: str, ours: float | None, theirs: float | None, wanted: float, unit: float = 1
) -> Target | None:
    """Ours is to be at most this share."""
    if ours is None or theirs is None:
        return None
    ratio = ours / theirs
    return Target(
        what, f"{unit * ours:.2f}", f"{unit * theirs:.2f}", f"{ratio:.2f}", f"≤ {wanted:g}", ratio <= wanted
    )
