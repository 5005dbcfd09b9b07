"""The searchable index: one generation, opened for reading."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.announcement import Announcement, Sentence
from indexer.array_file import load_array
from indexer.catalogue import Catalogue, Revision
from indexer.dense import BASE, DenseIndex
from indexer.encoder import Encoder, Encoding, Floats, Integers, open_encoder
from indexer.errors import EncoderMismatch, IndexDamaged
from indexer.generation import Layout, Manifest, current_generation, parse_manifest, read_manifest
from indexer.lexical import LexicalIndex
from indexer.readahead import read_ahead
from indexer.segment import PackedVectors, PassageVectors, Segment

CACHED_REVISIONS = 256


@dataclass(frozen=True, slots=True, eq=False)
class IndexedPassage:
    """A passage with all that answering needs.

    ``sentences`` have offsets in ``revision.announcement.text``; ``vectors.spans`` are relative to
    ``start``.
    """

    id: int
    revision: Revision
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    packed: PackedVectors

    @property
    def vectors(self) -> PassageVectors:
        """The vectors of its tokens, unpacked each time that they are asked for."""
        return self.packed.unpacked()

    @property
    def text(self) -> str:
        return self.revision.announcement.text[self.start : self.end]

    def text_of(self, sentence: Sentence) -> str:
        """The text of one of its sentences."""
        return self.revision.announcement.text[sentence.start : sentence.end]


class Index:
    """One generation. Immutable; safe to use from several threads; later builds do not disturb it."""

    def __init__(self, folder: Path, generation: int, encoder: Encoder | None = None) -> None:
        """Open a generation; ``encoder`` is used if it is the one that the generation was built with.

        Raises IndexDamaged where anything is missing or altered.
        """
        self._layout = Layout(folder)
        self.manifest: Manifest = read_manifest(self._layout, generation)
        home = self._home = self._layout.generation(generation)
        if encoder is None or encoder.card.fingerprint != self.manifest.encoder:
            encoder = open_encoder(self._layout.encoder(self.manifest.encoder), serving=True)
        self.encoder: Encoder = encoder
        self._dense = DenseIndex(home)
        # Every question jumps about in it, and waits for the disk at each jump until all of it was read once.
        read_ahead(home / BASE)
        self._lexical = LexicalIndex(home / "lexical")
        self._rows = load_array(home / "rows.npy", np.int64, 2)
        self._ids = np.ascontiguousarray(self._rows[:, 0])
        self.piece_frequencies: Integers = load_array(home / "pieces.npy", np.int32, 1)
        """In how many passages each word piece of the encoder's vocabulary occurs [V]."""
        if not len(self._rows) == len(self._dense) == self.manifest.passages:
            raise IndexDamaged(f"{home}: its files do not belong together")
        self._segments = [Segment(self._layout.segment(name)) for name in self.manifest.segments]
        self._local = threading.local()
        self._catalogue()
        self._known: dict[int, Revision] = {}
        self._reading = threading.Lock()

    @property
    def generation(self) -> int:
        return self.manifest.generation

    def __len__(self) -> int:
        """How many passages there are."""
        return self.manifest.passages

    def encode_question(self, text: str) -> Encoding:
        """The vectors of a question, by the encoder that the index was built with."""
        return self.encoder.encode_question(text)

    def nearest(self, vector: Floats, k: int) -> list[tuple[int, float]]:
        """Ids of the k passages nearest to a unit vector [D], with their cosine, best first."""
        return self._dense.search(vector, k)

    def matching(self, terms: Sequence[str], k: int) -> list[tuple[int, float]]:
        """Ids of the k best passages for some terms, with their BM25 score, best first."""
        return self._lexical.search(terms, k)

    def term_frequency(self, term: str) -> int:
        """In how many passages a term occurs."""
        return self._lexical.frequency(term)

    def passages(self, ids: Sequence[int]) -> list[IndexedPassage]:
        """Passages by id, in the order asked for."""
        at = np.searchsorted(self._ids, ids)
        if not np.array_equal(self._ids.take(at, mode="clip"), ids):
            raise IndexDamaged(f"{self._home}: passages are found that it does not hold")
        rows = self._rows[at].tolist()
        for _, segment, position in rows:
            self._segments[segment].expect(position)
        stored = self._catalogue().passages(ids)
        revisions = self._revisions([each.revision for each in stored])
        return [
            IndexedPassage(
                each.id,
                revisions[each.revision],
                each.passage.start,
                each.passage.end,
                each.passage.sentences,
                self._segments[segment].packed(position),
            )
            for each, (_, segment, position) in zip(stored, rows, strict=True)
        ]

    def passages_of(self, id: str) -> list[IndexedPassage]:
        """All passages of one announcement, in the text's order; none where it is not indexed."""
        shown = self._catalogue().shown(id, self.generation)
        if shown is None:
            return []
        return self.passages([stored.id for stored in self._catalogue().passages_of([shown[0]])])

    def passages_around(self, id: int, reach: int) -> list[IndexedPassage]:
        """A passage with up to ``reach`` of its announcement's before and after it, in the text's order."""
        return self.passages(self._catalogue().passage_ids_around(id, reach))

    @property
    def announcement_count(self) -> int:
        return self.manifest.announcements

    def announcement_ids(self) -> list[str]:
        """The ids of all announcements, sorted. Reads them all: for one, or how many, there are others."""
        return list(self._catalogue().live_numbers(self.generation))

    def revision(self, id: str) -> Revision | None:
        """An announcement by its id; None where it is not indexed."""
        shown = self._catalogue().shown(id, self.generation)
        return None if shown is None else self._revisions([shown[0]])[shown[0]]

    def find_revision(self, id: str, sha256: str) -> Revision | None:
        """The revision with this id and hash, also if it was replaced or removed since."""
        return self._catalogue().find(id, sha256)

    def announcements(self) -> list[Announcement]:
        """All announcements, ordered by id."""
        return [revision.announcement for revision in self._catalogue().live(self.generation)]

    def _revisions(self, numbers: Sequence[int]) -> dict[int, Revision]:
        """Revisions by number, the CACHED_REVISIONS read last from memory, the others in one query."""
        wanted = dict.fromkeys(numbers)
        with self._reading:
            known = {number: self._known[number] for number in wanted if number in self._known}
        read = self._catalogue().revisions([number for number in wanted if number not in known])
        with self._reading:
            for revision in read:
                self._known[revision.number] = revision
            for number in list(self._known)[: max(0, len(self._known) - CACHED_REVISIONS)]:
                del self._known[number]
        return known | {revision.number: revision for revision in read}

    def _catalogue(self) -> Catalogue:
        catalogue: Catalogue | None = getattr(self._local, "catalogue", None)
        if catalogue is None:
            catalogue = self._local.catalogue = Catalogue(self._layout.database)
        return catalogue


class LiveIndex:
    """The index folder as it is now: takes up each new generation as soon as it is published."""

    def __init__(self, folder: Path, encoder_name: str | None = None, encoder: Encoder | None = None) -> None:
        """Open the current generation; ``encoder`` is used if it is the one that it was built with.

        Raises IndexMissing, IndexDamaged, or EncoderMismatch where ``encoder_name`` is given and the
        index was built with another.
        """
        self._layout = Layout(folder)
        self._lock = threading.Lock()
        self._index, self._seen = self._open(encoder)
        built_with = self._index.manifest.encoder_name
        if encoder_name is not None and encoder_name != built_with:
            raise EncoderMismatch(
                f"{folder} was built with the encoder {built_with}, not {encoder_name};"
                f" `herald index --rebuild --encoder {encoder_name} --index {folder}` encodes it anew"
            )

    def current(self) -> Index:
        """The generation to answer from. The one before it serves on while a new one is being opened.

        Raises IndexDamaged where a newly published generation cannot be opened.
        """
        stamp = self._stamp()
        if stamp != self._seen and self._lock.acquire(blocking=False):
            try:
                self._index, self._seen = self._open(self._index.encoder)
            finally:
                self._lock.release()
        return self._index

    def unchanged(self) -> Index | None:
        """The same without ever opening anything: None where another generation was published."""
        return self._index if self._stamp() == self._seen else None

    def _open(self, encoder: Encoder | None) -> tuple[Index, tuple[int, int] | None]:
        while True:
            stamp = self._stamp()
            number = current_generation(self._layout)
            try:
                return Index(self._layout.folder, number, encoder), stamp
            except IndexDamaged:
                # Two builds that ended while this one was being opened have cleaned it away.
                if self._stamp() == stamp:
                    raise

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self._layout.pointer.stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino


def open_current_encoder(folder: Path) -> Encoder:
    """The encoder of the generation that is served now. Raises IndexMissing and IndexDamaged."""
    layout = Layout(folder)
    manifest = parse_manifest(layout, current_generation(layout))
    return open_encoder(layout.encoder(manifest.encoder), serving=True)
