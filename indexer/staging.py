"""What the sources hold, against what the index shows: the first half of a build."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import reader, segmenter
from indexer.announcement import Announcement
from indexer.catalogue import Catalogue
from indexer.errors import SourceConflict, SourceError


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
    live = catalogue.live_numbers(generation)
    origins = catalogue.live_origins(generation)
    added, changed = dict[str, int](), dict[str, int]()
    unchanged, errors, seen = list[str](), list[SourceError](), dict[str, str | None]()
    for read, found in enumerate(item for source in sources for item in reader.read(source)):
        told(read)
        problem = found if isinstance(found, SourceError) else conflict(found, seen, origins)
        if problem is not None or isinstance(found, SourceError):
            errors.append(problem or found)
            continue
        seen[found.id] = found.origin
        if catalogue.is_current(found, segmenter.VERSION, generation):
            unchanged.append(found.id)
            continue
        passages = segmenter.segment(found.text, found.language)
        number = catalogue.stage(found, segmenter.VERSION, passages)
        (changed if found.id in live else added)[found.id] = number
    removed = missing(sources, origins, seen, errors)
    return Staged(added, changed, tuple(unchanged), tuple(removed), tuple(errors))


def conflict(
    found: Announcement, seen: dict[str, str | None], origins: dict[str, str | None]
) -> SourceConflict | None:
    """The error for a second announcement with one id; None where there is no such thing.

    A file that moved keeps its id: only an origin that still exists stands in the way.
    """
    other = seen.get(found.id)
    if found.id not in seen:
        former = origins.get(found.id)
        if former and former != found.origin and origin_file(former).exists():
            other = former
    if other is None or other == found.origin:
        return None
    return SourceConflict(
        str(found.origin), f"its id {found.id!r} is taken by {other}; give one of them another `id`"
    )


def missing(
    sources: Sequence[Path],
    origins: dict[str, str | None],
    seen: dict[str, str | None],
    errors: Iterable[SourceError],
) -> list[str]:
    """Ids that were read from these sources before and are there no more.

    What could not be read this time is not gone.
    """
    roots = [source.resolve() for source in sources]
    failed = [error.where for error in errors]
    removed = []
    for id, origin in origins.items():
        if id in seen or origin is None:
            continue
        path = origin_file(origin)
        below = any(path == root or root in path.parents for root in roots)
        if below and not any(str(path) in where or where in str(path) for where in failed):
            removed.append(id)
    return removed


def origin_file(origin: str) -> Path:
    """The file that an origin names, without the id of a line of JSONL."""
    before, separator, _ = origin.partition(".jsonl#")
    return Path(before + ".jsonl" if separator else origin)
