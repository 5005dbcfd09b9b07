"""Sources into announcements: a file, or a folder of files, one format a file under ``indexer.formats``."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from indexer.announcement import Announcement
from indexer.errors import SourceError, SourceNotFound, SourceUnsupported
from indexer.formats import docx, html, jsonl, markdown, pdf, plain

Found = Announcement | SourceError
Format = Callable[[Path], Iterator[Found]]

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        ".txt": plain.read,
        ".md": markdown.read,
        ".markdown": markdown.read,
        ".html": html.read,
        ".htm": html.read,
        ".pdf": pdf.read,
        ".docx": docx.read,
        ".jsonl": jsonl.read,
    }
)
"""What reads a file, by the ending of its name."""


def read(source: Path) -> Iterator[Found]:
    """Every announcement of a file or folder, in the order of names; an error for each that is none.

    Hidden files and folders inside a folder are passed over. Raises SourceNotFound where there is
    nothing at ``source``: a mistyped path must not empty an index.
    """
    if not source.exists():
        raise SourceNotFound(str(source), "no such file or folder")
    return _folder(source) if source.is_dir() else _file(source)


def _folder(folder: Path) -> Iterator[Found]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield from _file(path)


def _file(path: Path) -> Iterator[Found]:
    path = path.resolve()
    read_format = FORMATS.get(path.suffix.lower())
    if read_format is None:
        known = ", ".join(sorted(FORMATS))
        yield SourceUnsupported(str(path), f"no reader for {path.suffix or 'a name without ending'}; {known}")
        return
    try:
        yield from read_format(path)
    except SourceError as error:
        yield error
