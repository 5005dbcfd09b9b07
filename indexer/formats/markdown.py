"""Markdown with YAML front matter: title, issuer, published, url, language, id."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.announcement import Announcement
from indexer.errors import SourceUnreadable, SourceUnsupported
from indexer.formats.plain import read_text
from indexer.metadata import announce

_FRONT = re.compile(r"---[ \t]*\r?\n(?P<yaml>.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)(?:[ \t]*\r?\n)*", re.DOTALL)


def read(path: Path) -> Iterator[Announcement]:
    """The one announcement of a Markdown file. Its text is what follows the front matter, markup included.

    Raises SourceUnreadable.
    """
    text = read_text(path)
    front = _FRONT.match(text)
    fields = _fields(front["yaml"], path) if front else {}
    body = text[front.end() :] if front else text
    yield announce(body, fields, where=str(path), origin=str(path), id=path.stem)


def _fields(front: str, path: Path) -> dict[str, Any]:
    try:
        import yaml
    except ImportError as error:
        raise SourceUnsupported(str(path), "to read front matter: pip install 'herald[index]'") from error
    try:
        fields = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        at = f"line {mark.line + 2}" if mark else "front matter"
        raise SourceUnreadable(str(path), f"{at}: the front matter is not YAML: {error!s:.200}") from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise SourceUnreadable(str(path), "front matter: not a list of `name: value` lines")
    return fields
