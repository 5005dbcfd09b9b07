"""What every method under test is: documents in, and for a question what it found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Document:
    """A text to find things in. ``sentences`` are the half-open offsets of its sentences."""

    id: str
    text: str
    language: str
    sentences: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or the chunk of a method that knows no sentences; ``start`` is its offset."""

    document: str
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Finding:
    """Document ids, best first and each once; the best piece; how sure the method is (more is surer)."""

    documents: tuple[str, ...]
    best: Piece | None
    confidence: float


class Method(Protocol):
    """A way to find things. ``index`` replaces what was indexed before."""

    @property
    def name(self) -> str: ...

    @property
    def finds_sentences(self) -> bool:
        """Whether its pieces are sentences."""
        ...

    def index(self, documents: Sequence[Document]) -> None: ...

    def find(self, questions: Sequence[str]) -> list[Finding]:
        """What it finds for each question, asked on its own."""
        ...


def unique(ids: Iterable[str]) -> tuple[str, ...]:
    """The ids in their order, each once."""
    return tuple(dict.fromkeys(ids))


def sentences_of(document: Document) -> list[Piece]:
    """The sentences of a document as pieces."""
    return [Piece(document.id, start, document.text[start:end]) for start, end in document.sentences]
