"""Vectors that lie as the encoder's do, made a hundred times as quickly as it makes them.

For corpora too large to be encoded for a measurement of speed. From real passages, encoded, it is learnt
what the encoder makes of each word piece on average, how far from that the tokens of one passage are
together, and each of them by itself. A token's vector is its piece's average, what a passage that shares
the text's rarest piece has together, and one of the strayings met; a passage's is the mean of its tokens and
one of the strayings of passages. So texts are near to what shares their words, about as real ones are.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from indexer.encoder import EncoderCard, Encoding, Floats, open_encoder, read_card, unit

SEED = 11
STRAYINGS = 20_000


class Likeness:
    """An ``indexer.encoder.Encoder`` that guesses. ``folder`` is an exported encoder, ``sample`` are passages."""

    def __init__(self, folder: Path, sample: Sequence[str]) -> None:
        self._card = read_card(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._card.longest_input)
        self._random = np.random.default_rng(SEED)
        met = open_encoder(folder, 2).encode_passages(sample)
        tokens = np.concatenate([encoding.tokens for encoding in met])
        pieces = np.concatenate([encoding.pieces for encoding in met])
        self._means = self._average(pieces, tokens)
        strayed = tokens - self._means[pieces]
        ends = np.cumsum([len(encoding.tokens) for encoding in met])
        self._together = np.stack([part.mean(axis=0) for part in np.split(strayed, ends[:-1])])
        strayed -= np.repeat(self._together, [len(encoding.tokens) for encoding in met], axis=0)
        self._holding = [np.zeros(0, np.int64) for _ in range(self._card.vocabulary)]
        order = np.argsort(pieces, kind="stable")
        owners = np.repeat(np.arange(len(met)), [len(encoding.tokens) for encoding in met])[order]
        for piece, holders in zip(*_grouped(pieces[order], owners), strict=True):
            self._holding[piece] = holders
        self._rarity = np.array([len(holders) or len(met) + 1 for holders in self._holding])
        self._strayings = strayed[self._random.permutation(len(strayed))[:STRAYINGS]]
        self._passages = np.stack([e.pooled - unit(e.tokens.mean(axis=0)) for e in met if len(e.tokens)])

    @property
    def card(self) -> EncoderCard:
        return self._card

    def encode_question(self, text: str) -> Encoding:
        return self.encode_passages([text])[0]

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        entries = self._tokenizer.encode_batch(list(texts))
        kept = [np.flatnonzero(np.asarray(entry.special_tokens_mask) == 0) for entry in entries]
        pieces = [np.asarray(e.ids, np.int32)[k] for e, k in zip(entries, kept, strict=True)]
        everything = np.concatenate(pieces)
        lengths = [len(each) for each in pieces]
        tokens = self._means[everything] + self._strayings[self._draw(len(self._strayings), len(everything))]
        tokens += np.repeat(self._together[[self._like(each) for each in pieces]], lengths, axis=0)
        tokens = unit(tokens)
        parts = np.split(tokens, np.cumsum(lengths)[:-1])
        means = np.stack([part.mean(axis=0) if len(part) else self._means[0] for part in parts])
        pooled = unit(unit(means) + self._passages[self._draw(len(self._passages), len(parts))])
        return [
            Encoding(pooled[i], part, pieces[i], np.asarray(entries[i].offsets, np.int32)[kept[i]])
            for i, part in enumerate(parts)
        ]

    def _like(self, pieces: npt.NDArray[np.int32]) -> int:
        """One of the sampled passages that hold the rarest of some pieces; any where none holds one."""
        holders = self._holding[pieces[self._rarity[pieces].argmin()]] if len(pieces) else ()
        return int(holders[self._random.integers(len(holders))]) if len(holders) else 0

    def _average(self, pieces: npt.NDArray[np.int32], tokens: Floats) -> Floats:
        """The mean vector of each piece [V, D]; a drawn one for those that were not met."""
        sums = np.zeros((self._card.vocabulary, tokens.shape[1]), np.float32)
        np.add.at(sums, pieces, tokens)
        counts = np.bincount(pieces, minlength=len(sums))
        drawn = tokens[self._draw(len(tokens), len(sums))]
        return np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], drawn)

    def _draw(self, choices: int, count: int) -> npt.NDArray[np.int64]:
        return self._random.integers(0, choices, count)


def _grouped(
    keys: npt.NDArray[np.int32], values: npt.NDArray[np.int64]
) -> tuple[list[int], list[npt.NDArray[np.int64]]]:
    """Each of some sorted keys once, and its different values."""
    different, starts = np.unique(keys, return_index=True)
    return different.tolist(), [np.unique(part) for part in np.split(values, starts[1:])]
