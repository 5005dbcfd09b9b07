"""Writes a generation: the files derived from the catalogue and the vector segments."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from indexer import lexicon
from indexer.array_file import load_array
from indexer.catalogue import Catalogue, Place
from indexer.dense import DenseKind, Ids, build_dense, carry_dense
from indexer.durable import new_folder
from indexer.encoder import EncoderCard, Floats, Integers
from indexer.generation import FORMAT, Layout, Manifest, describe_files, write_manifest
from indexer.lexical import build_lexical
from indexer.segment import Segment

Opened = Callable[[str], Segment]
"""Gives a vector segment by its name, each opened once."""

BLOCK = 65_536
"""Passage vectors that are held in memory at a time while the dense index is built."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a generation shows, against the one before it: revisions by their numbers.

    ``kept`` is asked only where a generation is made from scratch. ``moved`` says where the vectors of
    kept passages are now, where they went to another segment.
    """

    kept: Callable[[], Sequence[int]]
    fresh: Sequence[int]
    gone: Sequence[int]
    moved: Sequence[Place] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Where the vectors are: ``rows`` [N, 3] of passage id (ascending), number of segment, position in it."""

    segments: tuple[str, ...]
    rows: Ids


def write_generation(
    layout: Layout,
    catalogue: Catalogue,
    number: int,
    change: Change,
    *,
    card: EncoderCard,
    former: Manifest | None,
    threads: int,
) -> Manifest:
    """Write generation ``number``, durably; nothing serves it until the pointer says so.

    Where ``former``, a sound generation, is given, it is carried on, in time that depends on what changed
    and little on what there is; else everything is made from scratch.
    """
    opened = lru_cache(maxsize=None)(lambda name: Segment(layout.segment(name)))
    home = None if former is None else layout.generation(former.generation)
    fresh, gone = (change.fresh, change.gone) if former else ([*change.kept(), *change.fresh], ())
    added, removed = catalogue.places(fresh), catalogue.places(gone)
    before, counts = _before(home, former, card)
    table = replaced(before, [*removed, *change.moved], [*added, *change.moved])
    counts += _frequencies(added, opened, card) - _frequencies(removed, opened, card)
    with new_folder(layout.generation(number)) as folder:
        np.save(folder / "rows.npy", table.rows, allow_pickle=False)
        np.save(folder / "pieces.npy", counts, allow_pickle=False)
        dense = None if former is None else DenseKind(former.dense, former.recall)
        if home is None or not _carry_dense(folder, home, removed, added, opened, card):
            blocks = _Blocks(table, opened, card)
            dense = build_dense(folder, table.rows[:, 0], blocks, card.dimensions, threads)
        build_lexical(folder / "lexical", home and home / "lexical", _terms(catalogue, fresh), gone)
        manifest = Manifest(
            format=FORMAT,
            generation=number,
            encoder=card.fingerprint,
            encoder_name=card.name,
            dimensions=card.dimensions,
            announcements=(former.announcements if former else 0) + len(fresh) - len(gone),
            passages=len(table.rows),
            dense=dense.name if dense else "",
            recall=dense.recall if dense else 0.0,
            segments=table.segments,
            files=describe_files(folder),
        )
        write_manifest(folder, manifest)
    return manifest


def replaced(table: Table, without: Sequence[Place], plus: Sequence[Place]) -> Table:
    """The table less the passages of some places, plus others; segments that nothing is in are left out."""
    kept = table.rows[~np.isin(table.rows[:, 0], _ids(without))]
    numbers = {name: number for number, name in enumerate(table.segments)}
    for place in plus:
        numbers.setdefault(place.segment, len(numbers))
    new = [(place.passage, numbers[place.segment], place.position) for place in plus]
    rows = np.concatenate([kept, np.asarray(new, np.int64).reshape(-1, 3)])
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    used, rows[:, 1] = np.unique(rows[:, 1], return_inverse=True)
    names = list(numbers)
    return Table(tuple(names[number] for number in used.tolist()), rows)


def _before(home: Path | None, former: Manifest | None, card: EncoderCard) -> tuple[Table, Integers]:
    """The former generation's table and its counts [V] of passages by word piece; empty without one."""
    if home is None or former is None:
        return Table((), np.zeros((0, 3), np.int64)), np.zeros(card.vocabulary, np.int32)
    table = Table(former.segments, load_array(home / "rows.npy", np.int64, 2))
    return table, load_array(home / "pieces.npy", np.int32, 1)


def _carry_dense(
    folder: Path,
    home: Path,
    removed: Sequence[Place],
    added: Sequence[Place],
    opened: Opened,
    card: EncoderCard,
) -> bool:
    fresh = replaced(Table((), np.zeros((0, 3), np.int64)), (), added)
    vectors = _vectors(fresh, slice(None), opened, card)
    return carry_dense(folder, home, _ids(removed), fresh.rows[:, 0], vectors)


class _Blocks(Sequence[Floats]):
    """The passages' vectors in the order of a table's rows, BLOCK at a time, read when asked for."""

    def __init__(self, table: Table, opened: Opened, card: EncoderCard) -> None:
        self._table = table
        self._opened = opened
        self._card = card

    def __len__(self) -> int:
        return (len(self._table.rows) + BLOCK - 1) // BLOCK

    def __getitem__(self, number: int) -> Floats:  # type: ignore[override]
        if not 0 <= number < len(self):
            raise IndexError(number)
        return _vectors(self._table, slice(number * BLOCK, (number + 1) * BLOCK), self._opened, self._card)


def _vectors(table: Table, part: slice, opened: Opened, card: EncoderCard) -> Floats:
    """The passage vectors [n, D] of some rows of a table."""
    rows = table.rows[part]
    vectors = np.empty((len(rows), card.dimensions), np.float32)
    for number in np.unique(rows[:, 1]).tolist():
        at = np.flatnonzero(rows[:, 1] == number)
        vectors[at] = opened(table.segments[number]).pooled[rows[at, 2]]
    return vectors


def _ids(places: Sequence[Place]) -> Ids:
    return np.asarray([place.passage for place in places], np.int64)


def _frequencies(places: Sequence[Place], opened: Opened, card: EncoderCard) -> Integers:
    counts = np.zeros(card.vocabulary, np.int32)
    for place in places:
        counts[np.unique(opened(place.segment).pieces(place.position))] += 1
    return counts


def _terms(catalogue: Catalogue, revisions: Sequence[int]) -> Iterator[tuple[int, int, list[str]]]:
    number, announcement = -1, None
    for stored in catalogue.passages_of(revisions):
        if announcement is None or stored.revision != number:
            number = stored.revision
            announcement = catalogue.revision(number).announcement
        text = announcement.text[stored.passage.start : stored.passage.end]
        yield stored.id, number, lexicon.terms(text, announcement.language)
