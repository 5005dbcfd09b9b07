"""What a reader gets: an answer whose every sentence is cited, a refusal, or a question back.

Offsets count Unicode code points and are half open. These values cannot be built in a state that
would mislead a reader: an answer has a citation for every sentence, and every citation's quote is
as long as its offsets say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Mode(StrEnum):
    """How an answer's sentences came about."""

    VERBATIM = "verbatim"
    """They are the source's own."""
    GENERATED = "generated"
    """A language model wrote them, and each was verified against its quotes."""


class Reason(StrEnum):
    """Why a question is not answered."""

    NOT_IN_ANNOUNCEMENTS = "not_in_announcements"
    AMBIGUOUS = "ambiguous"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Quote:
    """An exact stretch of a source: ``source.text[start:end] == text``, hash included.

    ``highlight_start`` and ``highlight_end`` mark, within ``text``, the figure, date or name that
    answers; both are None where nothing stands out.
    """

    source_id: str
    source_sha256: str
    text: str
    start: int
    end: int
    title: str
    url: str | None = None
    published: date | None = None
    highlight_start: int | None = None
    highlight_end: int | None = None

    def __post_init__(self) -> None:
        if not self.text or self.end - self.start != len(self.text) or self.start < 0:
            raise ValueError(f"quote of {len(self.text)} characters at {self.start}:{self.end}")
        if (self.highlight_start is None) != (self.highlight_end is None):
            raise ValueError("a highlight needs both its ends")
        if (
            self.highlight_start is not None
            and self.highlight_end is not None
            and not 0 <= self.highlight_start < self.highlight_end <= len(self.text)
        ):
            raise ValueError("a highlight lies within its quote")


@dataclass(frozen=True, slots=True)
class Citation:
    """The proof of one sentence of an answer: ``answer.text[answer_start:answer_end]`` by ``quote``.

    ``marker`` is the number that the reader sees, from 1; one quote has one marker. ``derived``: the
    sentence has a figure that was computed from two that its quotes hold.
    """

    marker: int
    answer_start: int
    answer_end: int
    quote: Quote
    derived: bool = False


class Fallback(StrEnum):
    """Why an answer is not, or not to its end, the language model's, where that was asked for."""

    NO_MODEL = "no_model"
    """None is configured."""
    UNAVAILABLE = "unavailable"
    BUSY = "busy"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    """The model's server does not accept the request, its key or the model's name."""
    INCOHERENT = "incoherent"
    CALLED_OFF = "called_off"
    """The reader left."""
    NOTHING_PROVEN = "nothing_proven"
    """No sentence that the model wrote is proven by its quotes."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A sentence that a language model wrote and that no reader was shown: ``quotes`` do not prove it."""

    text: str
    reason: str
    detail: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Generation:
    """How a language model took part in an answer.

    ``prompts`` are those it was given, as ``stage:version``. With a ``fallback`` the answer is verbatim,
    or if it is generated it ends early; ``notice`` then says so in a person's words.
    """

    model: str | None
    prompts: tuple[str, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()
    fallback: Fallback | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A text that its citations prove, sentence by sentence.

    ``generation`` is None where no language model was asked for.
    """

    text: str
    citations: tuple[Citation, ...]
    mode: Mode
    confidence: float
    withdrawn: int = 0
    generation: Generation | None = None

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("an answer needs a citation")
        uncited = uncovered(self.text, [(c.answer_start, c.answer_end) for c in self.citations])
        if uncited is not None:
            raise ValueError(f"no citation proves {self.text[slice(*uncited)]!r}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An honest 'the announcements do not say', with the nearest passages offered."""

    text: str
    reason: Reason
    nearest: tuple[Quote, ...]
    confidence: float
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question back: ``text`` asks, ``readings`` are the standalone questions to choose from."""

    text: str
    readings: tuple[str, ...]
    nearest: tuple[Quote, ...]
    confidence: float


Reply = Answer | Refusal | Clarification


def uncovered(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The first stretch of ``text``, white space aside, that no span covers; None if there is none.

    Raises ValueError for a span that is empty or reaches outside the text.
    """
    position = 0
    for start, end in sorted(spans):
        if not 0 <= start < end <= len(text):
            raise ValueError(f"span {start}:{end} outside a text of {len(text)} characters")
        if text[position:start].strip():
            return position, start
        position = max(position, end)
    return (position, len(text)) if text[position:].strip() else None
