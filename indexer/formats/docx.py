"""Word documents: headings, paragraphs, lists and tables in the document's order, opened by python-docx."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.announcement import Announcement
from indexer.errors import SourceUnreadable, SourceUnsupported
from indexer.metadata import announce

LARGEST = 256 * 2**20
"""Bytes that a document may have when it is unpacked, its pictures included."""
_HEADING = re.compile(r"(?:Heading (?P<level>[1-6])|Title)$")
_DEFAULT_TITLES = {"", "Word Document"}
"""Titles that programs write where nobody gave one."""
# What is left out: text deleted or moved away by a tracked change, and the second form of a drawing.
_PIECES = (
    ".//*[self::w:t or self::w:tab or self::w:br or self::w:cr or self::w:noBreakHyphen]"
    "[not(ancestor::w:del or ancestor::w:moveFrom or ancestor::*[local-name() = 'Fallback'])]"
)
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read(path: Path) -> Iterator[Announcement]:
    """The one announcement of a document: headings as ``#`` lines, list items as ``-``, table rows with pipes.

    Tracked changes are taken as accepted. Raises SourceUnreadable.
    """
    try:
        import docx
    except ImportError as error:
        raise SourceUnsupported(str(path), "to read Word documents: pip install 'herald[index]'") from error
    _check_size(path)
    try:
        document = docx.Document(str(path))
        styles = {style.style_id: str(style.name) for style in document.styles}
        text = "\n\n".join(_blocks(document.element.body, styles))
        title = document.core_properties.title.strip()
    except Exception as error:  # python-docx lets zipfile's, lxml's and its own unrelated types through
        raise SourceUnreadable(str(path), f"a damaged Word document: {error!r:.200}") from error
    fields = {} if title in _DEFAULT_TITLES else {"title": title}
    yield announce(text, fields, where=str(path), origin=str(path), id=path.stem)


def _check_size(path: Path) -> None:
    """Raise SourceUnreadable for what is no archive, or would fill the memory: python-docx reads all of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceUnreadable(str(path), f"not a Word document, or locked by a password: {error}") from error
    if size > LARGEST:
        raise SourceUnreadable(str(path), f"unpacks to {size} bytes; {LARGEST} are allowed")


def _blocks(container: Any, styles: dict[str, str]) -> Iterator[str]:
    """The paragraphs and tables of a document's body, those inside content controls and insertions too."""
    for element in container.iterchildren():
        match _name(element):
            case "p":
                yield from _paragraph(element, styles)
            case "tbl":
                rows = [_row(row) for row in element.xpath("./w:tr | ./w:sdt/w:sdtContent/w:tr")]
                table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows if any(cells))
                if table:
                    yield table
            case "sdt" | "sdtContent" | "ins" | "moveTo":
                yield from _blocks(element, styles)


def _paragraph(element: Any, styles: dict[str, str]) -> Iterator[str]:
    text = _text(element)
    style = styles.get(element.style or "", "")
    heading = _HEADING.match(style)
    if not text:
        return
    if heading:
        yield f"{'#' * int(heading['level'] or 1)} {' '.join(text.split())}"
    elif style.startswith("List") or element.xpath("./w:pPr/w:numPr"):
        yield f"- {text}"
    else:
        yield text


def _row(row: Any) -> list[str]:
    """The cells of a row; one that spans several columns counts once."""
    cells = row.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc")
    return [" ".join(" ".join(map(_text, cell.xpath(".//w:p"))).split()) for cell in cells]


def _text(paragraph: Any) -> str:
    pieces = paragraph.xpath(_PIECES)
    return "".join(_MARKS.get(_name(piece), piece.text or "") for piece in pieces).strip()


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
