"""The wire contract, version 1: what every channel sends, and its translation from and to values.

Offsets count Unicode code points and are half open. The field order here is the order on the wire.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from indexer.announcement import Announcement
from service import answer
from service.answer import (
    Answer,
    Clarification,
    Fallback,
    Generation,
    Mode,
    Quote,
    Reason,
    Refusal,
    Reply,
    Withdrawal,
)
from service.answering.assistant import Hit, VerifiedSentence
from service.answering.assistant import Source as IndexedSource
from service.conversation import Conversation as StoredConversation
from service.conversation import Turn, Vote
from service.errors import AnswerInvalid, AnswerUnproven
from service.fragment import fragment_url, plain_url, web_url
from service.speaker import speaker_of

MESSAGE_PATTERN = r"^[^\x00]*[^\s\x00][^\x00]*$"
"""What ``Spoken`` accepts, as an ECMA 262 regular expression for the API's description."""

Status = Literal["answered", "refused", "clarify"]

LONGEST_CONTENT = 16_384
MOST_MESSAGES = 64
MOST_PASSAGES = 50
LONGEST_COMMENT = 2_000
LONGEST_ID = 200
CACHED_CITATIONS = 4_096


def _spoken(value: str) -> str:
    if "\x00" in value:
        raise ValueError("holds a NUL character")
    if not value.strip():
        raise ValueError("is empty or blank")
    return value


Spoken = Annotated[
    str,
    AfterValidator(_spoken),
    WithJsonSchema({"type": "string", "minLength": 1, "pattern": MESSAGE_PATTERN}),
]
"""Text with something to read in it."""


class Wire(BaseModel):
    """A shape on the wire; unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(Wire):
    """The proof of ``text[answer_start:answer_end]``: ``source.text[quote_start:quote_end] == quote``.

    Among a refusal's nearest passages, which prove nothing, the answer span is empty. ``url``
    scrolls a browser to the quote. The highlight lies within the quote.
    """

    marker: int = Field(ge=1)
    answer_start: int = Field(ge=0)
    answer_end: int = Field(ge=0)
    source_id: str
    source_sha256: str
    quote: str
    quote_start: int = Field(ge=0)
    quote_end: int = Field(ge=0)
    title: str
    url: str | None = None
    published: date | None = None
    highlight_start: int | None = None
    highlight_end: int | None = None
    speaker: str | None = None
    """Who says it, where the quote itself names one speaker."""
    derived: bool = False
    """The sentence has a figure that was computed from two that its quotes hold."""


class WithdrawnSentence(Wire):
    """What a language model wrote, why it was withdrawn, and the quotes that should have proven it."""

    text: str
    reason: str
    detail: str
    quotes: list[Citation]


class GenerationDetail(Wire):
    """How a language model took part: itself, and the versions of its prompts, as ``stage:version``.

    With a ``fallback``, the answer is verbatim, or if it is generated it ends early. ``withdrawn`` is
    given to those who ask to have the answer explained.
    """

    model: str | None
    prompts: list[str]
    fallback: Fallback | None = None
    withdrawn: list[WithdrawnSentence] | None = None


class RefusalDetail(Wire):
    """Why there is no answer, what comes nearest, and for an ambiguous question its readings."""

    reason: Reason
    nearest: list[Citation]
    readings: list[str] = []


class ChatReply(Wire):
    """What came back for one message."""

    id: str
    conversation_id: str
    status: Status
    text: str
    mode: Mode
    confidence: float
    citations: list[Citation]
    refusal: RefusalDetail | None = None
    withdrawn: int = 0
    notice: str | None = None
    """What a reader should know about the answer, such as that no language model wrote it."""
    generation: GenerationDetail | None = None
    standalone_question: str


class ChatRequest(Wire):
    """One message to the assistant."""

    message: Spoken
    conversation_id: Annotated[str, Field(max_length=LONGEST_ID)] | None = None
    mode: Mode | None = None
    stream: bool = False
    explain: bool = False
    """Whether the reply lists the sentences that were withdrawn, and why."""


class SearchMessage(Wire):
    """One message of a history."""

    role: Literal["user", "assistant"]
    content: Annotated[Spoken, Field(max_length=LONGEST_CONTENT)]


class SearchRequest(Wire):
    """What retrieval is asked: a history, its last message the question, and how many passages."""

    messages: Annotated[list[SearchMessage], Field(min_length=1, max_length=MOST_MESSAGES)]
    k: int = Field(default=5, ge=1, le=MOST_PASSAGES)


class FoundPassage(Wire):
    """A passage: ``source.text[start:end] == text``."""

    source_id: str
    text: str
    start: int
    end: int
    score: float


class SearchReply(Wire):
    """Passages, best first."""

    passages: list[FoundPassage]


class SourceSummary(Wire):
    """An indexed announcement; ``characters`` is the length of its text in code points."""

    id: str
    sha256: str
    title: str
    language: str
    characters: int
    issuer: str | None
    published: str | None
    url: str | None


class SourceText(SourceSummary):
    """An indexed announcement, whole. ``sha256`` is that of the text's UTF-8 form."""

    text: str


class SourceList(Wire):
    """What is indexed."""

    sources: list[SourceSummary]


class ConversationTurn(Wire):
    """A question as it was asked, and what came back."""

    question: str
    asked_at: str
    answer: ChatReply


class ConversationReply(Wire):
    """A conversation's turns, oldest first."""

    id: str
    turns: list[ConversationTurn]


class FeedbackRequest(Wire):
    """What a reader thinks of an answer."""

    value: Vote
    comment: Annotated[str, Field(max_length=LONGEST_COMMENT, pattern=r"^[^\x00]*$")] | None = None


class FeedbackReply(Wire):
    """The feedback as it was stored."""

    id: str
    value: Vote
    comment: str | None


class SuggestionList(Wire):
    """Questions that the announcements answer."""

    questions: list[str]


class WidgetToken(Wire):
    """What lets the pages of one origin in, for ``expires_in`` seconds, as a bearer token."""

    token: str
    expires_in: int


class Health(Wire):
    """Whether the service is alive, or ready to answer; and then from which index generation."""

    status: Literal["alive", "ready"]
    generation: int | None = None


class StatusEvent(Wire):
    """What is being done now."""

    text: str


class SentenceEvent(Wire):
    """One verified sentence of the answer to come, which it begins at ``answer_start``."""

    text: str
    answer_start: int
    citations: list[Citation]


def chat_reply(turn: Turn, *, explain: bool = False) -> ChatReply:
    """The turn as the contract has it; ``explain`` adds the sentences that were withdrawn."""
    reply = turn.reply
    status: Status
    mode, citations, refusal, withdrawn = Mode.VERBATIM, [], None, 0
    generation = reply.generation if isinstance(reply, Answer) else None
    match reply:
        case Answer():
            status, mode, withdrawn = "answered", reply.mode, reply.withdrawn
            citations = [_citation(c) for c in reply.citations]
        case Refusal():
            status, withdrawn = "refused", reply.withdrawn
            refusal = RefusalDetail(reason=reply.reason, nearest=_nearest(reply.nearest))
        case Clarification():
            status = "clarify"
            refusal = RefusalDetail(
                reason=Reason.AMBIGUOUS, nearest=_nearest(reply.nearest), readings=list(reply.readings)
            )
    return ChatReply(
        id=turn.id,
        conversation_id=turn.conversation_id,
        status=status,
        text=reply.text,
        mode=mode,
        confidence=reply.confidence,
        citations=citations,
        refusal=refusal,
        withdrawn=withdrawn,
        notice=None if generation is None else generation.notice,
        generation=None if generation is None else _generation(generation, explain=explain),
        standalone_question=turn.standalone_question,
    )


def sentence_event(sentence: VerifiedSentence) -> SentenceEvent:
    return SentenceEvent(
        text=sentence.text,
        answer_start=sentence.answer_start,
        citations=[_citation(c) for c in sentence.citations],
    )


def conversation_reply(conversation: StoredConversation) -> ConversationReply:
    return ConversationReply(
        id=conversation.id,
        turns=[
            ConversationTurn(
                question=turn.question, asked_at=turn.asked_at.isoformat(), answer=chat_reply(turn)
            )
            for turn in conversation.turns
        ],
    )


def search_reply(hits: Sequence[Hit]) -> SearchReply:
    return SearchReply(
        passages=[
            FoundPassage(source_id=h.source_id, text=h.text, start=h.start, end=h.end, score=h.score)
            for h in hits
        ]
    )


def source_list(sources: Sequence[IndexedSource]) -> SourceList:
    return SourceList(
        sources=[
            SourceSummary(
                id=s.id,
                sha256=s.sha256,
                title=s.title,
                language=s.language,
                characters=s.characters,
                issuer=s.issuer,
                published=s.published,
                url=web_url(s.url),
            )
            for s in sources
        ]
    )


def source_text(source: Announcement) -> SourceText:
    return SourceText(
        id=source.id,
        sha256=source.sha256,
        title=source.title,
        language=source.language,
        characters=len(source.text),
        issuer=source.issuer,
        published=source.published.isoformat() if source.published else None,
        url=web_url(source.url),
        text=source.text,
    )


def read_chat_reply(document: str | bytes) -> ChatReply:
    """The answer in a JSON document, such as a reader stored or pasted.

    Raises AnswerInvalid, saying where, for a document that is not of the contract's shape.
    """
    try:
        return ChatReply.model_validate_json(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        raise AnswerInvalid(f"{where}: {first['msg']}") from error


def reply_of(wire: ChatReply) -> Reply:
    """The value behind a reply on the wire: undoes ``chat_reply``.

    Raises AnswerUnproven for an answer that could not have been given: a sentence without a
    citation, a quote that is not as long as its offsets say, a refusal without a reason.
    """
    try:
        if wire.status == "answered":
            return Answer(
                wire.text,
                tuple(_citation_value(c) for c in wire.citations),
                wire.mode,
                wire.confidence,
                wire.withdrawn,
                _generation_value(wire),
            )
        if wire.refusal is None:
            raise ValueError(f"status {wire.status!r} needs a refusal")
        nearest = tuple(_quote_value(c) for c in wire.refusal.nearest)
        if wire.status == "clarify":
            return Clarification(wire.text, tuple(wire.refusal.readings), nearest, wire.confidence)
        return Refusal(wire.text, wire.refusal.reason, nearest, wire.confidence, wire.withdrawn)
    except ValueError as error:
        raise AnswerUnproven(str(error)) from error


def _generation(generation: Generation, *, explain: bool) -> GenerationDetail:
    withdrawn = [
        WithdrawnSentence(text=w.text, reason=w.reason, detail=w.detail, quotes=_nearest(w.quotes))
        for w in generation.withdrawn
    ]
    return GenerationDetail(
        model=generation.model,
        prompts=list(generation.prompts),
        fallback=generation.fallback,
        withdrawn=withdrawn if explain else None,
    )


def _generation_value(wire: ChatReply) -> Generation | None:
    if wire.generation is None:
        return None
    withdrawn = tuple(
        Withdrawal(w.text, w.reason, w.detail, tuple(_quote_value(c) for c in w.quotes))
        for w in wire.generation.withdrawn or ()
    )
    detail = wire.generation
    return Generation(detail.model, tuple(detail.prompts), withdrawn, detail.fallback, wire.notice)


def _nearest(quotes: Sequence[Quote]) -> list[Citation]:
    return [_citation(answer.Citation(marker, 0, 0, quote)) for marker, quote in enumerate(quotes, 1)]


@lru_cache(CACHED_CITATIONS)
def _citation(citation: answer.Citation) -> Citation:
    """The same for the same citation: replies that are remembered are given over and over."""
    quote = citation.quote
    return Citation(
        marker=citation.marker,
        answer_start=citation.answer_start,
        answer_end=citation.answer_end,
        source_id=quote.source_id,
        source_sha256=quote.source_sha256,
        quote=quote.text,
        quote_start=quote.start,
        quote_end=quote.end,
        title=quote.title,
        url=fragment_url(quote.url, quote.text),
        published=quote.published,
        highlight_start=quote.highlight_start,
        highlight_end=quote.highlight_end,
        speaker=speaker_of(quote.text),
        derived=citation.derived,
    )


def _citation_value(wire: Citation) -> answer.Citation:
    quote = _quote_value(wire)
    return answer.Citation(wire.marker, wire.answer_start, wire.answer_end, quote, wire.derived)


def _quote_value(wire: Citation) -> Quote:
    return Quote(
        source_id=wire.source_id,
        source_sha256=wire.source_sha256,
        text=wire.quote,
        start=wire.quote_start,
        end=wire.quote_end,
        title=wire.title,
        url=plain_url(wire.url),
        published=wire.published,
        highlight_start=wire.highlight_start,
        highlight_end=wire.highlight_end,
    )
