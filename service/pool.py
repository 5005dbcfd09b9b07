"""Threads for blocking work, and a bound on how much of it may wait."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

from service.errors import Overloaded

P = ParamSpec("P")
T = TypeVar("T")

RETRY_AFTER = 1.0


class Pool:
    """At most ``threads`` pieces of work at once and ``waiting`` more in line; further ones are refused."""

    def __init__(self, *, threads: int, waiting: int) -> None:
        self._limit = threads + waiting
        self._taken = 0
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="answering")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``work`` returns or raises, run in a thread. Raises Overloaded where too much waits."""
        return await asyncio.wrap_future(self.submit(work, *args, **kwargs))

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Start ``work`` in a thread, which sees the context variables of the caller."""
        with self._lock:
            if self._taken >= self._limit:
                raise Overloaded(RETRY_AFTER)
            self._taken += 1
        try:
            future = self._executor.submit(copy_context().run, partial(work, *args, **kwargs))
        except RuntimeError as error:
            self._release()
            raise Overloaded(RETRY_AFTER) from error  # shutting down
        future.add_done_callback(self._release)
        return future

    def _release(self, _: object = None) -> None:
        with self._lock:
            self._taken -= 1

    def close(self) -> None:
        """Wait for the work that has begun; drop the rest."""
        self._executor.shutdown(wait=True, cancel_futures=True)
