"""How long work is worth its while: until a point in time, or until somebody calls it off."""

import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deadline:
    """``at`` is in the seconds of ``time.monotonic``. May be called off from any thread."""

    at: float
    _off: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        return cls(time.monotonic() + seconds)

    def sooner(self, seconds: float) -> "Deadline":
        """The part of this deadline that ends ``seconds`` from now; called off with it."""
        return Deadline(min(self.at, time.monotonic() + seconds), self._off)

    def left(self) -> float:
        """Seconds left, 0 where there are none."""
        return 0.0 if self.called_off else max(0.0, self.at - time.monotonic())

    def call_off(self) -> None:
        self._off.set()

    @property
    def called_off(self) -> bool:
        return self._off.is_set()

    def sleep(self, seconds: float) -> bool:
        """Sleep for ``seconds``, or less where that is past the deadline; whether any time is left."""
        self._off.wait(min(seconds, self.left()))
        return self.left() > 0.0


class Interruptible(Generic[T], Iterator[T]):
    """What a generator yields; ``call_off`` lets it come to its end soon, from whichever thread."""

    def __init__(self, items: Generator[T, None, None], call_off: Callable[[], None]) -> None:
        self._items = items
        self.call_off = call_off

    def __next__(self) -> T:
        return next(self._items)

    def close(self) -> None:
        """End the generator where it stands. For the thread that reads it alone."""
        self._items.close()
