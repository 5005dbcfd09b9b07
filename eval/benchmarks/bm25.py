"""Plain BM25, to compare with: stemmed words, and bigrams for Hangul. No stop words, no tuning.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the usual
constants and the logarithm that keeps every weight above zero.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import Stemmer

from eval.benchmarks.method import Document, Finding, Piece, unique

SATURATION = 1.2
LENGTH = 0.75

_TERM = re.compile(r"[가-힣]+|[^\W_가-힣]+")


class Bm25:
    """The best pieces by their words; ``split`` says what a piece is."""

    def __init__(self, name: str, split: Callable[[Document], list[Piece]], *, finds_sentences: bool) -> None:
        self.name = name
        self.finds_sentences = finds_sentences
        self._split = split

    def index(self, documents: Sequence[Document]) -> None:
        self._pieces = [piece for document in documents for piece in self._split(document)]
        counts = [Counter(terms(piece.text)) for piece in self._pieces]
        lengths = np.array([sum(count.values()) for count in counts], np.float64)
        norms = SATURATION * (1 - LENGTH + LENGTH * lengths / lengths.mean())
        postings: dict[str, list[tuple[int, int]]] = {}
        for number, count in enumerate(counts):
            for term, times in count.items():
                postings.setdefault(term, []).append((number, times))
        self._postings = {}
        for term, places in postings.items():
            numbers, often = np.array(places).T
            rarity = math.log(1 + (len(counts) - len(places) + 0.5) / (len(places) + 0.5))
            self._postings[term] = (numbers, rarity * often * (SATURATION + 1) / (often + norms[numbers]))

    def find(self, questions: Sequence[str]) -> list[Finding]:
        return [self._find(question) for question in questions]

    def _find(self, question: str) -> Finding:
        scores = np.zeros(len(self._pieces))
        for term in terms(question):
            if term in self._postings:
                numbers, weights = self._postings[term]
                scores[numbers] += weights
        order = np.argsort(-scores, kind="stable")
        ids = unique(self._pieces[i].document for i in order)
        return Finding(ids, self._pieces[order[0]], float(scores[order[0]]))


def whole(document: Document) -> list[Piece]:
    """The document as one piece."""
    return [Piece(document.id, 0, document.text)]


def terms(text: str) -> list[str]:
    """Stems of words, and the bigrams of each run of Hangul."""
    found = []
    for word in _TERM.findall(text.lower()):
        if "가" <= word[0] <= "힣":
            found += [word[i : i + 2] for i in range(max(1, len(word) - 1))]
        else:
            found.append(_stem(word))
    return found


@cache
def _stemmer() -> "Stemmer.Stemmer":
    return Stemmer.Stemmer("english")


@cache
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))
