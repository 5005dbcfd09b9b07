"""What a language model may call over the Model Context Protocol: `ask`, `search` and `get_source`.

A tool that cannot do what it is asked says why in its result, so that the model can do better; what
it returns has the shapes of the wire contract.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import mcp_types as types
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from service import wire
from service.answer import Mode
from service.answering.assistant import AssistantLike, Message
from service.channels.body import request_invalid
from service.channels.marked import mark
from service.channels.problem import log_error, problem_of
from service.channels.record import record_turn
from service.errors import RequestInvalid
from service.metrics import Metrics
from service.pool import Pool
from service.settings import Settings
from service.uri import source_uri

INSTRUCTIONS = """\
Herald answers questions about announcements and proves every sentence of an answer with an exact
quote. Ask it one question at a time; a follow-up belongs to the conversation whose id the answer
before it carries. Where the announcements do not say, it refuses and offers what comes nearest, which
is no answer. All offsets are half open and count Unicode code points: the quote of a citation is
source.text[quote_start:quote_end] of the source with source_id, whose text has the SHA-256 source_sha256."""

ASK = """\
Answer a question from the announcements. Every sentence of `text` is proven by the citations whose
answer_start and answer_end enclose it. `status` is answered, refused (the announcements do not say; never
answer from refusal.nearest) or clarify (ask the user which of refusal.readings is meant)."""

SEARCH = """\
Find the passages of the announcements that come nearest to a question, best first. Each is
source.text[start:end] of the source with source_id. A passage found need not hold an answer."""

SOURCE = """\
Give one announcement whole: its text, to which all offsets refer (Unicode code points from 0, half open),
and sha256, the SHA-256 of that text's UTF-8 form in hexadecimal."""


class Arguments(BaseModel):
    """What a tool is given."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AskArguments(Arguments):
    """One question."""

    question: wire.Spoken = Field(description="The question, in English or Korean.")
    conversation_id: Annotated[str, Field(max_length=wire.LONGEST_ID)] | None = Field(
        default=None,
        description="The conversation that a follow-up belongs to, as an earlier answer gave it.",
    )
    mode: Mode | None = Field(default=None, description="verbatim: the announcements' own sentences.")


class SearchArguments(Arguments):
    """What passages are looked for."""

    question: wire.Spoken = Field(description="What the passages should be about.")
    k: int = Field(default=5, ge=1, le=wire.MOST_PASSAGES, description="How many passages.")


class SourceArguments(Arguments):
    """Which announcement."""

    id: str = Field(
        min_length=1, max_length=wire.LONGEST_ID, description="A source_id of a citation or passage."
    )


Call = Callable[[Any, Request], Awaitable[tuple[BaseModel, list[str]]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A tool: how it is listed, what it takes, and what calling it does.

    ``call`` gives the structured result and its texts for readers who see no structure.
    """

    tool: types.Tool
    arguments: type[Arguments]
    call: Call


class Toolbox:
    """The tools, over the collaborators that they call."""

    def __init__(self, assistant: AssistantLike, settings: Settings, metrics: Metrics, pool: Pool) -> None:
        self._assistant = assistant
        self._settings = settings
        self._metrics = metrics
        self._pool = pool
        entries = (
            _entry("ask", "Ask the announcements", ASK, AskArguments, wire.ChatReply, self._ask),
            _entry(
                "search", "Search the announcements", SEARCH, SearchArguments, wire.SearchReply, self._search
            ),
            _entry(
                "get_source",
                "Read an announcement",
                SOURCE,
                SourceArguments,
                wire.SourceText,
                self._get_source,
            ),
        )
        self._entries: Mapping[str, Entry] = {entry.tool.name: entry for entry in entries}

    def tools(self) -> list[types.Tool]:
        """The tools as a client lists them."""
        return [entry.tool for entry in self._entries.values()]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    async def call(self, name: str, arguments: Mapping[str, Any], request: Request) -> types.CallToolResult:
        """Call a tool; what goes wrong is its result."""
        entry = self._entries[name]
        try:
            given = _validated(entry.arguments, arguments)
            result, texts = await entry.call(given, request)
        except Exception as error:
            log_error(error)
            return types.CallToolResult(content=[_text(problem_of(error).detail)], is_error=True)
        # Clients of before structured results read only content: the JSON is there for them.
        content: list[types.ContentBlock] = [_text(text) for text in (*texts, result.model_dump_json())]
        structured = result.model_dump(mode="json")
        return types.CallToolResult(content=content, structured_content=structured, is_error=False)

    async def _ask(self, given: AskArguments, request: Request) -> tuple[BaseModel, list[str]]:
        self._bound(given.question)
        if self._settings.log_questions:
            request.state.log["question"] = given.question
        turn = await self._pool.run(
            self._assistant.ask,
            given.question,
            conversation_id=given.conversation_id,
            mode=given.mode,
            owner=request.state.owner,
        )
        record_turn(request, self._metrics, turn)
        reply = wire.chat_reply(turn)
        return reply, [readable(reply)]

    async def _search(self, given: SearchArguments, _: Request) -> tuple[BaseModel, list[str]]:
        self._bound(given.question)
        hits = await self._pool.run(self._assistant.search, [Message("user", given.question)], given.k)
        return wire.search_reply(hits), []

    async def _get_source(self, given: SourceArguments, _: Request) -> tuple[BaseModel, list[str]]:
        return wire.source_text(await self._pool.run(self._assistant.source, given.id)), []

    def _bound(self, question: str) -> None:
        limit = self._settings.message_limit
        if len(question) > limit:
            why = f"{len(question)} characters long; at most {limit} are allowed"
            raise RequestInvalid([("/question", why)])


def _entry(
    name: str, title: str, description: str, arguments: type[Arguments], result: type[BaseModel], call: Call
) -> Entry:
    tool = types.Tool(
        name=name,
        title=title,
        description=description,
        input_schema=arguments.model_json_schema(),
        output_schema=result.model_json_schema(mode="serialization"),
        # To ask also adds a turn to a conversation, but alters nothing that was there.
        annotations=types.ToolAnnotations(
            read_only_hint=name != "ask", destructive_hint=False, open_world_hint=False
        ),
    )
    return Entry(tool, arguments, call)


def readable(reply: wire.ChatReply) -> str:
    """A reply for a reader who sees text alone: its sentences with their markers, then the quotes."""
    lines = [mark(reply.text, reply.citations).text]
    if reply.citations:
        quotes = {c.marker: c for c in reply.citations}
        lines += [f"[{marker}] {_quoted(citation)}" for marker, citation in quotes.items()]
    if reply.refusal is not None:
        lines += [f"· {reading}" for reading in reply.refusal.readings]
        lines += [f"Nearest, and no answer: {_quoted(citation)}" for citation in reply.refusal.nearest]
    return "\n".join(lines)


def _quoted(citation: wire.Citation) -> str:
    where = citation.url or source_uri(citation.source_id, citation.quote_start, citation.quote_end)
    return f"“{citation.quote}” ({citation.title}, {where})"


def _validated(model: type[Arguments], arguments: Mapping[str, Any]) -> Arguments:
    try:
        return model.model_validate(dict(arguments))
    except ValidationError as error:
        raise request_invalid(error.errors(include_url=False, include_input=False)) from error


def _text(text: str) -> types.TextContent:
    return types.TextContent(type="text", text=text)
