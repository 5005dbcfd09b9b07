"""A vector segment: the encodings of some passages, immutable.

Token vectors are stored as int8 with one scale a vector: a quarter of the space of float32. They are read as
they are looked at and everything else is mapped: to map a passage of 20 kB brings some 400 kB of its file into
the process, takes longer than to copy it, and in the end would make the whole index the process's own. Read or
mapped, processes share what the system keeps of a file at hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.array_file import RowFile, load_array
from indexer.durable import new_folder
from indexer.encoder import Encoding, Floats, Integers
from indexer.errors import IndexDamaged

LONGEST_SPAN = np.iinfo(np.uint16).max

TOKENS = "tokens.npy"
FILES: dict[str, tuple[type[np.generic], int]] = {
    "pooled.npy": (np.float32, 2),
    "starts.npy": (np.int64, 1),
    TOKENS: (np.int8, 2),
    "scales.npy": (np.float16, 1),
    "pieces.npy": (np.int32, 1),
    "spans.npy": (np.uint16, 2),
}
"""The type and the number of axes of each file's array."""


@dataclass(frozen=True, slots=True, eq=False)
class PassageVectors:
    """A stored passage's tokens: unit vectors [T, D'], piece ids [T], offsets in the passage [T, 2]."""

    tokens: Floats
    pieces: Integers
    spans: Integers


@dataclass(frozen=True, slots=True, eq=False)
class PackedVectors:
    """The same as it is stored: a token's vector is its row of ``steps`` [T, D'] times its scale [T]."""

    steps: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float16]
    pieces: Integers
    spans: npt.NDArray[np.uint16]

    def unpacked(self) -> PassageVectors:
        scales = self.scales.astype(np.float32)
        return PassageVectors(
            np.multiply(self.steps, scales[:, None], dtype=np.float32),
            self.pieces,
            self.spans.astype(np.int32),
        )


class Segment:
    """N encoded passages, read from a folder that ``write_segment`` wrote.

    Raises IndexDamaged where a file is missing, cut short or of another shape than it should be.
    """

    def __init__(self, folder: Path) -> None:
        self._tokens = RowFile(folder / TOKENS, FILES[TOKENS][0])
        # As plain arrays: numpy slices those of its own memmap class several times more slowly.
        arrays = {
            name: np.asarray(load_array(folder / name, *form, mapped=True))
            for name, form in FILES.items()
            if name != TOKENS
        }
        self.pooled: Floats = arrays["pooled.npy"]
        self._starts = arrays["starts.npy"]
        self._scales = arrays["scales.npy"]
        self._pieces = arrays["pieces.npy"]
        self._spans = arrays["spans.npy"]
        tokens = int(self._starts[-1]) if len(self._starts) else -1
        lengths = {len(self._tokens), len(self._scales), len(self._pieces), len(self._spans), tokens}
        if len(lengths) != 1 or len(self._starts) != len(self.pooled) + 1:
            raise IndexDamaged(f"{folder}: its files do not belong together")

    def __len__(self) -> int:
        return len(self.pooled)

    def encoding(self, position: int) -> Encoding:
        """One passage as it was encoded."""
        found = self.vectors(position)
        return Encoding(np.asarray(self.pooled[position]), found.tokens, found.pieces, found.spans)

    def pieces(self, position: int) -> Integers:
        """The vocabulary ids of one passage's tokens."""
        return np.asarray(self._pieces[self._starts[position] : self._starts[position + 1]])

    def vectors(self, position: int) -> PassageVectors:
        """One passage's token vectors, unpacked."""
        return self.packed(position).unpacked()

    def expect(self, position: int) -> None:
        """Have one passage's token vectors fetched meanwhile: they are most of what is read of it."""
        self._tokens.expect(*self._starts[position : position + 2].tolist())

    def packed(self, position: int) -> PackedVectors:
        """One passage's token vectors. Raises IndexDamaged where they cannot be read any more."""
        first, last = self._starts[position : position + 2].tolist()
        return PackedVectors(
            self._tokens.read(first, last),
            self._scales[first:last],
            self._pieces[first:last],
            self._spans[first:last],
        )


def write_segment(folder: Path, encodings: Sequence[Encoding]) -> None:
    """Write at least one encoding, durably."""
    tokens = np.concatenate([encoding.tokens for encoding in encodings])
    packed, scales = quantise(tokens)
    content: dict[str, npt.NDArray[np.generic]] = {
        "pooled.npy": np.stack([encoding.pooled for encoding in encodings]),
        "starts.npy": np.cumsum([0, *(len(encoding.tokens) for encoding in encodings)], dtype=np.int64),
        TOKENS: packed,
        "scales.npy": scales,
        "pieces.npy": np.concatenate([encoding.pieces for encoding in encodings]).astype(np.int32),
        "spans.npy": np.concatenate([encoding.spans for encoding in encodings])
        .clip(0, LONGEST_SPAN)
        .astype(np.uint16),
    }
    with new_folder(folder) as temporary:
        for name, array in content.items():
            np.save(temporary / name, array, allow_pickle=False)


def quantise(vectors: Floats) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """int8 vectors [T, D'] and scales [T]; their product is the vectors again, within half a step."""
    scales = (np.abs(vectors).max(axis=1, initial=1e-3) / 127).astype(np.float16)
    steps = np.rint(vectors / scales.astype(np.float32)[:, None])
    return steps.clip(-127, 127).astype(np.int8), scales
