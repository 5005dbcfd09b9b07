"""Reads a question together with the sentences that may answer it.

The encoder sees a question and a text apart. This model sees both at once, so that it can tell what was
asked from what only sounds like it: the cost of a thing from its length, a reason from a consequence.
It is the encoder's own network, trained further (``eval/training/reader.py``) to mark the words that
answer, or none, as in Devlin et al., "BERT" (NAACL 2019, section 4.3). Another one of the same kind tells whether a
claim is proven by the sentences that it cites, which are read the same way. Both know words by the same vectors.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from indexer.network import open_network, open_session
from service.answering.question import Span
from service.answering.row import cells, introduction, is_header, is_row
from service.answering.scoring import Evidence

Floats = npt.NDArray[np.float32]

LANGUAGES = frozenset({"en", "ko"})
"""What it was trained on; about anything else it knows nothing."""
LONGEST_QUESTION, LONGEST_TITLE, LONGEST_CLAIM = 48, 24, 96
LONGEST = 224
"""Word pieces of a question, of a title, of a claim, and of question or claim with all that is read."""
LONGEST_SPAN = 30
NOTHING = -10.0
"""What a text without a single word piece is worth."""
BESIDE = 1
"""Sentences read before and after the one that may answer."""
INTRODUCED = 4
"""Rows that are read with what introduces them."""
_MARKS = " ?!.？！。"
FIRST, BETWEEN = 101, 102
"""The word pieces that begin the input, and that end each of its two parts."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``span``: how much better the best words answer than none would; ``whole``: the logit that they do.

    ``start`` and ``end`` are the best words' place in the text that was read.
    """

    span: float
    whole: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of what the reader reads, ``text[start:end]``, which stands ``at`` characters into a sentence."""

    sentence: int
    start: int
    end: int
    at: int

    def into(self, place: int) -> int:
        """Where in the sentence a place of the text is, or is nearest to."""
        return self.at + min(max(place, self.start), self.end) - self.start


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences of a passage as the reader reads them. What is in no piece, the names of a table's columns, is there
    for the reader alone."""

    text: str
    pieces: tuple[Piece, ...]

    def place(self, start: int, end: int) -> tuple[int, Span]:
        """The sentence in which ``text[start:end]`` begins, and where in it that stands."""
        first = next((piece for piece in self.pieces if piece.end > start), self.pieces[-1])
        own = [each for each in self.pieces if each.sentence == first.sentence and each.start < end]
        last = own[-1] if own else first
        return first.sentence, (first.into(start), last.into(end))


class Reader(Protocol):
    def read(self, question: str, title: str, text: str) -> Reading: ...

    def proves(self, claim: str, published: date | None, quotes: Sequence[str]) -> float: ...


class OnnxReader:
    """Runs the trained reader. Safe to use from several threads."""

    def __init__(self, folder: Path, *, proving: bool = True) -> None:
        """Open the network and its tokenizer; without ``proving`` not the part that ``proves`` needs, which takes a
        third of the time and the memory. Raises ValueError."""
        try:
            self._embeddings, self._tokenizer = open_network(
                folder / "reader-embeddings.onnx", folder / "reader-tokenizer.json"
            )
            self._answers = open_session(folder / "reader-answers.onnx")
            self._proofs = open_session(folder / "reader-proofs.onnx") if proving else None
        except ValueError as error:
            raise ValueError(f"{folder}: the reader cannot be opened: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def read(self, question: str, title: str, text: str) -> Reading:
        """Read a text, with its announcement's title, for the answer to a question. What is too long is cut
        at its end."""
        asked = under_title(self._tokenizer, question, title)
        read = self._tokenizer.encode(text, add_special_tokens=False)
        kept = read.ids[: room_after(asked)]
        if not kept:
            return Reading(NOTHING, NOTHING, 0, 0)
        starts, ends, whole = self._run(self._answers, asked, kept)
        within = slice(len(asked) + 2, len(asked) + 2 + len(kept))
        score, start, end = best_span(starts[0, within], ends[0, within])
        none = float(starts[0, 0] + ends[0, 0])
        return Reading(score - none, float(whole[0]), read.offsets[start][0], read.offsets[end][1])

    def proves(self, claim: str, published: date | None, quotes: Sequence[str]) -> float:
        """The logit that the quotes prove the claim. What is too long is cut at its end."""
        said = self._tokenizer.encode(claim, add_special_tokens=False).ids[:LONGEST_CLAIM]
        told = self._tokenizer.encode(cited(published, quotes), add_special_tokens=False).ids
        return float(self._run(self._proofs, said, told)[0][0])

    def _run(self, network: Any, asked: list[int], read: list[int]) -> list[Floats]:
        ids, parts = (np.array([each], np.int64) for each in joined(asked, read))
        mask = np.ones_like(ids)
        (states,) = self._embeddings.run(None, {"ids": ids, "mask": mask, "parts": parts})
        return list(network.run(None, {"states": states, "mask": mask, "parts": parts}))


def under_title(tokenizer: Any, question: str, title: str) -> list[int]:
    """The word pieces of a question, and of the title of what is read, if it has one.

    The question's mark is left out: whether somebody types it tells nothing of whether there is an answer.
    """
    asked, titled = (
        tokenizer.encode(each, add_special_tokens=False).ids for each in (question.rstrip(_MARKS), title)
    )
    asked, titled = asked[:LONGEST_QUESTION], titled[:LONGEST_TITLE]
    return [*asked, BETWEEN, *titled] if titled else asked


def room_after(asked: list[int]) -> int:
    """How many word pieces may follow those of a question or a claim; three mark the parts."""
    return LONGEST - 3 - len(asked)


def joined(asked: list[int], read: list[int]) -> tuple[list[int], list[int]]:
    """What the network is given: the word pieces of both, and 1 for those of the second. Cut at its end."""
    read = read[: room_after(asked)]
    parts = [0] * (len(asked) + 2) + [1] * (len(read) + 1)
    return [FIRST, *asked, BETWEEN, *read, BETWEEN], parts


def cited(published: date | None, quotes: Sequence[str]) -> str:
    """The quotes of a claim as they are read: after the day that "last year" and the like are told from."""
    return " ".join([published.isoformat() if published else "", *quotes]).strip()


def best_span(starts: Floats, ends: Floats) -> tuple[float, int, int]:
    """The highest sum of the logit of a first and of a last word piece [T], and which two they are."""
    sums = starts[:, None] + ends[None, :]
    places = np.arange(len(starts))
    length = places[None, :] - places[:, None]
    sums = np.where((length >= 0) & (length < LONGEST_SPAN), sums, -np.inf)
    start, end = divmod(int(sums.argmax()), len(ends))
    return float(sums[start, end]), start, end


def window(evidence: Evidence, sentence: int) -> Window:
    """A sentence with those beside it; a row with what introduces it, for its neighbours tell of other things; and
    what introduces rows with these. The cells of a table are read with the names of their columns."""
    if is_row(evidence, sentence):
        introducing = introduction(evidence, sentence)
        return _window(evidence, [sentence] if introducing is None else [introducing, sentence])
    behind = range(sentence + 1, min(sentence + 1 + INTRODUCED, len(evidence.sentences)))
    rows = [
        number
        for number in takewhile(lambda number: is_row(evidence, number), behind)
        if not is_header(evidence.text, *evidence.sentences[number])
    ]
    return with_rows(evidence, sentence, rows) if rows else beside(evidence, sentence)


def with_rows(evidence: Evidence, sentence: int, rows: Sequence[int]) -> Window:
    """A sentence with the rows behind it that it tells of."""
    return _window(evidence, [sentence, *rows])


def beside(evidence: Evidence, sentence: int) -> Window:
    """A sentence with those beside it."""
    last = min(sentence + BESIDE, len(evidence.sentences) - 1)
    return _window(evidence, range(max(sentence - BESIDE, 0), last + 1))


def _window(evidence: Evidence, sentences: Iterable[int]) -> Window:
    text, pieces = "", []
    for number in sentences:
        sentence = evidence.sentence(number)
        text += " " if text else ""
        for column, (start, end) in cells(evidence, number) or [("", (0, len(sentence)))]:
            text += (", " if start else "") + (f"{column}: " if column else "")
            pieces.append(Piece(number, len(text), len(text) + end - start, start))
            text += sentence[start:end]
    return Window(text, tuple(pieces))
