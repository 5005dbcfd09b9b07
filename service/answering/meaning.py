"""How far a sentence is supported by its quotes: by late interaction, and as the reader reads both together.

Late interaction is on the encoder's token states: each token of the sentence finds its most similar token
among all quotes' (MaxSim; Khattab and Zaharia, ColBERT, SIGIR 2020).
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date

import numpy as np

from indexer.encoder import Encoder, Encoding
from service.answering.reader import Reader
from service.answering.verification.support import Support

REMEMBERED = 512
"""Texts whose encodings are kept: an answer's sentences cite the same few quotes."""


class ModelledMeaning:
    """Support of a text by quotes. Safe to call from several threads at once."""

    def __init__(self, encoder: Encoder, reader: Reader) -> None:
        self._encoder = encoder
        self._reader = reader
        self._known: OrderedDict[str, Encoding] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, quotes: Sequence[str]) -> None:
        """Encode quotes that sentences are going to cite, in one batch."""
        self._encoded(quotes)

    def __call__(self, text: str, published: date | None, quotes: Sequence[str]) -> Support:
        """One pass of the reader, and one of the encoder for the text and those quotes not remembered."""
        found = self._encoded([text, *quotes])
        said, told = found[text], [found[quote] for quote in quotes]
        places = [
            np.column_stack([np.full(len(each.spans), number, np.int32), each.spans])
            for number, each in enumerate(told)
        ]
        tokens = np.concatenate([each.tokens for each in told])
        return Support(
            similar=said.tokens @ tokens.T,
            spans=said.spans,
            places=np.concatenate(places).astype(np.int32),
            proof=self._reader.proves(text, published, quotes),
        )

    def _encoded(self, texts: Sequence[str]) -> dict[str, Encoding]:
        wanted = list(dict.fromkeys(texts))
        with self._lock:
            found = {text: self._known[text] for text in wanted if text in self._known}
        new = [text for text in wanted if text not in found]
        if new:
            found |= dict(zip(new, self._encoder.encode_passages(new), strict=True))
        with self._lock:
            for text in wanted:
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found
