"""Words for lexical search: stems for Latin scripts, bigrams for Hangul, Han and Kana."""

import re
import threading
import unicodedata

import Stemmer

STEMMERS = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese",
    "nl": "dutch", "sv": "swedish", "da": "danish", "no": "norwegian", "fi": "finnish", "ru": "russian",
}  # fmt: skip
_local = threading.local()
_RUN = re.compile(
    r"(?P<cjk>[\uac00-\ud7a3\u4e00-\u9fff\u3400-\u4dbf\u3040-\u30ff]+)|(?P<number>\d+(?:[.,]\d+)*)|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)"
)
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
    return [term for term, _ in _terms(text, language)]


def content_terms(text: str, language: str) -> list[str]:
    """The same without stop words."""
    return [term for term, word in _terms(text, language) if word not in STOP_WORDS]


def _terms(text: str, language: str) -> list[tuple[str, str]]:
    stemmer = _stemmer(language)
    found: list[tuple[str, str]] = []
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    for match in _RUN.finditer(plain.lower()):
        kind, run = match.lastgroup, match[0]
        if kind == "word":
            word = run.replace("’", "'").removesuffix("'s")
            found.append((stemmer.stemWord(word), word))
        elif kind == "number":
            found.append((run.replace(",", ""), run))
        else:
            found += [(run[i : i + 2], run) for i in range(max(1, len(run) - 1))]
    return found


def _stemmer(language: str) -> "Stemmer.Stemmer":
    name = STEMMERS.get(language, "english")
    stemmers = _local.__dict__.setdefault("stemmers", {})
    if name not in stemmers:
        stemmers[name] = Stemmer.Stemmer(name)
    return stemmers[name]
