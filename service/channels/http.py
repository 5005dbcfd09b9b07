"""HTTP: each route translates a request into one call of the assistant or the store, and back."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, request_response

from service import wire
from service.answering.assistant import AssistantLike, Event, Message, Status, VerifiedSentence
from service.channels.body import read_body
from service.channels.description import described
from service.channels.events import EventStream, Numbered, begin
from service.channels.page import StaticFile, static_response
from service.channels.record import record_turn
from service.channels.resumption import Streamed, Streams, last_event
from service.conversation import ConversationStore, Turn, new_turn_id
from service.errors import NotFound, RequestInvalid
from service.metrics import CONTENT_TYPE, Metrics
from service.pool import Pool
from service.settings import Settings

Endpoint = Callable[..., Awaitable[Response]]


class HttpChannel:
    """The routes, over the collaborators that they call."""

    def __init__(
        self,
        assistant: AssistantLike,
        conversations: ConversationStore,
        settings: Settings,
        metrics: Metrics,
        pool: Pool,
    ) -> None:
        self._assistant = assistant
        self._conversations = conversations
        self._settings = settings
        self._metrics = metrics
        self._pool = pool
        self._streams = Streams(settings.resume_seconds)

    async def chat(self, request: Request) -> Response:
        """Ask. With `stream`, server-sent events `status`, `sentence`, `done` and `error` come back."""
        asked = await read_body(request, wire.ChatRequest)
        limit = self._settings.message_limit
        if len(asked.message) > limit:
            why = f"{len(asked.message)} characters long; at most {limit} are allowed"
            raise RequestInvalid([("/message", why)])
        if self._settings.log_questions:
            request.state.log["question"] = asked.message
        if asked.stream:
            return await self._resume(request, asked) or await self._stream(request, asked)
        turn = await self._turn(asked, request.state.owner)
        record_turn(request, self._metrics, turn)
        return _json(wire.chat_reply(turn, explain=asked.explain))

    async def _turn(self, asked: wire.ChatRequest, owner: str) -> Turn:
        if asked.conversation_id is None:
            known = self._assistant.recall(asked.message, mode=asked.mode, owner=owner)
            if known is not None:
                # No thread is needed for what only has to be stored.
                await asyncio.wrap_future(self._conversations.begin_append(known, owner))
                return known
        return await self._pool.run(
            self._assistant.ask,
            asked.message,
            conversation_id=asked.conversation_id,
            mode=asked.mode,
            owner=owner,
        )

    async def _resume(self, request: Request, asked: wire.ChatRequest) -> Response | None:
        """What a client that was cut off has not read yet, if it names an event of this very question.

        A stream that is not kept any more, or was another process's, ends with its stored turn.
        """
        last = last_event(request.headers.get("last-event-id"))
        if last is None:
            return None
        id, number = last
        owner = request.state.owner
        streamed = self._streams.find(id, asked.message, owner)
        if streamed is None:
            try:
                turn = await self._pool.run(self._conversations.turn, id, owner)
            except NotFound:
                return None
            if turn.question != asked.message:
                return None
            stored: Iterator[Event] = iter([turn])
            feed = await begin(self._pool, stored, self._settings.heartbeat_seconds)
            streamed = Streamed(id, asked.message, owner, feed, recorded=True)
            return self._events(request, asked, streamed, number=number + 1)
        return self._events(request, asked, streamed, after=number)

    async def _stream(self, request: Request, asked: wire.ChatRequest) -> Response:
        id = new_turn_id()
        events = self._assistant.stream(
            asked.message,
            conversation_id=asked.conversation_id,
            mode=asked.mode,
            owner=request.state.owner,
            turn_id=id,
        )
        seconds, grace = self._settings.heartbeat_seconds, self._settings.resume_seconds
        feed = await begin(self._pool, events, seconds, grace)
        streamed = Streamed(id, asked.message, request.state.owner, feed)
        self._streams.keep(streamed)
        return self._events(request, asked, streamed)

    def _events(
        self,
        request: Request,
        asked: wire.ChatRequest,
        streamed: Streamed,
        *,
        after: int = 0,
        number: int = 1,
    ) -> Response:
        """The events of a stream behind the first ``after``; the first of all has the number given."""

        def describe(event: Event) -> tuple[str, BaseModel]:
            match event:
                case Status():
                    return "status", wire.StatusEvent(text=event.text)
                case VerifiedSentence():
                    return "sentence", wire.sentence_event(event)
                case Turn():
                    if not streamed.recorded:
                        record_turn(request, self._metrics, event)
                        streamed.recorded = True
                    return "done", wire.chat_reply(event, explain=asked.explain)

        encode = Numbered[Event](streamed.id, describe, number)
        seconds = self._settings.heartbeat_seconds
        return EventStream(streamed.feed, encode=encode, heartbeat_seconds=seconds, after=after)

    async def search(self, request: Request) -> Response:
        """Find passages, best first: what retrieval sees for the last message, its history included."""
        asked = await read_body(request, wire.SearchRequest)
        messages = [Message(m.role, m.content) for m in asked.messages]
        return _json(wire.search_reply(await self._pool.run(self._assistant.search, messages, asked.k)))

    async def sources(self) -> Response:
        """List the announcements that are indexed."""
        return _json(wire.source_list(await self._pool.run(self._assistant.sources)))

    async def source(self, id: str) -> Response:
        """Give one announcement whole, with the text that quotes and offsets refer to."""
        return _json(wire.source_text(await self._pool.run(self._assistant.source, id)))

    async def conversation(self, id: str, request: Request) -> Response:
        """Give a conversation's turns, oldest first."""
        owner = request.state.owner
        found = await self._pool.run(self._conversations.conversation, id, owner)
        return _json(wire.conversation_reply(found))

    async def feedback(self, id: str, request: Request) -> Response:
        """Store what a reader thinks of an answer; the latest word replaces earlier ones."""
        given = await read_body(request, wire.FeedbackRequest)
        owner = request.state.owner
        await self._pool.run(self._conversations.add_feedback, id, owner, given.value, given.comment)
        return _json(wire.FeedbackReply(id=id, value=given.value, comment=given.comment))

    async def suggestions(self) -> Response:
        """Suggest first questions that the announcements answer."""
        return _json(wire.SuggestionList(questions=await self._pool.run(self._assistant.suggestions)))

    async def healthz(self) -> Response:
        """Tell that the process is alive."""
        return _json(wire.Health(status="alive"))

    async def readyz(self) -> Response:
        """Tell whether questions can be answered and turns stored now."""
        # Not in the pool: a service that is busy is ready all the same.
        await asyncio.to_thread(self._assistant.ready)
        await asyncio.to_thread(self._conversations.ready)
        return _json(wire.Health(status="ready", generation=self._assistant.generation))

    async def metrics(self) -> Response:
        """Give the service's measures in Prometheus's text format."""
        return Response(self._metrics.exposition(), media_type=CONTENT_TYPE)


def add_routes(app: FastAPI, channel: HttpChannel, *, metrics_open: bool) -> None:
    """Add the API's routes, described."""
    get, post = ["GET"], ["POST"]
    routes: Sequence[tuple[list[str], str, Endpoint, type[BaseModel] | None, dict[str, Any]]] = (
        (post, "/v1/chat", channel.chat, wire.ChatReply, described(404, body=wire.ChatRequest, streams=True)),
        (post, "/v1/search", channel.search, wire.SearchReply, described(body=wire.SearchRequest)),
        (get, "/v1/sources", channel.sources, wire.SourceList, described()),
        (get, "/v1/sources/{id:path}", channel.source, wire.SourceText, described(404)),
        (get, "/v1/conversations/{id}", channel.conversation, wire.ConversationReply, described(404)),
        (
            *(post, "/v1/answers/{id}/feedback", channel.feedback, wire.FeedbackReply),
            described(404, body=wire.FeedbackRequest),
        ),
        (get, "/v1/suggestions", channel.suggestions, wire.SuggestionList, described()),
        (get, "/healthz", channel.healthz, wire.Health, described(locked=False)),
        (get, "/readyz", channel.readyz, wire.Health, described(503, locked=False)),
    )
    for methods, path, endpoint, reply, description in routes:
        app.add_api_route(path, endpoint, methods=methods, response_model=reply, **description)
        if methods == post and "{" not in path:
            _call_plainly(app.router.routes[-1], endpoint)
    app.add_api_route(
        "/metrics",
        channel.metrics,
        methods=get,
        response_class=PlainTextResponse,
        **described(*(() if metrics_open else (401, 429)), locked=False),
    )


def _call_plainly(route: BaseRoute, endpoint: Endpoint) -> None:
    """Call an endpoint without what FastAPI does around one for dependencies and models that it has not:
    that takes as long as the rest of the request. FastAPI describes it all the same."""
    assert isinstance(route, APIRoute)
    route.app = request_response(endpoint)


def add_page(app: FastAPI, files: Mapping[str, StaticFile]) -> None:
    """Serve each of the static files at its path."""
    for path, file in files.items():

        async def serve(request: Request, file: StaticFile = file) -> Response:
            return static_response(file, request)

        app.add_route(path, serve, methods=["GET", "HEAD"], include_in_schema=False)


def _json(model: BaseModel) -> Response:
    return Response(model.model_dump_json(), media_type="application/json")
