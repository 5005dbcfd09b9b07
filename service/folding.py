"""A text in one spelling of its characters, with the way back to the offsets of the original.

Full-width letters, digits of other scripts, typographic dashes and quotation marks, no-break spaces
and decomposed Hangul all reach the parsers in their plain form. Superscripts and circled numbers
stay as they are: they number footnotes and list items, and are no figures.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_PLAIN = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\uff07", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\uff02\u00ab\u00bb", '"'),
    **dict.fromkeys("\u223c\u301c\uff5e", "~"),
    **dict.fromkeys(
        "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " "
    ),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\ufeff", ""),
    **dict.fromkeys("\u2066\u2067\u2068\u2069\ufe0e\ufe0f", ""),
    "\u066a": "%",
    "\u066b": ".",
    "\u066c": ",",
    "\uffe6": "\u20a9",
}
_JOINING = re.compile(r"[\u1160-\u11ff\u0300-\u036f]")
_CLUSTER = re.compile(
    r"[^\u1160-\u11ff\u0300-\u036f][\u1160-\u11ff\u0300-\u036f]{0,8}|[\u1160-\u11ff\u0300-\u036f]", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Folded:
    """``text`` in plain characters; ``offsets[i]`` is where its character ``i`` begins in the original.

    ``offsets`` has one entry more than ``text`` has characters; the last is the original's length.
    """

    text: str
    offsets: tuple[int, ...] | range

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open stretch of the original behind ``text[start:end]``, which is not empty."""
        last = self.offsets[end - 1]
        after = end
        # Several plain characters may stand for one of the original ("½"): end behind that one.
        while self.offsets[after] == last:
            after += 1
        return self.offsets[start], self.offsets[after]


def fold(text: str) -> Folded:
    """The text in plain characters. Linear in its length."""
    if text.isascii():
        return Folded(text, range(len(text) + 1))
    letters = {ord(letter): _one_for_one(letter) for letter in set(text)}
    if None not in letters.values():
        return Folded(text.translate(letters), range(len(text) + 1))
    pieces: list[str] = []
    offsets: list[int] = []
    for match in _CLUSTER.finditer(text):
        piece = _plain(match.group())
        pieces.append(piece)
        offsets.extend([match.start()] * len(piece))
    offsets.append(len(text))
    return Folded("".join(pieces), tuple(offsets))


@lru_cache(4096)
def _one_for_one(letter: str) -> str | None:
    """The one plain character of a letter whatever stands around it; None where there is none."""
    plain = None if _JOINING.match(letter) else _plain(letter)
    return plain if plain is not None and len(plain) == 1 else None


def _plain(cluster: str) -> str:
    if len(cluster) > 1:
        return unicodedata.normalize("NFKC", cluster)
    if cluster.isascii():
        return cluster
    known = _PLAIN.get(cluster)
    if known is not None:
        return known
    category = unicodedata.category(cluster)
    if category == "Nd":
        return str(unicodedata.digit(cluster))
    if category == "No":
        # A space keeps "1½" from reading as eleven halves; the fraction slash tells ½ from 1/2.
        fraction = unicodedata.decomposition(cluster).startswith("<fraction>")
        return f" {unicodedata.normalize('NFKC', cluster)}" if fraction else cluster
    return unicodedata.normalize("NFKC", cluster)
