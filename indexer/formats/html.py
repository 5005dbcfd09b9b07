"""HTML: the main text out of a page, by trafilatura."""

import codecs
import logging
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from indexer.announcement import Announcement
from indexer.errors import SourceUnreadable, SourceUnsupported
from indexer.metadata import announce, is_web_address

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD = 4_096
"""Bytes within which a page names its encoding."""
# What browsers take these names for (WHATWG Encoding Standard).
_MEANT = {"euc-kr": "cp949", "ks_c_5601-1987": "cp949", "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252",
          "shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030"}  # fmt: skip
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?![a-zA-Z])")
_PUBLISHED = """//meta[contains(
    '|article:published_time|datepublished|dc.date|dc.date.issued|dcterms.issued|dcterms.date|date|pubdate|',
    concat('|', translate((@property | @name | @itemprop)[1], 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'), '|')
)]/@content"""
_PUBLISHED_JSON = re.compile(r'"datePublished"\s*:\s*"([^"]{1,40})"')


def read(path: Path) -> Iterator[Announcement]:
    """The one announcement of a page: its main text, without menus, footers, scripts and comments.

    Title, date, issuer, address and language are those that the page names; a date is not guessed from its
    text. Raises SourceUnreadable.
    """
    try:
        import lxml.html
        import trafilatura
    except ImportError as error:
        raise SourceUnsupported(str(path), "to read pages: pip install 'herald[index]'") from error
    logging.getLogger("trafilatura").setLevel(
        logging.CRITICAL
    )  # what it cannot read is said by us, with the name
    page = _decoded(path)
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = trafilatura.load_html(page)  # None for what is no page; it would cut a deep one short
        if tree is not None:
            tree = lxml.html.document_fromstring(page.encode(), parser=parser)
        named = {} if tree is None else {"language": _language(tree), "published": _published(tree, page)}
        found: Any = tree if tree is None else trafilatura.bare_extraction(
            tree, include_comments=False, include_tables=True, favor_recall=True, with_metadata=True
        )  # fmt: skip
    except Exception as error:  # trafilatura lets lxml's and its own unrelated types through
        raise SourceUnreadable(str(path), f"not a page that can be read: {error!r:.200}") from error
    if parser.error_log.filter_from_fatals():  # the parser leaves out what lies deeper, and says so only here
        raise SourceUnreadable(str(path), "its elements are nested too deep to be read whole")
    if found is None or not (found.text or "").strip():
        raise SourceUnreadable(str(path), "no main text is found in this page")
    url = found.url if is_web_address(found.url or "") else None
    fields = {"title": found.title, "issuer": found.sitename, "url": url, **named}
    yield announce(found.text, fields, where=str(path), origin=str(path), id=path.stem)


def _decoded(path: Path) -> str:
    """A page's characters, in UTF-8 or in the encoding that it names. Nothing is guessed or replaced."""
    try:
        page = path.read_bytes()
    except OSError as error:
        raise SourceUnreadable(str(path), f"cannot be read: {error.strerror}") from error
    named = _CHARSET.search(page, 0, _HEAD)
    name = named[1].decode("ascii").lower() if named else "utf-8"
    if page.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    for encoding in ("utf-8-sig", _MEANT.get(name, name)):
        try:
            return page.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise SourceUnreadable(str(path), "neither in UTF-8 nor in the encoding that it names")


def _language(tree: Any) -> str | None:
    match = _LANGUAGE.match((tree.get("lang") or "").strip())
    return match[0] if match else None


def _published(tree: Any, page: str) -> str | None:
    """The day in the page's metadata; None where there is none in ISO 8601."""
    for given in (*tree.xpath(_PUBLISHED), *_PUBLISHED_JSON.findall(page)):
        try:
            return datetime.fromisoformat(str(given).strip()).date().isoformat()
        except ValueError:
            continue
    return None
