"""PDF: the text of its pages, by pypdf."""

import logging
from collections.abc import Iterator
from pathlib import Path

from indexer.announcement import Announcement
from indexer.errors import SourceUnreadable, SourceUnsupported
from indexer.metadata import announce


def read(path: Path) -> Iterator[Announcement]:
    """The one announcement of a PDF, its pages parted by blank lines.

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
        raise SourceUnreadable(str(path), f"a damaged PDF: {error}") from error
    text = "\n\n".join(page.strip() for page in pages if page.strip()).replace("\0", "")
    if not text:
        raise SourceUnreadable(str(path), "holds no text, only pictures perhaps; OCR would be needed")
    fields = {"title": title} if isinstance(title, str) and title.strip() else {}
    yield announce(text, fields, where=str(path), origin=str(path), id=path.stem)
