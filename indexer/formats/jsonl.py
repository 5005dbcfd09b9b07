"""JSONL: one announcement a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.announcement import Announcement
from indexer.errors import SourceError, SourceUnreadable
from indexer.metadata import announce


def read(path: Path) -> Iterator[Announcement | SourceError]:
    """An announcement, or what is wrong with it, for each line that is not blank.

    A line is ``{"id", "text", …}`` with the fields of ``indexer.metadata``. Raises SourceUnreadable
    where the file cannot be opened.
    """
    try:
        lines = path.open("rb")
    except OSError as error:
        raise SourceUnreadable(str(path), f"cannot be read: {error.strerror}") from error
    with lines:
        for number, line in enumerate(lines, 1):
            where = f"{path}: line {number}"
            try:
                if line.strip(b" \t\r\n\xef\xbb\xbf"):
                    yield _announcement(line, path, where)
            except SourceError as error:
                yield error


def _announcement(line: bytes, path: Path, where: str) -> Announcement:
    fields = _fields(line, where)
    text = fields.get("text")
    if not isinstance(text, str):
        raise SourceUnreadable(where, "text: missing, or not a string")
    return announce(text, fields, where=where, origin=f"{path}#{fields.get('id')}")


def _fields(line: bytes, where: str) -> dict[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SourceUnreadable(where, f"not UTF-8 at byte {error.start}") from error
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable(where, f"not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise SourceUnreadable(where, "not a JSON object")
    return fields
