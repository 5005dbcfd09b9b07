"""Builds the index: read, segment, encode, write, publish.

What is on the disk before ``build`` publishes stays what is served. A run that is interrupted, even by
``kill -9``, leaves the former generation serving; the next run takes up what was already encoded.
"""

import fcntl
import logging
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from indexer.catalogue import Catalogue, Place
from indexer.derived import write_generation
from indexer.durable import new_folder, sync
from indexer.encoder import (
    DEFAULT_ENCODER,
    Encoder,
    EncoderCard,
    export_encoder,
    open_encoder,
    read_card,
)
from indexer.errors import EncoderMismatch, IndexBusy, IndexDamaged, IndexMissing, SourceError
from indexer.generation import Layout, current_generation, point_to, read_manifest
from indexer.segment import Segment, write_segment
from indexer.staging import Staged, stage

SEGMENT_PASSAGES = 2048
"""Passages encoded between two points that an interrupted run can be taken up from."""
ENCODED_AT_ONCE = 64
"""Passages sorted by length together; more would waste less padding and show less progress."""
SMALL_SEGMENTS = 16
"""So many segments of fewer than SEGMENT_PASSAGES passages are merged into one."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. Ids are of announcements, in the order read; ``encoded`` counts passages."""

    generation: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    errors: tuple[SourceError, ...]
    encoded: int
    announcements: int
    passages: int
    dense: str
    recall: float


class Progress(Protocol):
    """Told how far a stage has come: ``done`` of ``total`` (None while it is unknown)."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...


def build(
    sources: Sequence[Path],
    folder: Path,
    *,
    encoder_name: str | None = None,
    rebuild: bool = False,
    threads: int = 1,
    progress: Progress | None = None,
) -> Report:
    """Bring the index in ``folder`` up to date with ``sources`` and publish it.

    An announcement that is new is added, one that changed replaces its former text, and one that was
    read from these sources before and is there no more is removed. What cannot be read is reported in
    ``Report.errors``; its former text, if any, stays. Without sources, or with ``rebuild``, or where
    they are damaged, the derived files are made anew from the database. Everything in the report is
    durable when this returns.

    Raises SourceNotFound, EncoderMismatch (an index is built with one encoder), EncoderUnavailable,
    IndexBusy and IndexDamaged.
    """
    layout = Layout(folder)
    if not sources and not layout.database.is_file():
        raise IndexMissing(f"{folder}: no index here to repair")
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(layout.lock):
        catalogue = Catalogue(layout.database, create=True)
        try:
            building = _Build(layout, catalogue, threads, progress or _silent)
            return building.run(sources, encoder_name, rebuild or not sources)
        finally:
            catalogue.close()


class _Build:
    def __init__(self, layout: Layout, catalogue: Catalogue, threads: int, progress: Progress) -> None:
        self._layout = layout
        self._catalogue = catalogue
        self._threads = threads
        self._progress = progress

    def run(self, sources: Sequence[Path], encoder_name: str | None, rebuild: bool) -> Report:
        former = self._recover()
        rebuild = rebuild or not self._is_sound(former)
        encoder = self._encoder(encoder_name, former, rebuild)
        staged = stage(self._catalogue, former, sources, lambda read: self._progress("reading", read, None))
        live = self._catalogue.live_numbers(former)
        gone = [live[id] for id in (*staged.changed, *staged.removed)]
        fresh = [*staged.added.values(), *staged.changed.values()]
        kept = sorted(set(live.values()) - set(gone))
        if rebuild:
            self._forget_damaged_segments()
        encoded = self._encode([*kept, *fresh] if rebuild else fresh, encoder)
        generation = former
        if gone or fresh or rebuild or not former:
            generation = former + 1
            self._publish(generation, encoder.card, kept, fresh, gone, None if rebuild else former or None)
        return self._report(generation, staged, encoded)

    def _recover(self) -> int:
        """Undo what an interrupted run left half-published; the generation being served, 0 for none."""
        try:
            former = current_generation(self._layout)
        except IndexMissing:
            former = 0
        except IndexDamaged as error:
            log.warning("%s", error)
            former = self._catalogue.latest_generation()
        self._catalogue.roll_back(former)
        for path in self._layout.generations.glob("*"):
            if not path.name.isdecimal() or int(path.name) > former:
                shutil.rmtree(path)
        return former

    def _is_sound(self, former: int) -> bool:
        try:
            if former:
                for name in read_manifest(self._layout, former).segments:
                    Segment(self._layout.segment(name))
        except IndexDamaged as error:
            log.warning("%s; the index is made anew from its database", error)
            return False
        return True

    def _encoder(self, name: str | None, former: int, rebuild: bool) -> Encoder:
        """The encoder of the index; exported first where the index is new or is to have another."""
        card = self._card(former)
        if card is not None and name in {None, card.name}:
            try:
                return open_encoder(self._layout.encoder(card.fingerprint), self._threads)
            except IndexDamaged as error:
                log.warning("%s; it is exported anew", error)
                name = card.name
        elif card is not None and not rebuild:
            raise EncoderMismatch(
                f"{self._layout.folder} was built with the encoder {card.name}, not {name};"
                " --rebuild encodes it anew"
            )
        self._progress("exporting the encoder", 0, None)
        exported = self._layout.encoders / "exported"
        with new_folder(exported) as temporary:
            card = export_encoder(name or DEFAULT_ENCODER, temporary)
        home = self._layout.encoder(card.fingerprint)
        shutil.rmtree(home, ignore_errors=True)
        exported.replace(home)
        sync(home.parent)
        return open_encoder(home, self._threads)

    def _card(self, former: int) -> EncoderCard | None:
        """The card of the encoder that the index was built with; None where that is not known."""
        cards = {}
        for path in self._layout.encoders.glob("*/encoder.json"):
            card = read_card(path.parent)
            cards[card.fingerprint] = card
        try:
            return cards.get(read_manifest(self._layout, former).encoder)
        except IndexDamaged:
            return next(iter(cards.values()), None)

    def _encode(self, revisions: Sequence[int], encoder: Encoder) -> int:
        """Encode what is not encoded yet, a segment at a time; how many passages that were."""
        pending = self._catalogue.unencoded(revisions, encoder.card.fingerprint)
        for start in range(0, len(pending), SEGMENT_PASSAGES):
            ids = pending[start : start + SEGMENT_PASSAGES]
            texts = self._texts(ids)
            encodings = []
            for step in range(0, len(texts), ENCODED_AT_ONCE):
                self._progress("encoding", start + step, len(pending))
                encodings += encoder.encode_passages(texts[step : step + ENCODED_AT_ONCE])
            name = secrets.token_hex(8)
            write_segment(self._layout.segment(name), encodings)
            self._catalogue.place(encoder.card.fingerprint, name, ids)
        self._progress("encoding", len(pending), len(pending))
        return len(pending)

    def _texts(self, ids: Sequence[int]) -> list[str]:
        texts, whole, number = [], "", -1
        for stored in self._catalogue.passages(ids):
            if stored.revision != number:
                number = stored.revision
                whole = self._catalogue.revision(number).announcement.text
            texts.append(whole[stored.passage.start : stored.passage.end])
        return texts

    def _publish(
        self,
        generation: int,
        card: EncoderCard,
        kept: Sequence[int],
        fresh: Sequence[int],
        gone: Sequence[int],
        former: int | None,
    ) -> None:
        self._merge_small_segments(card, [*kept, *fresh])
        self._progress("writing", 0, None)
        write_generation(
            self._layout,
            self._catalogue,
            generation,
            card=card,
            kept=kept,
            fresh=fresh,
            gone=gone,
            former=former,
            threads=self._threads,
        )
        self._catalogue.publish(generation, fresh, gone)
        point_to(self._layout, generation)
        self._clean(generation, card)

    def _forget_damaged_segments(self) -> None:
        for name in self._catalogue.segments():
            try:
                Segment(self._layout.segment(name))
            except IndexDamaged:
                self._catalogue.forget_segment(name)

    def _merge_small_segments(self, card: EncoderCard, revisions: Sequence[int]) -> None:
        """Keep the number of segments, which are opened at every start, from growing with every run."""
        by_segment = dict[str, list[Place]]()
        for place in self._catalogue.places(revisions):
            by_segment.setdefault(place.segment, []).append(place)
        small = [name for name, places in by_segment.items() if len(places) < SEGMENT_PASSAGES]
        if len(small) < SMALL_SEGMENTS:
            return
        ids, encodings = [], []
        for name in small:
            segment = Segment(self._layout.segment(name))
            ids += [place.passage for place in by_segment[name]]
            encodings += [segment.encoding(place.position) for place in by_segment[name]]
        merged = secrets.token_hex(8)
        write_segment(self._layout.segment(merged), encodings)
        self._catalogue.place(card.fingerprint, merged, ids)

    def _clean(self, generation: int, card: EncoderCard) -> None:
        """Delete what neither this generation nor the one before it needs: readers may still open that."""
        kept, segments, encoders = {str(generation)}, set[str](), {card.fingerprint}
        for number in (generation - 1, generation):
            try:
                manifest = read_manifest(self._layout, number)
            except IndexDamaged:
                continue
            kept.add(str(number))
            segments.update(manifest.segments)
            encoders.add(manifest.encoder)
        for path in self._layout.generations.glob("*"):
            if path.name not in kept:
                shutil.rmtree(path)
        for path in self._layout.segments.glob("*"):
            if path.name not in segments:
                self._catalogue.forget_segment(path.name)
                shutil.rmtree(path)
        for path in self._layout.encoders.glob("*"):
            if path.name not in encoders:
                shutil.rmtree(path)

    def _report(self, generation: int, staged: Staged, encoded: int) -> Report:
        manifest = read_manifest(self._layout, generation)
        return Report(
            generation=generation,
            added=tuple(staged.added),
            changed=tuple(staged.changed),
            unchanged=staged.unchanged,
            removed=staged.removed,
            errors=staged.errors,
            encoded=encoded,
            announcements=manifest.announcements,
            passages=manifest.passages,
            dense=manifest.dense,
            recall=manifest.recall,
        )


def _silent(stage: str, done: int, total: int | None) -> None:
    """Report nothing."""


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise IndexBusy(f"{path.parent}: another process is indexing it") from error
        yield
