"""What a model's sentence holds beside wording, and its quotes do not: addresses, markup, alphabets.

A sentence is delivered as plain text. Anything in it that a page could take for a link or an image,
that hides or disguises letters, or that repeats what the model was told must stand in a quote.
"""

import re
import unicodedata
from collections.abc import Iterable

PROMPT_WORDS = 6
"""Words in a row that are the prompt's and not a quote's: nobody writes them by chance."""

_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}:/\S*|(?:javascript|data|mailto|tel):\S*|[\w.+-]+@[\w.-]+"
    r"|(?<![\w.])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?![\w.])(?:[/?#:]\S*)?",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[\[\]{}<>|\\^~`#*_=［］【】〔〕＜＞｀]|&#?\w+;|!\(")
_WORD = re.compile(r"\w+")
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def stray(text: str, quotes: Iterable[str], instructions: str) -> str | None:
    """What of ``text`` its quotes should hold and do not; None where there is nothing of the kind."""
    told = " ".join(" ".join(quotes).split())
    lowered = told.casefold()
    for character in text:
        if unicodedata.category(character) in _HIDDEN and character not in told:
            return f"U+{ord(character):04X}"
    for pattern in (_ADDRESS, _MARKUP):
        for match in pattern.finditer(text):
            if match[0].casefold() not in lowered:
                return match[0]
    alphabets = _alphabets(text) - _alphabets(told) - {"LATIN", "HANGUL"}
    if alphabets:
        return ", ".join(sorted(alphabets)).lower()
    return _recited(text, told, instructions)


def _alphabets(text: str) -> set[str]:
    """The alphabets of a text's letters, by the first word of their names: a disguised letter has its own."""
    return {unicodedata.name(c, "?").split(" ", 1)[0] for c in text if c.isalpha()}


def _recited(text: str, told: str, instructions: str) -> str | None:
    words = _words(text)
    known, quoted = _runs(_words(instructions)), _runs(_words(told))
    for start in range(len(words) - PROMPT_WORDS + 1):
        run = tuple(words[start : start + PROMPT_WORDS])
        if run in known and run not in quoted:
            return " ".join(run)
    return None


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + PROMPT_WORDS]) for i in range(len(words) - PROMPT_WORDS + 1)}


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
