"""Word documents: headings, paragraphs, lists and tables in the document's order, by python-docx."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.announcement import Announcement
from indexer.errors import SourceUnreadable, SourceUnsupported
from indexer.metadata import announce

_HEADING = re.compile(r"(?:Heading (?P<level>[1-6])|Title)$")


def read(path: Path) -> Iterator[Announcement]:
    """The one announcement of a document: headings as ``#`` lines, list items as ``-``, table rows with pipes.

    Raises SourceUnreadable.
    """
    try:
        import docx
    except ImportError as error:
        raise SourceUnsupported(str(path), "to read Word documents: pip install 'herald[index]'") from error
    try:
        document = docx.Document(str(path))
        blocks = [block for item in document.iter_inner_content() for block in _lines(item)]
        title = document.core_properties.title
    except Exception as error:  # python-docx lets zipfile's, lxml's and its own unrelated types through
        raise SourceUnreadable(str(path), f"a damaged Word document: {error}") from error
    fields = {"title": title} if title and title.strip() else {}
    yield announce("\n\n".join(blocks), fields, where=str(path), origin=str(path), id=path.stem)


def _lines(item: Any) -> Iterator[str]:
    if hasattr(item, "rows"):
        rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in item.rows]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows if any(cells))
        if table:
            yield table
        return
    text = item.text.strip()
    style = item.style.name if item.style is not None else ""
    heading = _HEADING.match(style or "")
    if not text:
        return
    if heading:
        yield f"{'#' * int(heading['level'] or 1)} {' '.join(text.split())}"
    else:
        yield f"- {text}" if (style or "").startswith("List") else text
