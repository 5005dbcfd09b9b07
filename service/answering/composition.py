"""An answer put together sentence by sentence, each with its citations, as the sentences are proven."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.answer import Answer, Citation, Generation, Mode, Quote


@dataclass(frozen=True, slots=True)
class VerifiedSentence:
    """One sentence of the answer to come, with the citations that prove it.

    ``before`` is the white space that stands between it and the sentence before.
    """

    text: str
    answer_start: int
    citations: tuple[Citation, ...]
    before: str = ""


class Composition:
    """Grows by one sentence at a time. Quotes are numbered from 1 as they are first cited."""

    def __init__(self) -> None:
        self._text = ""
        self._citations: list[Citation] = []
        self._markers: dict[Quote, int] = {}

    def __bool__(self) -> bool:
        return bool(self._citations)

    def add(self, text: str, quotes: Sequence[Quote], *, derived: bool) -> VerifiedSentence:
        before = " " if self._text else ""
        start = len(self._text) + len(before)
        citations = tuple(
            Citation(
                self._markers.setdefault(quote, len(self._markers) + 1),
                *(start, start + len(text)),
                quote,
                derived,
            )
            for quote in dict.fromkeys(quotes)
        )
        self._text += before + text
        self._citations += citations
        return VerifiedSentence(text, start, citations, before)

    def answer(self, confidence: float, generation: Generation) -> Answer:
        """The answer. Raises ValueError where nothing was added."""
        return Answer(
            self._text,
            tuple(self._citations),
            Mode.GENERATED,
            confidence,
            len(generation.withdrawn),
            generation,
        )
