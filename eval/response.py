"""What an endpoint replied, in the one form that every target yields and every metric reads."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from pydantic import ConfigDict, TypeAdapter

CONTEXT = 160
"""Characters of the source that are kept on either side of a quote, for whoever reads the report."""


class Status(StrEnum):
    """What kind of reply it is."""

    ANSWERED = "answered"
    REFUSED = "refused"
    CLARIFY = "clarify"
    """A question back."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, with the source around its quote.

    ``answer_start`` and ``answer_end`` are offsets in the reply's text, ``start`` and ``end`` in the
    source's. ``exact`` says whether the source, of the hash given, has the quote at these offsets.
    """

    marker: int
    answer_start: int
    answer_end: int
    source_id: str
    quote: str
    start: int
    end: int
    exact: bool
    before: str = ""
    after: str = ""
    title: str = ""
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """One reply. ``seconds`` is how long the graded turn took, from the question to the whole reply.

    ``confidence`` is the probability that the announcements answer the question, where the endpoint
    gives one. ``cites`` says whether the endpoint proves its answers by quotes: facts are then looked
    for in the quotes alone. ``passages`` are what retrieval finds, best first; None where it was not
    asked. ``cost`` is in the currency that the prices were given in.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    status: Status
    text: str
    seconds: float
    cites: bool = False
    citations: tuple[Cited, ...] = ()
    nearest: tuple[str, ...] = ()
    confidence: float | None = None
    reason: str | None = None
    passages: tuple[str, ...] | None = None
    standalone_question: str = ""
    withdrawn: int = 0
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    model: str | None = None

    @property
    def answered(self) -> bool:
        return self.status is Status.ANSWERED

    @property
    def evidence(self) -> tuple[tuple[str, date | None], ...]:
        """The texts in which facts are looked for, each with its date of publication."""
        if self.cites:
            return tuple((c.quote, c.published) for c in self.citations)
        return ((self.text, None),)


@dataclass(frozen=True, slots=True)
class Failure:
    """No reply: what went wrong. It is never scored as if it were one."""

    error: str


Result = Response | Failure


@cache
def response_adapter() -> "TypeAdapter[Response]":
    return TypeAdapter(Response)
