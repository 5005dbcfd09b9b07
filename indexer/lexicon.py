"""Words for lexical search: stems for Latin scripts, bigrams for Hangul, Han and Kana."""

import re
import threading
import unicodedata
from functools import cache
from typing import NamedTuple

import Stemmer

STEMMERS = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese",
    "nl": "dutch", "sv": "swedish", "da": "danish", "no": "norwegian", "fi": "finnish", "ru": "russian",
}  # fmt: skip
_local = threading.local()
_CJK = re.compile(r"[\uac00-\ud7a3\u4e00-\u9fff\u3400-\u4dbf\u3040-\u30ff]+")
_RUN = re.compile(rf"{_CJK.pattern}|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_ASCII_RUN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*")
"""The same, and quicker, for what most texts are."""
REMEMBERED = 50_000
"""Runs of letters or digits whose terms are kept, for each language."""
# fmt: off
STOP_WORDS = frozenset({
    "a", "an", "the", "of", "for", "in", "on", "at", "by", "to", "from", "with", "and", "or", "but",
    "is", "are", "was", "were", "be", "been", "being", "do", "does", "did", "will", "would", "can",
    "could", "should", "may", "might", "must", "have", "has", "had", "what", "which", "who", "whom",
    "whose", "when", "where", "why", "how", "it", "its", "this", "that", "these", "those", "there", "i",
    "you", "he", "she", "they", "we", "me", "him", "her", "them", "us", "my", "your", "his", "our",
    "their", "as", "if", "than", "then", "so", "not", "no", "about", "into", "over",
})
# fmt: on


def terms(text: str, language: str) -> list[str]:
    """The words of a text as they are searched for."""
    known = _known(language)
    return [term for run in _runs(text) for term in known[run].terms]


def content_terms(text: str, language: str) -> list[str]:
    """The same without stop words."""
    known = _known(language)
    return [
        term for run in _runs(text) if (found := known[run]).word not in STOP_WORDS for term in found.terms
    ]


class _Run(NamedTuple):
    """A run of letters or digits: its terms, and the word that it is."""

    terms: tuple[str, ...]
    word: str


class _Runs(dict[str, _Run]):
    """The runs of one language that were met lately: most words of a text are old acquaintances.

    Shared by threads: what two of them find at once is the same.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, run: str) -> _Run:
        if len(self) >= REMEMBERED:
            self.clear()
        self[run] = found = self._read(run)
        return found

    def _read(self, run: str) -> _Run:
        first = run[0]
        if first.isdecimal():
            return _Run((run.replace(",", ""),), run)
        if _CJK.match(first):
            return _Run(tuple(run[i : i + 2] for i in range(max(1, len(run) - 1))), run)
        word = run.replace("’", "'").removesuffix("'s")
        return _Run((_stemmer(self._language).stemWord(word),), word)


@cache
def _known(language: str) -> _Runs:
    return _Runs(language) if language in STEMMERS or language == "en" else _known("en")


def _runs(text: str) -> list[str]:
    if text.isascii():
        return _ASCII_RUN.findall(text.lower())
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def _stemmer(language: str) -> "Stemmer.Stemmer":
    name = STEMMERS.get(language, "english")
    stemmers = _local.__dict__.setdefault("stemmers", {})
    if name not in stemmers:
        stemmers[name] = Stemmer.Stemmer(name)
    return stemmers[name]
