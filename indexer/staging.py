"""What the sources hold, against what the index shows: the first half of a build."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import reader, segmenter
from indexer.announcement import Announcement, Passage
from indexer.catalogue import Catalogue
from indexer.errors import SourceConflict, SourceError

STAGED_AT_ONCE = 256
"""Announcements in one transaction: each transaction waits for the disk."""


@dataclass(frozen=True, slots=True)
class Staged:
    """``added`` and ``changed`` give the revision that was staged for each announcement id."""

    added: dict[str, int]
    changed: dict[str, int]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    errors: tuple[SourceError, ...]


def stage(
    catalogue: Catalogue, generation: int, sources: Sequence[Path], told: Callable[[int], None]
) -> Staged:
    """Read all sources and stage what differs from a generation. ``told`` hears how many were read."""
    fresh = dict[str, tuple[Announcement, Sequence[Passage]]]()
    numbers = dict[str, int]()
    replaced = set[str]()
    unchanged, errors, seen = list[str](), list[SourceError](), dict[str, str | None]()
    for read, found in enumerate(item for source in sources for item in reader.read(source)):
        told(read)
        if isinstance(found, SourceError):
            errors.append(found)
            continue
        shown = catalogue.shown(found.id, generation)
        problem = conflict(found, seen, None if shown is None else shown[1])
        if problem is not None:
            errors.append(problem)
            continue
        seen[found.id] = found.origin
        if catalogue.is_current(found, segmenter.VERSION, generation):
            unchanged.append(found.id)
            continue
        fresh[found.id] = found, segmenter.segment(found.text, found.language)
        if shown is not None:
            replaced.add(found.id)
        if len(fresh) == STAGED_AT_ONCE:
            numbers.update(_flush(catalogue, fresh))
    numbers.update(_flush(catalogue, fresh))
    added = {id: number for id, number in numbers.items() if id not in replaced}
    changed = {id: number for id, number in numbers.items() if id in replaced}
    removed = missing(catalogue, generation, sources, seen, errors)
    return Staged(added, changed, tuple(unchanged), tuple(removed), tuple(errors))


def _flush(catalogue: Catalogue, fresh: dict[str, tuple[Announcement, Sequence[Passage]]]) -> dict[str, int]:
    """Stage what was gathered, and empty it; the number of each announcement's revision."""
    numbers = dict(zip(fresh, catalogue.stage([*fresh.values()], segmenter.VERSION), strict=True))
    fresh.clear()
    return numbers


def conflict(found: Announcement, seen: dict[str, str | None], shown: str | None) -> SourceConflict | None:
    """The error for a second announcement with one id; None where there is no such thing.

    ``shown`` is the origin of the announcement with this id that the index shows. A file that moved
    keeps its id: only an origin that still exists stands in the way.
    """
    other = seen.get(found.id)
    if found.id not in seen and shown and shown != found.origin and origin_file(shown).exists():
        other = shown
    if other is None or other == found.origin:
        return None
    return SourceConflict(
        str(found.origin), f"its id {found.id!r} is taken by {other}; give one of them another `id`"
    )


def missing(
    catalogue: Catalogue,
    generation: int,
    sources: Sequence[Path],
    seen: dict[str, str | None],
    errors: Sequence[SourceError],
) -> list[str]:
    """Ids that were read from these sources before and are there no more.

    What could not be read this time is not gone.
    """
    failed = [error.where for error in errors]
    below = dict[str, str]()
    for source in sources:
        below.update(catalogue.origins_below(source.resolve(), generation))
    removed = []
    for id in sorted(set(below).difference(seen)):
        path = str(origin_file(below[id]))
        if not any(path in where or where in path for where in failed):
            removed.append(id)
    return removed


def origin_file(origin: str) -> Path:
    """The file that an origin names, without the id of a line of JSONL."""
    before, separator, _ = origin.partition(".jsonl#")
    return Path(before + ".jsonl" if separator else origin)
