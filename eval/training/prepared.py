"""What the reader is trained on, as one file that can be taken to another machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Input:
    """Word pieces of question and text, or of claim and quotes; ``parts`` is 1 in the text, or the quotes.

    ``start`` and ``end`` are the answer's ends, 0 for none. ``proven`` is None for a question. ``prior`` is how
    much the wording of the question or claim alone speaks for an answer or a proof, as a logit: what is trained
    is given that, and has only to learn the rest.
    """

    ids: Sequence[int]
    parts: Sequence[int]
    share: float
    prior: float
    start: int = 0
    end: int = 0
    proven: bool | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is trained on. ``texts`` are word pieces of texts; ``starts`` tells of each piece whether a word starts
    with it, ``hides`` is the piece that stands for a hidden one, ``syllables`` how many pieces there are more than the
    encoder knows."""

    inputs: list[Input]
    texts: list[list[int]]
    starts: list[bool]
    hides: int
    syllables: int


def save(prepared: Prepared, file: Path) -> None:
    """Write it as one file. The same stretch of pieces is often part of many inputs, and is written once."""
    stretches: dict[tuple[int, ...], int] = {}
    rows = []
    for each in prepared.inputs:
        first, count = list(each.parts).index(1), sum(each.parts)
        cuts = each.ids[:first], each.ids[first : first + count], each.ids[first + count :]
        places = [stretches.setdefault(tuple(cut), len(stretches)) for cut in cuts]
        proven = -1 if each.proven is None else int(each.proven)
        rows.append([*places, each.start, each.end, proven, each.share, each.prior])
    np.savez_compressed(
        file,
        **_flat("stretches", list(stretches)),
        **_flat("texts", prepared.texts),
        rows=np.array(rows, np.float64),
        starts=np.array(prepared.starts),
        counts=np.array([prepared.hides, prepared.syllables]),
    )


def load(file: Path) -> Prepared:
    """Read what ``save`` wrote. Raises OSError, ValueError or KeyError."""
    stored = np.load(file)
    stretches, texts = (_rows(stored, name) for name in ("stretches", "texts"))
    inputs = []
    for asked, read, rest, start, end, proven, share, prior in stored["rows"].tolist():
        cuts = [stretches[int(place)] for place in (asked, read, rest)]
        parts = [0] * len(cuts[0]) + [1] * len(cuts[1]) + [0] * len(cuts[2])
        told = None if proven < 0 else bool(proven)
        inputs.append(Input([*cuts[0], *cuts[1], *cuts[2]], parts, share, prior, int(start), int(end), told))
    hides, syllables = stored["counts"].tolist()
    return Prepared(inputs, texts, stored["starts"].tolist(), hides, syllables)


def _flat(name: str, rows: Sequence[Sequence[int]]) -> dict[str, Any]:
    return {
        name: np.concatenate([np.array(row, np.uint16) for row in rows]),
        f"{name}_lengths": np.array([len(row) for row in rows], np.uint16),
    }


def _rows(stored: Mapping[str, Any], name: str) -> list[list[int]]:
    ends = np.cumsum(stored[f"{name}_lengths"].astype(np.int64))
    return [row.tolist() for row in np.split(stored[name].astype(np.int64), ends[:-1])]
