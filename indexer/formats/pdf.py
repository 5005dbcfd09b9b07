"""PDF: the text of its pages, by pypdf."""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.announcement import Announcement
from indexer.errors import SourceUnreadable, SourceUnsupported
from indexer.metadata import announce

_PROGRAMS_TITLE = re.compile(
    r"(?:microsoft \w+ - |untitled)|\.(?:docx?|hwpx?|pptx?|indd|pdf)$", re.IGNORECASE
)
"""Titles that programs write where nobody gave one: the name of a file."""
_FIGURES = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"\W*(?:page |p\.? ?)?#(?: ?(?:/|of) ?#)?\W*", re.IGNORECASE)
_ENDED = re.compile(r"[.!?:。！？][\"'”’)\]]*$")
_REPEATED = 3
"""On so many pages a first or last line has to stand to be a running header or footer."""


def read(path: Path) -> Iterator[Announcement]:
    """The one announcement of a PDF, without its running headers and footers, pages parted by blank lines.

    Raises SourceUnreadable where it is damaged, locked by a password or holds only pictures.
    """
    try:
        import pypdf
    except ImportError as error:
        raise SourceUnsupported(str(path), "to read PDF: pip install 'herald[index]'") from error
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it remarks on every oddity that it copes with
    try:
        document = pypdf.PdfReader(path)
        if document.is_encrypted and not document.decrypt(""):
            raise SourceUnreadable(str(path), "locked by a password")
        pages = [page.extract_text() for page in document.pages]
        title = document.metadata.title if document.metadata else None
    except SourceUnreadable:
        raise
    except Exception as error:  # pypdf raises many unrelated types on damaged files
        raise SourceUnreadable(str(path), f"a damaged PDF: {error!r:.200}") from error
    text = _joined(_without_furniture([_lines(page) for page in pages]))
    if not text:
        raise SourceUnreadable(str(path), "holds no text, only pictures perhaps; OCR would be needed")
    fields = {"title": title} if isinstance(title, str) and not _PROGRAMS_TITLE.search(title) else {}
    yield announce(text, fields, where=str(path), origin=str(path), id=path.stem)


def _lines(page: str) -> list[str]:
    """A page's lines. Characters that the file gives as two surrogate halves become one."""
    whole = page.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
    return [line.rstrip() for line in whole.strip().splitlines()]


def _without_furniture(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The pages without page numbers and without first and last lines that most other pages have too."""
    edges = Counter(_form(line) for page in pages for line in {*page[:1], *page[-1:]})
    usual = {form for form, count in edges.items() if count >= max(_REPEATED, len(pages) / 2)}

    def is_furniture(line: str) -> bool:
        return _form(line) in usual or (len(pages) > 1 and bool(_PAGE_NUMBER.fullmatch(_form(line))))

    kept = []
    for page in pages:
        lines = list(page)
        while lines and is_furniture(lines[0]):
            del lines[0]
        while lines and is_furniture(lines[-1]):
            del lines[-1]
        kept.append(lines)
    return kept


def _form(line: str) -> str:
    return _FIGURES.sub("#", line).strip()


def _joined(pages: Sequence[Sequence[str]]) -> str:
    """The pages as one text; a sentence that goes on overleaf stays one."""
    text = ""
    for lines in pages:
        page = "\n".join(lines).strip()
        if page:
            goes_on = text and not _ENDED.search(text) and page[0].islower()
            text += ("\n" if goes_on else "\n\n" if text else "") + page
    return text
