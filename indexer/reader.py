"""Sources into announcements: a file, or a folder of files, one format a file under ``indexer.formats``."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from indexer.announcement import Announcement
from indexer.errors import SourceError, SourceNotFound, SourceUnreadable, SourceUnsupported
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
HIDDEN = (".", "~$")
"""How the names begin of what a folder holds for its programs' sake: hidden files, Word's lock files."""


def read(source: Path) -> Iterator[Found]:
    """Every announcement of a file or folder, in the order of names; an error for each that is none.

    Hidden files and folders inside a folder are passed over, and links to folders are not followed.
    Raises SourceNotFound where there is nothing at ``source``: a mistyped path must not empty an index.
    """
    try:
        source.stat()
    except (OSError, ValueError) as error:
        raise SourceNotFound(_shown(source), "no such file or folder") from error
    return _folder(source.resolve()) if source.is_dir() else _file(source.resolve())


def _folder(folder: Path) -> Iterator[Found]:
    unlisted: list[OSError] = []
    paths = []
    for parent, folders, files in os.walk(folder, onerror=unlisted.append):
        folders[:] = [name for name in folders if not name.startswith(HIDDEN)]
        paths += [Path(parent, name) for name in files if not name.startswith(HIDDEN)]
    # A folder that cannot be listed is an error and not empty: its announcements are not gone.
    for error in unlisted:
        yield SourceUnreadable(_shown(error.filename), f"cannot be listed: {error.strerror}")
    for path in sorted(paths):
        yield from _file(path)


def _file(path: Path) -> Iterator[Found]:
    where = _shown(path)
    if where != str(path):
        yield SourceUnreadable(where, "its name is not UTF-8")
        return
    read_format = FORMATS.get(path.suffix.lower())
    if read_format is None:
        known = ", ".join(sorted(FORMATS))
        yield SourceUnsupported(where, f"no reader for {path.suffix or 'a name without ending'}; {known}")
    elif not path.is_file():
        yield SourceUnreadable(where, "not a file, or a link to nothing")
    else:
        try:
            yield from read_format(path)
        except SourceError as error:
            yield error


def _shown(path: str | Path) -> str:
    """A path that can be printed and stored: bytes that are not UTF-8 are escaped."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")
