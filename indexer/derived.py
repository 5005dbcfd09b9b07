"""Writes a generation: the files derived from the catalogue and the vector segments."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from indexer import lexicon
from indexer.catalogue import Catalogue, Place
from indexer.dense import build_dense
from indexer.durable import new_folder
from indexer.encoder import EncoderCard, Floats, Integers
from indexer.generation import FORMAT, Layout, Manifest, describe_files, write_manifest
from indexer.lexical import build_lexical
from indexer.segment import Segment

BLOCK = 65_536
"""Passage vectors that are held in memory at a time while the dense index is built."""


def write_generation(
    layout: Layout,
    catalogue: Catalogue,
    number: int,
    *,
    card: EncoderCard,
    kept: Sequence[int],
    fresh: Sequence[int],
    gone: Sequence[int],
    former: int | None,
    threads: int,
) -> Manifest:
    """Write generation ``number``, durably; nothing serves it until the pointer says so.

    It shows the revisions ``kept`` and ``fresh``. Where ``former`` names a sound generation, which shows
    ``kept`` and ``gone``, its lexical index and frequencies are carried on; else all is made anew.
    """
    segments = _Segments(layout)
    places = catalogue.places([*kept, *fresh])
    names = list(dict.fromkeys(place.segment for place in places))
    home = None if former is None else layout.generation(former)
    added, removed = ([*kept, *fresh], []) if home is None else (fresh, gone)
    with new_folder(layout.generation(number)) as folder:
        kind, recall = build_dense(
            folder / "dense.faiss", _Blocks(places, segments), card.dimensions, threads
        )
        np.save(folder / "rows.npy", _rows(places, names), allow_pickle=False)
        counts = np.zeros(card.vocabulary, np.int32) if home is None else np.load(home / "pieces.npy")
        counts += _frequencies(catalogue.places(added), segments, card)
        counts -= _frequencies(catalogue.places(removed), segments, card)
        np.save(folder / "pieces.npy", counts, allow_pickle=False)
        build_lexical(
            folder / "lexical", home / "lexical" if home else None, _terms(catalogue, added), removed
        )
        manifest = Manifest(
            format=FORMAT,
            generation=number,
            encoder=card.fingerprint,
            encoder_name=card.name,
            dimensions=card.dimensions,
            announcements=len(kept) + len(fresh),
            passages=len(places),
            dense=kind,
            recall=recall,
            segments=tuple(names),
            files=describe_files(folder),
        )
        write_manifest(folder, manifest)
    return manifest


class _Segments:
    """The vector segments by name, each opened once."""

    def __init__(self, layout: Layout) -> None:
        self.open = lru_cache(maxsize=None)(lambda name: Segment(layout.segment(name)))


class _Blocks(Sequence[Floats]):
    """The passages' vectors in the order of ``places``, BLOCK at a time, read when asked for."""

    def __init__(self, places: Sequence[Place], segments: _Segments) -> None:
        self._places = places
        self._segments = segments

    def __len__(self) -> int:
        return (len(self._places) + BLOCK - 1) // BLOCK

    def __getitem__(self, number: int) -> Floats:  # type: ignore[override]
        if not 0 <= number < len(self):
            raise IndexError(number)
        part = self._places[number * BLOCK : (number + 1) * BLOCK]
        return np.stack([self._segments.open(place.segment).pooled[place.position] for place in part])


def _rows(places: Sequence[Place], names: Sequence[str]) -> npt.NDArray[np.int64]:
    numbers = {name: number for number, name in enumerate(names)}
    rows = [(place.passage, numbers[place.segment], place.position) for place in places]
    return np.asarray(rows, np.int64).reshape(-1, 3)


def _frequencies(places: Sequence[Place], segments: _Segments, card: EncoderCard) -> Integers:
    counts = np.zeros(card.vocabulary, np.int32)
    for place in places:
        counts[np.unique(segments.open(place.segment).pieces(place.position))] += 1
    return counts


def _terms(catalogue: Catalogue, revisions: Sequence[int]) -> Iterator[tuple[int, int, list[str]]]:
    for number in sorted(revisions):
        announcement = catalogue.revision(number).announcement
        for stored in catalogue.passages_of([number]):
            text = announcement.text[stored.passage.start : stored.passage.end]
            yield stored.id, number, lexicon.terms(text, announcement.language)
