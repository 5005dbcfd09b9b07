"""The third stage with a language model: sentences written from numbered quotes, each citing its own.

Nothing here is believed: what comes out is for the verifier. What a model can write that no quote
could ever prove (a number that it was not given, the prompt, the rest of a text that was cut off) is
marked as flawed on the spot.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

from prompts.prompt import Prompt
from service.answer import Quote
from service.answering.draft import Draft, Drafted
from service.answering.stray import stray
from service.deadline import Deadline
from service.errors import ModelError, ModelIncoherent
from service.model import Model

MOST_SENTENCES = 12
"""Sentences of one text that are looked at; a model that has said more repeats itself."""
NOTHING = "nothing"
"""What the prompt asks for where the quotes do not answer."""


class Flaw(StrEnum):
    """Why a sentence cannot be delivered, whatever its quotes say."""

    UNKNOWN_CITATION = "unknown_citation"
    """It cites a number that the model was not given."""
    DECLINED = "declined"
    """The model says that the quotes do not answer."""
    UNFINISHED = "unfinished"
    """The text was cut off in it."""
    REPEATED = "repeated"
    """It was said before."""
    STRAY = "stray"
    """It holds an address, markup, a script or words of the prompt that its quotes do not hold."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as the model wrote it, and the quotes that it cites; ``detail`` explains the flaw."""

    text: str
    quotes: tuple[Quote, ...]
    flaw: Flaw | None = None
    detail: str = ""


def write(
    model: Model, prompt: Prompt, question: str, language: str, quotes: Sequence[Quote], deadline: Deadline
) -> Generator[Written, None, None]:
    """What the model writes about a question from quotes, sentence by sentence, as each is ended.

    Raises ModelError after the sentences that were ended before the model failed.
    """
    request = prompt.fill(language=language, question=_line(question), evidence=numbered(quotes))
    seen: set[str] = set()
    with closing(model.stream(request, deadline)) as pieces:
        for drafted in _drafted(pieces):
            written = _written(drafted, quotes, prompt.system)
            if written.flaw is None and written.text.casefold() in seen:
                written = Written(written.text, written.quotes, Flaw.REPEATED)
            seen.add(written.text.casefold())
            yield written


def numbered(quotes: Sequence[Quote]) -> str:
    """Quotes as a prompt lists them, one a line, numbered from 1, with the announcement's title and day."""
    lines = []
    for number, quote in enumerate(quotes, 1):
        published = f", {quote.published.isoformat()}" if quote.published else ""
        lines.append(f"[{number}] {_line(quote.text)} ({_line(quote.title)}{published})")
    return "\n".join(lines)


def _drafted(pieces: Iterator[str]) -> Iterator[Drafted]:
    draft, count = Draft(), 0
    try:
        for piece in pieces:
            for drafted in draft.feed(piece):
                count += 1
                yield drafted
                if count == MOST_SENTENCES:
                    return
            if draft.overlong:
                raise ModelIncoherent("a sentence without an end")
    except ModelError:
        yield from draft.finish()
        raise
    yield from draft.finish()


def _written(drafted: Drafted, quotes: Sequence[Quote], instructions: str) -> Written:
    cited = tuple(quotes[number - 1] for number in drafted.markers if 1 <= number <= len(quotes))
    unknown = [str(number) for number in drafted.markers if not 1 <= number <= len(quotes)]
    if drafted.text.strip(" .!\"'").casefold() == NOTHING:
        return Written(drafted.text, cited, Flaw.DECLINED)
    if not drafted.finished:
        return Written(drafted.text, cited, Flaw.UNFINISHED)
    if unknown:
        return Written(drafted.text, cited, Flaw.UNKNOWN_CITATION, ", ".join(unknown))
    found = stray(drafted.text, [quote.text for quote in cited or quotes], instructions)
    return Written(drafted.text, cited, None if found is None else Flaw.STRAY, found or "")


def _line(text: str) -> str:
    return " ".join(text.split())
