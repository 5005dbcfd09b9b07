"""Markdown with YAML front matter: title, issuer, published, url, language, id."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.announcement import Announcement
from indexer.errors import SourceUnreadable, SourceUnsupported
from indexer.formats.plain import read_text
from indexer.metadata import announce

LONGEST_FRONT = 65_536
"""Characters of front matter; reading YAML takes long."""
_FRONT = re.compile(
    r"---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*(?:\r?\n|\Z)(?:[ \t]*\r?\n)*", re.DOTALL | re.MULTILINE
)


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
    if len(front) > LONGEST_FRONT:
        raise SourceUnreadable(str(path), f"front matter: over {LONGEST_FRONT} characters long")

    class Loader(yaml.SafeLoader):
        """Leaves values as they are written, nothing aside: `no` is Norwegian, and `1.10` is not 1.1."""

        yaml_implicit_resolvers = {  # noqa: RUF012 - the name and type that PyYAML looks for
            first: [(tag, form) for tag, form in resolvers if tag == "tag:yaml.org,2002:null"]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    try:
        fields = yaml.load(front, Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        at = f"line {mark.line + 2}" if mark else "front matter"
        why = " ".join(str(error).split())
        raise SourceUnreadable(str(path), f"{at}: the front matter is not YAML: {why:.200}") from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise SourceUnreadable(str(path), "front matter: not a list of `name: value` lines")
    return fields
