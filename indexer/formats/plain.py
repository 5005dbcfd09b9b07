"""Plain text, as it is."""

from collections.abc import Iterator
from pathlib import Path

from indexer.announcement import Announcement
from indexer.errors import SourceUnreadable
from indexer.metadata import announce


def read(path: Path) -> Iterator[Announcement]:
    """The one announcement of a text file; its id is the file's name. Raises SourceUnreadable."""
    yield announce(read_text(path), {}, where=str(path), origin=str(path), id=path.stem)


def read_text(path: Path) -> str:
    """A file's text without a byte order mark. Raises SourceUnreadable where it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceUnreadable(str(path), f"not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except OSError as error:
        raise SourceUnreadable(str(path), f"cannot be read: {error.strerror}") from error
