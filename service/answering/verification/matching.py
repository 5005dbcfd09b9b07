"""Where in its quotes each word and figure of a claim stands, or what stands for it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.answering.verification.alignment import Source, same_figure
from service.answering.verification.support import Support
from service.answering.verification.word import Word
from service.quantity import Quantity

SYNONYM = 0.9
"""What a word that may stand for another counts beside that word itself."""
NEAR = 0.5
"""How alike two words must be to an encoder that reads them in their sentences."""


@dataclass(frozen=True, slots=True)
class Match:
    """A place of a quote, and how surely it is what the claim means, 0 to 1."""

    quote: int
    sentence: int
    start: int
    end: int
    strength: float


class Matching:
    """Matches of one claim, each looked up once."""

    def __init__(self, sources: Sequence[Source], support: Support | None) -> None:
        self._sources = sources
        self._support = support
        self._known: dict[int, tuple[Match, ...]] = {}

    def of(self, word: Word) -> tuple[Match, ...]:
        """Where a word stands: by its letters and the thesaurus, and where these know none, by its meaning."""
        if word.start not in self._known:
            self._known[word.start] = self._spelled(word) or self._meant(word)
        return self._known[word.start]

    def of_figure(self, figure: Quantity) -> tuple[Match, ...]:
        return tuple(
            Match(s.quote, s.clause.sentence, other.start, other.end, 1.0)
            for s in self._sources
            for other in s.clause.figures
            if same_figure(figure, other)
        )

    def nearest(self, word: Word) -> float:
        """How near the nearest token of the quotes comes to a word; 1 where nothing can tell."""
        if self._support is None:
            return 1.0
        rows = self._support.tokens_of(word.start, word.end)
        return float(self._support.similar[rows].max(axis=1).min()) if len(rows) else 1.0

    def _spelled(self, word: Word) -> tuple[Match, ...]:
        return tuple(
            Match(
                s.quote,
                s.clause.sentence,
                other.start,
                other.end,
                1.0 if other.stem == word.stem else SYNONYM,
            )
            for s in self._sources
            for other in s.clause.words
            if word.like(other)
        )

    def _meant(self, word: Word) -> tuple[Match, ...]:
        if self._support is None or word.korean:
            return ()
        rows = self._support.tokens_of(word.start, word.end)
        if not len(rows):
            return ()
        similar = self._support.similar[rows].max(axis=0)
        best = int(similar.argmax())
        if similar[best] < NEAR:
            return ()
        quote, start, end = (int(value) for value in self._support.places[best])
        sentence = next(
            (
                s.clause.sentence
                for s in self._sources
                if s.quote == quote and s.clause.start <= start < s.clause.end
            ),
            -1,
        )
        return (Match(quote, sentence, start, end, float(np.clip(similar[best], 0, 1))),)
