"""HTML: the main text out of a page, by trafilatura."""

from collections.abc import Iterator
from pathlib import Path

from indexer.announcement import Announcement
from indexer.errors import SourceUnreadable, SourceUnsupported
from indexer.metadata import announce


def read(path: Path) -> Iterator[Announcement]:
    """The one announcement of a page: its main text, without menus, footers, scripts and comments.

    Title, date, issuer and address are the page's own. Raises SourceUnreadable.
    """
    try:
        import trafilatura
    except ImportError as error:
        raise SourceUnsupported(str(path), "to read pages: pip install 'herald[index]'") from error
    try:
        page = path.read_bytes()
    except OSError as error:
        raise SourceUnreadable(str(path), f"cannot be read: {error.strerror}") from error
    try:
        found = trafilatura.bare_extraction(
            page, include_comments=False, include_tables=True, favor_recall=True, with_metadata=True
        )
    except Exception as error:  # trafilatura lets lxml's and its own unrelated types through
        raise SourceUnreadable(str(path), f"not a page that can be read: {error}") from error
    fields = found.as_dict() if found is not None and not isinstance(found, dict) else found
    if not fields or not (fields.get("text") or "").strip():
        raise SourceUnreadable(str(path), "no main text is found in this page")
    kept = {
        "title": fields.get("title"),
        "issuer": fields.get("sitename"),
        "published": fields.get("date"),
        "url": fields.get("url") if str(fields.get("url") or "").startswith(("http://", "https://")) else None,
        "language": fields.get("language"),
    }
    known = {name: value for name, value in kept.items() if value}
    yield announce(fields["text"], known, where=str(path), origin=str(path), id=path.stem)
