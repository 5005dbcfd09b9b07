"""Links that make a browser scroll to the quoted words: the text directive of a URL fragment.

The grammar is that of the WICG's "URL Fragment Text Directives": ``#:~:text=start`` or
``#:~:text=start,end``. Comma, dash and ampersand are its syntax and are therefore percent-encoded.
"""

from functools import lru_cache
from urllib.parse import quote, urlsplit

DIRECTIVE = ":~:"

LONGEST_WHOLE = 12
"""Words of a quote that is named whole. A longer one is named by its ends, which still match where
the page breaks it up with a footnote mark or a link."""

WORDS_OF_END = 6
CHARACTERS_OF_END = 60
"""How much of either end is named: enough words to be unique, and a bound where none are spaced."""

SAFE_IN_URL = "%/:?#[]@!$&'()*+,;=~-._"


# The same few quotes answer most questions; making a link costs more than the rest of a citation.
@lru_cache(maxsize=4096)
def fragment_url(url: str | None, quoted: str) -> str | None:
    """``url`` with a text directive for ``quoted``; None where there is no URL that is safe to follow.

    A fragment that the URL already has is kept; a directive that it has is replaced.
    """
    page = web_url(url)
    if page is None:
        return None
    directive = text_directive(quoted)
    if directive is None:
        return page
    page, _, fragment = page.partition("#")
    fragment = fragment.partition(DIRECTIVE)[0]
    return f"{page}#{fragment}{DIRECTIVE}text={directive}"


def plain_url(url: str | None) -> str | None:
    """The URL without its text directive: undoes ``fragment_url``."""
    if url is None or DIRECTIVE not in url:
        return url
    return url.partition(DIRECTIVE)[0].removesuffix("#")


def web_url(url: str | None) -> str | None:
    """The URL where it is an absolute http(s) one, else None: never ``javascript:`` or ``file:``.

    Characters that no URL may hold (white space, quotes, angle brackets) are percent-encoded.
    """
    if url is None:
        return None
    cleaned = "".join(c if c in SAFE_IN_URL or c.isalnum() else quote(c, safe="") for c in url.strip())
    try:
        parts = urlsplit(cleaned)
        _ = parts.port
    except ValueError:
        return None
    return cleaned if parts.scheme in {"http", "https"} and parts.hostname else None


def text_directive(quoted: str) -> str | None:
    """The value of ``text=`` that finds ``quoted``; None where it holds nothing but white space."""
    # A browser matches the rendered text, in which any white space is one space. It never matches
    # one term across two paragraphs, but it does match a range from one to the other.
    lines = [words for line in quoted.splitlines() if (words := line.split())]
    if not lines:
        return None
    start, end = lines[0], lines[-1]
    if len(lines) == 1 and len(start) <= LONGEST_WHOLE:
        return _encoded(" ".join(start))
    first = " ".join(start[:WORDS_OF_END])[:CHARACTERS_OF_END]
    last = " ".join(end[-WORDS_OF_END:])[-CHARACTERS_OF_END:]
    return f"{_encoded(first)},{_encoded(last)}"


def _encoded(term: str) -> str:
    return quote(term.strip(), safe="").replace("-", "%2D")
