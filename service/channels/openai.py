"""OpenAI-compatible: `/v1/chat/completions`, streaming or not, and `/v1/models`.

A conversation is what the request says it is: the user's messages before the last resolve what that
one leaves out. Whatever the history has the assistant say, and system messages, change nothing.
"""

import json
import time
from collections.abc import Mapping

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from service import wire
from service.answering.assistant import AssistantLike, Event, Status, VerifiedSentence
from service.channels.body import read_body
from service.channels.completion import (
    MODELS,
    Asked,
    CompletionRequest,
    Json,
    asked_of,
    beside,
    completion,
    completion_id,
    error_of,
    model_list,
    model_of,
    usage,
)
from service.channels.events import HEARTBEAT, EventStream, begin
from service.channels.marked import Marked, mark, markers_text
from service.channels.problem import Problem, log_error, problem_headers, problem_of
from service.channels.record import record_turn
from service.conversation import Turn, new_turn_id
from service.metrics import Metrics
from service.pool import Pool
from service.settings import Settings

COMPLETIONS = "/v1/chat/completions"
MODEL_LIST = "/v1/models"
DONE = b"data: [DONE]\n\n"


class OpenAIChannel:
    """The routes, over the collaborators that they call."""

    def __init__(self, assistant: AssistantLike, settings: Settings, metrics: Metrics, pool: Pool) -> None:
        self._assistant = assistant
        self._settings = settings
        self._metrics = metrics
        self._pool = pool
        self._created = int(time.time())

    async def completions(self, request: Request) -> Response:
        """Answer the last message of a history."""
        asked = asked_of(await read_body(request, CompletionRequest), self._settings.message_limit)
        if self._settings.log_questions:
            request.state.log["question"] = asked.message
        if asked.stream:
            return await self._stream(request, asked)
        turn = await self._pool.run(
            self._assistant.ask,
            asked.message,
            mode=asked.mode,
            owner=request.state.owner,
            history=asked.history,
        )
        record_turn(request, self._metrics, turn)
        return _json(completion(turn, asked))

    async def _stream(self, request: Request, asked: Asked) -> Response:
        id = new_turn_id()
        events = self._assistant.stream(
            asked.message,
            mode=asked.mode,
            owner=request.state.owner,
            turn_id=id,
            history=asked.history,
        )
        heartbeat = self._settings.heartbeat_seconds
        feed = await begin(self._pool, events, heartbeat)
        chunks = Chunks(id, asked)

        def encode(item: Event | Exception, _: int) -> bytes:
            if isinstance(item, Turn):
                record_turn(request, self._metrics, item)
            return chunks(item)

        return EventStream[Event](feed, encode=encode, heartbeat_seconds=heartbeat)

    async def models(self) -> Response:
        """List the models."""
        return _json(model_list(MODELS, self._created))

    async def model(self, id: str) -> Response:
        """Give one model."""
        return _json(model_of(id, self._created))


class Chunks:
    """Events as `chat.completion.chunk`s: each sentence, with its markers, as soon as it is verified.

    What has been sent must be how the answer begins. Where it is not, an error ends the stream: a
    reader is never left with sentences that the answer does not hold.
    """

    def __init__(self, id: str, asked: Asked) -> None:
        self._id = completion_id(id)
        self._asked = asked
        self._created = int(time.time())
        self._begun = False
        self._sent = ""
        self._position = 0

    def __call__(self, item: Event | Exception) -> bytes:
        match item:
            case Exception():
                log_error(item)
                return _data(error_of(problem_of(item))[1])
            case Status():
                return HEARTBEAT if self._begun else self._lead()
            case VerifiedSentence():
                return self._lead() + self._content(self._sentence(item))
            case Turn():
                return self._lead() + self._end(item)

    def _lead(self) -> bytes:
        if self._begun:
            return b""
        self._begun = True
        return self._chunk({"role": "assistant", "content": ""})

    def _sentence(self, sentence: VerifiedSentence) -> str:
        gap = max(0, sentence.answer_start - self._position)
        before = sentence.before if len(sentence.before) == gap else " " * gap
        self._position = sentence.answer_start + len(sentence.text)
        return before + sentence.text + markers_text(citation.marker for citation in sentence.citations)

    def _content(self, text: str) -> bytes:
        self._sent += text
        return self._chunk({"content": text}) if text else b""

    def _end(self, turn: Turn) -> bytes:
        reply = wire.chat_reply(turn)
        marked = mark(reply.text, reply.citations)
        if not _alike(self._sent, marked.text[: len(self._sent)]):
            return self(ValueError(f"the sentences streamed are not those of {turn.id}"))
        rest = self._content(marked.text[len(self._sent) :])
        last = self._chunk(beside(reply, marked), finish="stop")
        return rest + last + self._usage(marked) + DONE

    def _usage(self, marked: Marked) -> bytes:
        if not self._asked.include_usage:
            return b""
        return _data({**self._envelope(), "choices": [], "usage": usage(self._asked, marked.text)})

    def _chunk(self, delta: Json, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        chunk = {**self._envelope(), "choices": [choice]}
        return _data(chunk | ({"usage": None} if self._asked.include_usage else {}))

    def _envelope(self) -> Json:
        return {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": self._asked.model,
        }


def add_openai(app: FastAPI, channel: OpenAIChannel) -> None:
    """Add the routes. They are left out of the API's description: OpenAI's own describes them."""
    app.add_api_route(COMPLETIONS, channel.completions, methods=["POST"], include_in_schema=False)
    app.add_api_route(MODEL_LIST, channel.models, methods=["GET"], include_in_schema=False)
    app.add_api_route(MODEL_LIST + "/{id:path}", channel.model, methods=["GET"], include_in_schema=False)


def speaks_openai(path: str) -> bool:
    """Whether what is at the path answers in OpenAI's shapes, its errors included."""
    return path in {COMPLETIONS, MODEL_LIST} or path.startswith(MODEL_LIST + "/")


def openai_problem_response(document: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """A problem in OpenAI's shape."""
    status, body = error_of(document)
    return _json(body, status, headers)


def openai_error_response(error: Exception) -> Response:
    return openai_problem_response(problem_of(error), problem_headers(error))


def _alike(sent: str, text: str) -> bool:
    """Whether two texts differ at most in which white space they have."""
    return len(sent) == len(text) and all(
        a == b or (a.isspace() and b.isspace()) for a, b in zip(sent, text, strict=True)
    )


def _data(document: Json) -> bytes:
    # All in ASCII: clients that split lines as Python does would otherwise cut at U+2028 or U+0085.
    return f"data: {json.dumps(document, separators=(',', ':'))}\n\n".encode()


def _json(document: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status, headers, "application/json")
