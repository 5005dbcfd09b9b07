"""Several processes that answer from one listening socket, so that each has an interpreter of its own.

They are forked from one that has imported everything and opened the encoder, so its weights are in
memory once; the index is memory-mapped, so its pages are shared too.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from types import FrameType

from service.errors import WorkersFailed

log = logging.getLogger(__name__)

SHORTEST_LIFE = 1.0
"""Seconds. A worker that ends sooner is not replaced before they have passed."""


class Workers:
    """``count`` processes that each run ``work`` until SIGTERM or SIGINT tells this one to stop.

    One that dies is replaced. One that raises before it has ever served would do so again and again:
    that ends them all.
    """

    def __init__(self, count: int, work: Callable[[], None]) -> None:
        self._count = count
        self._work = work
        self._began: dict[int, float] = {}
        self._stopping = False

    def run(self) -> None:
        """Return once all have stopped. Raises WorkersFailed where one could not begin."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            for _ in range(self._count):
                self._start()
            self._replace_those_that_die()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _start(self) -> None:
        process = os.fork()
        if process:
            self._began[process] = time.monotonic()
            if self._stopping:  # told so while this one was being born
                os.kill(process, signal.SIGTERM)
            return
        status = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            self._work()
            status = 0
        except BaseException:
            log.exception("a worker failed")
        finally:
            # Not sys.exit: what the parent registered to be done at its exit is not the worker's to do.
            logging.shutdown()
            os._exit(status)

    def _replace_those_that_die(self) -> None:
        failed = False
        while self._began:
            process, status = os.wait()
            lived = time.monotonic() - self._began.pop(process)
            if self._stopping:
                continue
            if os.waitstatus_to_exitcode(status) == 1 and lived < SHORTEST_LIFE:
                failed = True
                self._stop(signal.SIGTERM, None)
                continue
            log.error("worker %d ended with status %d; another takes its place", process, status)
            time.sleep(max(0.0, SHORTEST_LIFE - lived))
            self._start()
        if failed:
            raise WorkersFailed("a worker could not begin; what kept it from that is in the log")

    def _stop(self, number: int, _: FrameType | None) -> None:
        self._stopping = True
        for process in self._began:
            os.kill(process, number)
