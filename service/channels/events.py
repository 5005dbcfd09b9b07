"""A turn as server-sent events, while a thread works on it: each event as soon as it is there.

While nothing happens, a comment line goes out every few seconds, so that neither the reader nor a
proxy gives the connection up. A feed outlives a reader that leaves by some seconds: one that returns
reads on where it stopped, and if none does, the work is called off.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from pydantic import BaseModel
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.channels.problem import log_error, problem_of
from service.pool import Pool

E = TypeVar("E")

HEARTBEAT = b": waiting\n\n"


class Feed(Generic[E]):
    """Carries events from the thread that makes them to the event loop, and keeps them for its readers.

    ``grace`` is how many seconds the work goes on without a reader. All but ``pump`` belongs to the loop.
    """

    def __init__(self, events: Iterator[E], grace: float = 0.0) -> None:
        self._loop = asyncio.get_running_loop()
        self._events = events
        self._grace = grace
        self._kept: list[E | Exception] = []
        self._ended = False
        self._changed = asyncio.Event()
        self._stopped = threading.Event()
        self._readers = 0
        self._leaving: asyncio.TimerHandle | None = None

    def pump(self) -> None:
        """Carry all events, then the error that ended them if there was one; the work of a thread."""
        try:
            for event in self._events if not self._stopped.is_set() else ():
                self._loop.call_soon_threadsafe(self._keep, event)
                if self._stopped.is_set():
                    break
        except Exception as error:
            self._loop.call_soon_threadsafe(self._keep, error)
        finally:
            # A generator that is left half way ends here and now, not when it is collected.
            if (close := getattr(self._events, "close", None)) is not None:
                close()
            self._loop.call_soon_threadsafe(self._end)

    def stop(self) -> None:
        """Let the thread stop at its next event, which is called off where it can be, and all readers go."""
        self._stopped.set()
        if (call_off := getattr(self._events, "call_off", None)) is not None:
            call_off()
        self._end()

    def enter(self) -> None:
        """Count one reader more."""
        self._readers += 1
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    def leave(self) -> None:
        """Count one reader less; where it was the last, the work goes on for the grace alone."""
        self._readers -= 1
        if self._readers or self._ended:
            return
        if self._grace <= 0.0:
            self.stop()
        else:
            self._leaving = self._loop.call_later(self._grace, self.stop)

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self._ended

    async def event(self, position: int, seconds: float) -> E | Exception | None:
        """The event at a position from 0, or the error that ended them; None behind the last.

        Raises TimeoutError where it is not there within ``seconds``.
        """
        async with asyncio.timeout(seconds):
            while position >= len(self._kept) and not self._ended:
                self._changed.clear()
                await self._changed.wait()
        return self._kept[position] if position < len(self._kept) else None

    def _keep(self, item: E | Exception) -> None:
        if not self._ended:
            self._kept.append(item)
            self._changed.set()

    def _end(self) -> None:
        self._ended = True
        self._changed.set()


async def begin(pool: Pool, events: Iterator[E], seconds: float, grace: float = 0.0) -> Feed[E]:
    """Have a thread make ``events``, and wait up to ``seconds`` for the first: their feed.

    What keeps a question from being answered is known before the first event. Waiting for it gives
    such an error its own status instead of an event in a response that began well: it is raised.
    """
    feed = Feed(events, grace)
    pool.submit(feed.pump)
    try:
        first = await feed.event(0, seconds)
    except TimeoutError:
        return feed
    except asyncio.CancelledError:
        feed.stop()
        raise
    if isinstance(first, Exception):
        raise first
    return feed


def server_sent_event(name: str, id: str, data: BaseModel) -> bytes:
    """One event. JSON escapes line breaks, so that the data is one line."""
    return f"event: {name}\nid: {id}\ndata: {data.model_dump_json()}\n\n".encode()


Encode = Callable[[E | Exception, int], bytes]
"""An event, or the error that ended them, as it goes out; the number counts from 1."""


class Numbered(Generic[E]):
    """Encodes each event as ``describe`` has it, a name and its data.

    Its id is ``id`` and its number; the first of the feed has the number ``first``.
    """

    def __init__(self, id: str, describe: Callable[[E], tuple[str, BaseModel]], first: int = 1) -> None:
        self._id = id
        self._describe = describe
        self._first = first

    def __call__(self, item: E | Exception, number: int) -> bytes:
        id = f"{self._id}:{self._first + number - 1}"
        if isinstance(item, Exception):
            log_error(item)
            return server_sent_event("error", id, problem_of(item))
        name, data = self._describe(item)
        return server_sent_event(name, id, data)


class EventStream(Response, Generic[E]):
    """What a feed carries behind its first ``after`` events, each event as ``encode`` has it."""

    media_type = "text/event-stream"

    def __init__(self, feed: Feed[E], *, encode: Encode[E], heartbeat_seconds: float, after: int = 0) -> None:
        super().__init__(headers={"x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._feed = feed
        self._encode = encode
        self._heartbeat_seconds = heartbeat_seconds
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        self._feed.enter()
        sending = asyncio.ensure_future(self._send_events(send))
        watching = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait({sending, watching}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                await sending
        finally:
            self._feed.leave()
            for task in (sending, watching):
                task.cancel()
            await asyncio.gather(sending, watching, return_exceptions=True)

    async def _send_events(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        position = self._after
        while True:
            try:
                item = await self._feed.event(position, self._heartbeat_seconds)
            except TimeoutError:
                await send({"type": "http.response.body", "body": HEARTBEAT, "more_body": True})
                continue
            if item is None:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            position += 1
            chunk = self._encode(item, position)
            await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _left(receive: Receive) -> None:
    """Return when the reader has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
