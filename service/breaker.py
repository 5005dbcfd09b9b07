"""A circuit breaker: what keeps failing is left alone for a while (Nygard, Release It!, 2007)."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.errors import ModelCalledOff, ModelError, ModelUnavailable


class Breaker:
    """Opens after ``failures`` in a row; ``seconds`` later one call is let in to try."""

    def __init__(
        self, *, failures: int = 5, seconds: float = 20.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = failures
        self._seconds = seconds
        self._clock = clock
        self._failed = 0
        self._shut_until = 0.0
        self._trying = False
        self._lock = threading.Lock()

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Run one call, noting how it ends. Raises ModelUnavailable in its place while the breaker is open."""
        self._admit()
        try:
            yield
        except ModelCalledOff:
            self._ended()
            raise
        except ModelError:
            self._ended(failed=True)
            raise
        except BaseException:
            # A reader that closed the stream half way says nothing about the model.
            self._ended()
            raise
        self._ended(failed=False)

    def _admit(self) -> None:
        with self._lock:
            if self._failed < self._most:
                return
            if self._trying or self._clock() < self._shut_until:
                raise ModelUnavailable(f"left alone after {self._failed} failures in a row")
            self._trying = True

    def _ended(self, *, failed: bool | None = None) -> None:
        with self._lock:
            self._trying = False
            if failed:
                self._failed += 1
                self._shut_until = self._clock() + self._seconds
            elif failed is False:
                self._failed = 0
