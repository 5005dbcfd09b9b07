"""A turn as server-sent events, while a thread works on it: each event as soon as it is there.

A reader that leaves stops the work at its next event. While nothing happens, a comment line goes out
every few seconds, so that neither the reader nor a proxy gives the connection up.
"""

import asyncio
import contextlib
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
    """Carries events from the thread that makes them to the event loop that sends them."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[E | Exception | None] = asyncio.Queue()
        self._stopped = threading.Event()

    def pump(self, events: Iterator[E]) -> None:
        """Carry all of ``events``, then the error that ended them if there was one, then None."""
        try:
            for event in events if not self._stopped.is_set() else ():
                self._put(event)
                if self._stopped.is_set():
                    break
        except Exception as error:
            self._put(error)
        finally:
            # A generator that is left half way ends here and now, not when it is collected.
            if (close := getattr(events, "close", None)) is not None:
                close()
            self._put(None)

    def stop(self) -> None:
        """Let the thread stop at its next event, and whoever waits for one go."""
        self._stopped.set()
        self._queue.put_nowait(None)

    async def next(self, seconds: float) -> E | Exception | None:
        """The next event, the error that ended them, or None at the end; TimeoutError after ``seconds``."""
        async with asyncio.timeout(seconds):
            return await self._queue.get()

    def _put(self, item: E | Exception | None) -> None:
        self._loop.call_soon_threadsafe(self._queue.put_nowait, item)


async def begin(pool: Pool, events: Iterator[E], seconds: float) -> tuple[Feed[E], E | None]:
    """Have a thread make ``events``: their feed, and the first if it came within ``seconds``.

    What keeps a question from being answered is known before the first event. Waiting for it gives
    such an error its own status instead of an event in a response that began well: it is raised.
    """
    feed: Feed[E] = Feed()
    pool.submit(feed.pump, events)
    try:
        first = await feed.next(seconds)
    except TimeoutError:
        return feed, None
    except asyncio.CancelledError:
        feed.stop()
        raise
    if isinstance(first, Exception):
        raise first
    return feed, first


def server_sent_event(name: str, id: str, data: BaseModel) -> bytes:
    """One event. JSON escapes line breaks, so that the data is one line."""
    return f"event: {name}\nid: {id}\ndata: {data.model_dump_json()}\n\n".encode()


Encode = Callable[[E | Exception, int], bytes]
"""An event, or the error that ended them, as it goes out; the number counts from 1."""


class Numbered(Generic[E]):
    """Encodes each event as ``describe`` has it, a name and its data; its id is ``id`` and its number."""

    def __init__(self, id: str, describe: Callable[[E], tuple[str, BaseModel]]) -> None:
        self._id = id
        self._describe = describe

    def __call__(self, item: E | Exception, number: int) -> bytes:
        id = f"{self._id}:{number}"
        if isinstance(item, Exception):
            log_error(item)
            return server_sent_event("error", id, problem_of(item))
        name, data = self._describe(item)
        return server_sent_event(name, id, data)


class EventStream(Response, Generic[E]):
    """What a feed carries, each event as ``encode`` has it.

    ``first`` was taken from the feed already: None where it was not there yet.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        feed: Feed[E],
        first: E | None,
        *,
        encode: Encode[E],
        heartbeat_seconds: float,
    ) -> None:
        super().__init__(headers={"x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._feed = feed
        self._first = first
        self._encode = encode
        self._heartbeat_seconds = heartbeat_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        leaving = asyncio.ensure_future(self._stop_when_left(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await self._send_events(send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._feed.stop()
            leaving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await leaving

    async def _send_events(self, send: Send) -> None:
        number = 0
        item: E | Exception | None = self._first
        waiting = item is None
        while waiting or item is not None:
            if waiting or item is None:
                chunk = HEARTBEAT
            else:
                number += 1
                chunk = self._encode(item, number)
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            try:
                item, waiting = await self._feed.next(self._heartbeat_seconds), False
            except TimeoutError:
                waiting = True

    async def _stop_when_left(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._feed.stop()
