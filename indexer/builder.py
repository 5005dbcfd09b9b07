"""Builds the index: read, segment, encode, write, publish.

What is on the disk before ``build`` publishes stays what is served. A run that is interrupted, even by
``kill -9``, leaves the former generation serving; the next run takes up what was already encoded.
"""

import fcntl
import logging
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from indexer.array_file import load_array
from indexer.catalogue import Catalogue, Place
from indexer.derived import Change, write_generation
from indexer.durable import new_folder, sync
from indexer.encoder import (
    DEFAULT_ENCODER,
    Encoder,
    EncoderCard,
    export_apart,
    open_encoder,
    read_card,
)
from indexer.errors import EncoderMismatch, IndexBusy, IndexDamaged, IndexMissing, SourceError
from indexer.generation import Layout, Manifest, current_generation, parse_manifest, point_to, read_manifest
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
    encoder: Encoder | None = None,
) -> Report:
    """Bring the index in ``folder`` up to date with ``sources`` and publish it.

    An announcement that is new is added, one that changed replaces its former text, and one that was
    read from these sources before and is there no more is removed. What cannot be read is reported in
    ``Report.errors``; its former text, if any, stays. Without sources, or with ``rebuild``, or where
    they are damaged, the derived files are made anew from the database. ``encoder`` is used if it is the
    index's own; else that is opened. Everything in the report is durable when this returns.

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
            building = _Build(layout, catalogue, threads, progress or _silent, encoder)
            return building.run(sources, encoder_name, rebuild or not sources)
        finally:
            catalogue.close()


class _Build:
    def __init__(
        self,
        layout: Layout,
        catalogue: Catalogue,
        threads: int,
        progress: Progress,
        given: Encoder | None = None,
    ) -> None:
        self._layout = layout
        self._catalogue = catalogue
        self._threads = threads
        self._progress = progress
        self._given = given

    def run(self, sources: Sequence[Path], encoder_name: str | None, rebuild: bool) -> Report:
        former = self._recover()
        sound = self._sound(former)
        base = None if rebuild else sound
        encoder = self._encoder(encoder_name, sound, base is None)
        staged = stage(self._catalogue, former, sources, lambda read: self._progress("reading", read, None))
        gone = self._shown([*staged.changed, *staged.removed], former)
        fresh = [*staged.added.values(), *staged.changed.values()]

        def kept() -> list[int]:
            return sorted(set(self._catalogue.live_numbers(former).values()).difference(gone))

        if base is None:
            self._forget_damaged_segments()
        encoded = self._encode(fresh if base else [*kept(), *fresh], encoder)
        if base is None or gone or fresh:
            base = self._publish(former + 1, encoder.card, Change(kept, fresh, gone), base)
        return _report(base, staged, encoded)

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

    def _sound(self, former: int) -> Manifest | None:
        """The manifest of the generation being served; None where there is none or it is damaged."""
        if not former:
            return None
        try:
            manifest = read_manifest(self._layout, former)
            for name in manifest.segments:
                Segment(self._layout.segment(name))
        except IndexDamaged as error:
            log.warning("%s; the index is made anew from its database", error)
            return None
        return manifest

    def _shown(self, ids: Sequence[str], generation: int) -> list[int]:
        found = [self._catalogue.shown(id, generation) for id in ids]
        return [shown[0] for shown in found if shown is not None]

    def _encoder(self, name: str | None, former: Manifest | None, rebuild: bool) -> Encoder:
        """The encoder of the index; exported first where the index is new or is to have another."""
        card = self._card(former)
        if card is not None and name in {None, card.name}:
            if self._given is not None and self._given.card.fingerprint == card.fingerprint:
                return self._given
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
            card = export_apart(name or DEFAULT_ENCODER, temporary)
        home = self._layout.encoder(card.fingerprint)
        shutil.rmtree(home, ignore_errors=True)
        exported.replace(home)
        sync(home.parent)
        return open_encoder(home, self._threads)

    def _card(self, former: Manifest | None) -> EncoderCard | None:
        """The card of the encoder that the index was built with; None where that is not known."""
        cards = {}
        for path in self._layout.encoders.glob("*/encoder.json"):
            card = read_card(path.parent)
            cards[card.fingerprint] = card
        return next(iter(cards.values()), None) if former is None else cards.get(former.encoder)

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
        self, generation: int, card: EncoderCard, change: Change, former: Manifest | None
    ) -> Manifest:
        if former is not None:
            change = replace(change, moved=self._merge_small_segments(card, former, change.gone))
        self._progress("writing", 0, None)
        manifest = write_generation(
            *(self._layout, self._catalogue, generation, change),
            card=card,
            former=former,
            threads=self._threads,
        )
        self._catalogue.publish(generation, change.fresh, change.gone)
        point_to(self._layout, generation)
        self._clean(manifest)
        return manifest

    def _forget_damaged_segments(self) -> None:
        for name in self._catalogue.segments():
            try:
                Segment(self._layout.segment(name))
            except IndexDamaged:
                self._catalogue.forget_segment(name)

    def _merge_small_segments(self, card: EncoderCard, former: Manifest, gone: Sequence[int]) -> list[Place]:
        """Keep the number of segments, which are opened at every start, from growing with every run.

        Gives the new places of the passages that moved.
        """
        rows = load_array(self._layout.generation(former.generation) / "rows.npy", np.int64, 2)
        sizes = np.bincount(rows[:, 1], minlength=len(former.segments))
        small = np.flatnonzero(sizes < SEGMENT_PASSAGES)
        if len(small) < SMALL_SEGMENTS:
            return []
        leaving = [place.passage for place in self._catalogue.places(gone)]
        moving = rows[np.isin(rows[:, 1], small) & ~np.isin(rows[:, 0], leaving)]
        opened = {number: Segment(self._layout.segment(former.segments[number])) for number in small.tolist()}
        encodings = [opened[segment].encoding(position) for _, segment, position in moving.tolist()]
        ids = moving[:, 0].tolist()
        merged = secrets.token_hex(8)
        write_segment(self._layout.segment(merged), encodings)
        self._catalogue.place(card.fingerprint, merged, ids)
        return [Place(id, merged, position) for position, id in enumerate(ids)]

    def _clean(self, manifest: Manifest) -> None:
        """Delete what neither this generation nor the one before it needs: readers may still open that."""
        kept = [manifest]
        with suppress(IndexDamaged):  # where it is damaged, nobody can open it
            kept.append(parse_manifest(self._layout, manifest.generation - 1))
        generations = {str(each.generation) for each in kept}
        segments = {name for each in kept for name in each.segments}
        encoders = {each.encoder for each in kept}
        for path in self._layout.generations.glob("*"):
            if path.name not in generations:
                shutil.rmtree(path)
        for path in self._layout.segments.glob("*"):
            if path.name not in segments:
                self._catalogue.forget_segment(path.name)
                shutil.rmtree(path)
        for path in self._layout.encoders.glob("*"):
            if path.name not in encoders:
                shutil.rmtree(path)


def _report(manifest: Manifest, staged: Staged, encoded: int) -> Report:
    return Report(
        generation=manifest.generation,
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
