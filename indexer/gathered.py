"""Work that many threads ask for, done together where it comes together.

What comes alone is done at once, in its caller's own thread. What comes while something is being done
waits, and one of those that wait then does it for all of them.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Wish(Generic[T, R]):
    """What one caller wants, and the caller asleep until it is there or is its own to make."""

    __slots__ = ("asleep", "done", "error", "item", "result")

    def __init__(self, item: T) -> None:
        self.item = item
        self.result: R | None = None
        self.error: BaseException | None = None
        self.done = False
        self.asleep = threading.Lock()
        self.asleep.acquire()


class Gathered(Generic[T, R]):
    """``work`` for one item at a time to its callers, for up to ``most`` at a time to itself.

    ``work`` gives a result for each item, in their order; what it raises is raised to all of them.
    """

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R]], most: int) -> None:
        self._work = work
        self._most = most
        self._lock = threading.Lock()
        self._waiting: deque[_Wish[T, R]] = deque()
        self._working = False

    def __call__(self, item: T) -> R:
        wish: _Wish[T, R] = _Wish(item)
        with self._lock:
            self._waiting.append(wish)
            ours = not self._working
            self._working = True
        if not ours:
            wish.asleep.acquire()
        if not wish.done:
            self._fulfil()
        if wish.error is not None:
            raise wish.error
        return wish.result  # type: ignore[return-value]  # it is done, and without an error

    def _fulfil(self) -> None:
        """Do what waits, the caller's own first of all, and let the next in line do the same."""
        with self._lock:
            group = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most))]
        try:
            results = self._work([wish.item for wish in group])
            for wish, result in zip(group, results, strict=True):
                wish.result = result
        except BaseException as error:
            for wish in group:
                wish.error = error
        finally:
            with self._lock:
                successor = self._waiting[0] if self._waiting else None
                self._working = successor is not None
            for wish in group:
                wish.done = True
            if successor is not None:
                successor.asleep.release()
            for wish in group[1:]:
                wish.asleep.release()
