"""A language model at the boundary: a request in, text out piece by piece, and one kind of error.

Whatever a provider's package raises becomes a ``ModelError`` here. Each call ends by its deadline, is
tried again where that may help and nothing has come yet, and is cancelled, its connection closed, as
soon as its reader stops reading.
"""

import asyncio
import queue
import random
import threading
from collections.abc import Generator, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol

from prompts.prompt import Request
from service.breaker import Breaker
from service.deadline import Deadline
from service.errors import (
    ModelBusy,
    ModelCalledOff,
    ModelError,
    ModelIncoherent,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
)

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LONGEST_TEXT = 40_000
"""Characters after which a model that has not stopped is taken to be running wild."""
LOOK = 0.05
"""Seconds between two looks at whether the reader is still there."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 4.0
"""Seconds before a failed call is tried again: at random up to the first, doubled each time to the longest."""


class Model(Protocol):
    """What the answering stages know of a language model."""

    @property
    def name(self) -> str: ...

    def stream(self, request: Request, deadline: Deadline) -> Generator[str, None, None]:
        """The text that answers a request, as it comes. Raises ModelError.

        It ends with a line break where the model itself said that it was done, so that a text that was
        cut off, at whatever character, is not taken for a whole one.
        """
        ...


def complete(model: Model, request: Request, deadline: Deadline, most: int) -> str:
    """The whole text, ``most`` characters at the most. Raises ModelError, ModelIncoherent for a longer one."""
    text = ""
    for piece in model.stream(request, deadline):
        text += piece
        if len(text) > most:
            raise ModelIncoherent(f"more than {most} characters where few were asked for")
    return text.strip()


class LanguageModel:
    """A LangChain chat model behind ``Model``. Safe to use from several threads at once."""

    def __init__(
        self,
        chat: "BaseChatModel",
        name: str,
        *,
        silence: float = 15.0,
        retries: int = 2,
        breaker: Breaker | None = None,
    ) -> None:
        """``silence``: the seconds for which a model that is being read may say nothing."""
        self._chat = chat
        self._name = name
        self._silence = silence
        self._retries = retries
        self._breaker = breaker or Breaker()

    @property
    def name(self) -> str:
        return self._name

    def stream(self, request: Request, deadline: Deadline) -> Generator[str, None, None]:
        """The text as it comes. Raises ModelError."""
        for attempt in range(self._retries + 1):
            begun = False
            try:
                with self._breaker.watch():
                    for piece in self._attempt(request, deadline):
                        begun = True
                        yield piece
                    return
            except ModelError as error:
                # What a reader has seen cannot be taken back, so a text that has begun is not begun anew.
                if begun or not error.passing or attempt == self._retries:
                    raise
                longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)
                if not deadline.sleep(random.uniform(0.0, longest)):  # noqa: S311 - jitter
                    raise

    def _attempt(self, request: Request, deadline: Deadline) -> Iterator[str]:
        """One call. Closing the iterator cancels it."""
        pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        call = asyncio.run_coroutine_threadsafe(self._produce(request, pieces), _loop())
        try:
            while (piece := self._next(pieces, deadline)) is not None:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            call.cancel()

    def _next(
        self, pieces: "queue.SimpleQueue[str | Exception | None]", deadline: Deadline
    ) -> str | Exception | None:
        patience = deadline.sooner(self._silence)
        while left := patience.left():
            try:
                return pieces.get(timeout=min(LOOK, left))
            except queue.Empty:
                continue
        if deadline.called_off:
            raise ModelCalledOff(f"{self._name}: nobody waits any more")
        over = "silent for too long" if deadline.left() else "not done by the deadline"
        raise ModelTimeout(f"{self._name}: {over}")

    async def _produce(self, request: Request, pieces: "queue.SimpleQueue[str | Exception | None]") -> None:
        size, ending = 0, None
        try:
            async for chunk in self._chat.astream([("system", request.system), ("human", request.user)]):
                ending = _ending(chunk.response_metadata) or ending
                if text := str(chunk.text):
                    size += len(text)
                    pieces.put(text)
                if size > LONGEST_TEXT:
                    raise ModelIncoherent(f"{self._name}: no end after {size} characters")
            if ending in _ENDINGS:
                pieces.put("\n")
            pieces.put(None)
        except ModelError as error:
            pieces.put(error)
        except Exception as error:
            # Any provider's package, each with errors of its own, ends here.
            ours = translated(error)
            ours.__cause__ = error
            pieces.put(ours)


_ENDINGS = frozenset({"stop", "end_turn", "stop_sequence", "eos"})
"""What providers call it when the model itself ended its text."""


def _ending(metadata: dict[str, object]) -> str | None:
    for key in ("finish_reason", "stop_reason", "done_reason"):
        if isinstance(reason := metadata.get(key), str):
            return reason.lower()
    return None


_BY_NAME: Sequence[tuple[frozenset[str], type[ModelError]]] = (
    (frozenset({"TimeoutError", "TimeoutException", "APITimeoutError"}), ModelTimeout),
    (frozenset({"OSError", "TransportError", "APIConnectionError"}), ModelUnavailable),
)
"""Errors of openai, anthropic, ollama, httpx and Python itself, by the names of their classes and the
classes above them: the packages need not be installed."""


def translated(error: Exception) -> ModelError:
    """A provider's error as one of ours; what is not known is incoherent."""
    text = f"{type(error).__name__}: {str(error)[:300]}"
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _of_status(status, text)
    classes = {class_.__name__ for class_ in type(error).__mro__}
    for names, kind in _BY_NAME:
        if names & classes:
            return kind(text)
    return ModelIncoherent(text)


def _of_status(status: int, text: str) -> ModelError:
    if status == 429:
        return ModelBusy(text)
    if status in {408, 504}:
        return ModelTimeout(text)
    return ModelUnavailable(text) if status >= 500 else ModelRefused(text)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop that all calls of the process run on: providers keep their connections per loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="model", daemon=True).start()
    return loop
