"""How well quotes support a sentence, by late interaction on the encoder's token states.

Each token of the sentence finds its most similar token among all quotes' (MaxSim; Khattab and Zaharia,
ColBERT, SIGIR 2020); the support is the mean over the sentence's tokens.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from indexer.encoder import Encoder, Encoding
from service.answer import Quote

REMEMBERED = 256
"""Quotes whose encodings are kept: an answer's sentences cite the same few."""


class LateInteraction:
    """Support of a text by quotes, 0 to 1. Safe to call from several threads at once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: OrderedDict[str, Encoding] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, text: str, quotes: Sequence[Quote]) -> float:
        """One encoder pass, for the text and those quotes that are not remembered."""
        wanted = list(dict.fromkeys(quote.text for quote in quotes))
        with self._lock:
            found = {quote: self._known[quote] for quote in wanted if quote in self._known}
        new = [quote for quote in wanted if quote not in found]
        said, *encoded = self._encoder.encode_passages([text, *new])
        found |= dict(zip(new, encoded, strict=True))
        self._remember(found)
        tokens = [found[quote].tokens for quote in wanted if len(found[quote].tokens)]
        if not tokens or not len(said.tokens):
            return 0.0
        nearest = (said.tokens @ np.concatenate(tokens).T).max(axis=1)
        return float(np.clip(nearest.mean(), 0.0, 1.0))

    def _remember(self, found: dict[str, Encoding]) -> None:
        with self._lock:
            for quote, encoding in found.items():
                self._known[quote] = encoding
                self._known.move_to_end(quote)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
