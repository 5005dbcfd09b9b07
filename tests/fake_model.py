"""Language models that work without one: behind our own protocol, behind LangChain's, and behind a socket."""

# ruff: noqa: ARG002 - the signatures are those of the interfaces

import json
import select
import socket
import struct
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from prompts.prompt import Request
from service.deadline import Deadline


class FakeModel:
    """Says what ``reply`` makes of each request, in pieces of ``size`` characters, then ``failure`` if given."""

    name = "fake:model"

    def __init__(
        self, reply: str | Callable[[Request], str], failure: Exception | None = None, size: int = 3
    ) -> None:
        self.reply = reply
        self.failure = failure
        self.size = size
        self.requests: list[Request] = []
        self.closed = 0

    def stream(self, request: Request, deadline: Deadline) -> Generator[str, None, None]:
        self.requests.append(request)
        text = self.reply if isinstance(self.reply, str) else self.reply(request)
        try:
            for start in range(0, len(text), self.size):
                yield text[start : start + self.size]
            if self.failure is not None:
                raise self.failure
            yield "\n"
        finally:
            self.closed += 1


class FakeChat(BaseChatModel):
    """A LangChain chat model: ``script`` holds a text, or an error to raise, for each call in turn."""

    script: list[Any]
    ending: str | None = "stop"
    calls: int = 0

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self._next()))])

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for word in self._next().split(" "):
            yield ChatGenerationChunk(message=AIMessageChunk(word + " "))
        metadata = {} if self.ending is None else {"finish_reason": self.ending}
        yield ChatGenerationChunk(message=AIMessageChunk("", response_metadata=metadata))

    def _next(self) -> str:
        self.calls += 1
        each = self.script[min(self.calls, len(self.script)) - 1]
        if isinstance(each, Exception):
            raise each
        return str(each)


@dataclass(frozen=True)
class Status:
    """An error status instead of a stream."""

    code: int
    body: bytes = b'{"error": {"message": "no"}}'


@dataclass(frozen=True)
class Hang:
    """Nothing, for so many seconds or until the client has left."""

    seconds: float = 60.0


@dataclass(frozen=True)
class Raw:
    """Bytes as they are."""

    data: bytes


class Reset:
    """The connection is torn down, as when the server's process is killed."""


class End:
    """The connection is closed as if all were well, though nothing says that the text is done."""


Step = str | Status | Hang | Raw | Reset | End
Script = Callable[[dict[str, Any]], Iterable[Step]]


class ModelServer:
    """An OpenAI-compatible server whose every answer is a script. ``left`` is set when a client hung up on it."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self.left = threading.Event()
        self.stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "ModelServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


def says(*pieces: Step, stop: str = "stop") -> Script:
    """A script that streams these pieces, and says that it is done where they are all text."""
    return lambda _: [
        *pieces,
        *([Raw(_chunk("", stop)), Raw(b"data: [DONE]\n\n")] if _all_text(pieces) else []),
    ]


@contextmanager
def model_server(*pieces: Step) -> Iterator[ModelServer]:
    with ModelServer(says(*pieces)) as server:
        yield server


def user_text(request: dict[str, Any]) -> str:
    """What the user's part of a request to the server says."""
    messages: Sequence[dict[str, Any]] = request["messages"]
    return str(messages[-1]["content"])


def _all_text(pieces: Sequence[Step]) -> bool:
    return all(isinstance(piece, str | Raw) for piece in pieces)


def _chunk(text: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}
    envelope = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "fake"}
    return f"data: {json.dumps(envelope | {'choices': [choice]})}\n\n".encode()


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            server.requests.append(json.loads(body))
            begun = False
            self.close_connection = True
            try:
                for step in server.script(server.requests[-1]):
                    if isinstance(step, Status):
                        self._status(step)
                        return
                    if not begun:
                        self._begin()
                        begun = True
                    if not self._do(step):
                        return
            except OSError:
                server.left.set()

        def _status(self, step: Status) -> None:
            self.send_response(step.code)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(step.body)))
            self.end_headers()
            self.wfile.write(step.body)

        def _begin(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("connection", "close")
            self.end_headers()

        def _do(self, step: Step) -> bool:
            """Whether the script goes on."""
            if isinstance(step, Hang):
                return self._hang(step.seconds)
            if isinstance(step, Reset):
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return False
            if isinstance(step, End):
                return False
            self.wfile.write(step.data if isinstance(step, Raw) else _chunk(str(step)))
            self.wfile.flush()
            return True

        def _hang(self, seconds: float) -> bool:
            end = time.monotonic() + seconds
            while time.monotonic() < end and not server.stopping.is_set():
                readable, _, _ = select.select([self.connection], [], [], 0.02)
                if readable and not self.connection.recv(1, socket.MSG_PEEK):
                    server.left.set()
                    return False
            return True

        def log_message(self, *_: object) -> None:
            pass

    return Handler
