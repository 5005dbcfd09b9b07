"""A name for a stretch of a source, for clients that need an address where the source has none on the web."""

from urllib.parse import quote


def source_uri(source_id: str, start: int, end: int) -> str:
    """``herald:ID#char=START,END``: the characters of a source's text, counted as in RFC 5147.

    That RFC counts positions between characters from 0, which is what a half-open range of code points is.
    """
    return f"herald:{quote(source_id, safe='')}#char={start},{end}"
