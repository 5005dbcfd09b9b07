"""Writes from many threads, committed together: one fsync makes all that were waiting durable.

A lone write is committed at once, in its caller's own thread. Those that come while it is on its way
to the disk wait, and one of them then commits for all. Each caller learns of its own write, and only
after the commit that holds it.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from service.errors import StoreUnavailable

Operation = Callable[[sqlite3.Connection], None]

LARGEST_GROUP = 256
"""Writes in one transaction at most, so that other processes get their turn at the database."""


class _Write:
    """One caller's operation, and the caller asleep until it is done or it is its turn to commit."""

    __slots__ = ("_asleep", "done", "error", "operation")

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.error: Exception | None = None
        self.done = False
        self._asleep = threading.Lock()
        self._asleep.acquire()

    def sleep(self) -> None:
        self._asleep.acquire()

    def wake(self) -> None:
        self._asleep.release()


class _Begun(_Write):
    """A write whose caller does not sleep but holds a promise; a thread of the writer's acts for it."""

    __slots__ = ("_act", "promise")

    def __init__(self, operation: Operation, act: Callable[["_Begun"], None]) -> None:
        super().__init__(operation)
        self.promise: Future[None] = Future()
        # A reader that leaves may not take its promise with it: the others' are kept by the same thread.
        self.promise.set_running_or_notify_cancel()
        self._act = act

    def wake(self) -> None:
        if not self.done:
            self._act(self)
        elif self.error is None:
            self.promise.set_result(None)
        else:
            self.promise.set_exception(self.error)


class GroupCommitWriter:
    """Runs operations inside transactions on ``connection``, which it owns.

    The connection must be in autocommit mode and usable from threads other than its maker's.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._waiting: deque[_Write] = deque()
        self._committing = False
        self._closed = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="committing")

    def begin(self, operation: Operation) -> "Future[None]":
        """The promise of what ``run`` does, for callers that must not sleep, such as an event loop."""
        write = _Begun(operation, self._act_for)
        with self._lock:
            if self._closed:
                raise StoreUnavailable("the database is closed")
            self._waiting.append(write)
            ours = not self._committing
            self._committing = True
        if ours:
            self._act_for(write)
        return write.promise

    def _act_for(self, write: _Begun) -> None:
        def commit() -> None:
            try:
                self._commit_waiting(write)
            finally:
                write.wake()

        self._thread.submit(commit)

    def run(self, operation: Operation) -> None:
        """Run ``operation`` in a transaction; return once it is durable.

        What the operation raises is raised here, after its own effects alone have been undone.
        Raises StoreUnavailable when the database fails or the writer is closed.
        """
        write = _Write(operation)
        with self._lock:
            if self._closed:
                raise StoreUnavailable("the database is closed")
            self._waiting.append(write)
            ours = not self._committing
            self._committing = True
        if not ours:
            write.sleep()
        if not write.done:
            self._commit_waiting(write)
        if write.error is not None:
            raise write.error

    def close(self) -> None:
        """Refuse further writes, and close the connection once those that wait are done."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            last = _Write(lambda _: None)
            self._waiting.append(last)
            ours = not self._committing
            self._committing = True
        if not ours:
            last.sleep()
        if not last.done:
            self._commit_waiting(last)
        self._thread.shutdown()
        self._connection.close()

    def _commit_waiting(self, mine: _Write) -> None:
        """Commit what waits, ``mine`` first of all, and let the next in line do the same."""
        with self._lock:
            group = [self._waiting.popleft() for _ in range(min(len(self._waiting), LARGEST_GROUP))]
        try:
            self._commit(group)
        finally:
            with self._lock:
                successor = self._waiting[0] if self._waiting else None
                self._committing = successor is not None
            if successor is not None:
                successor.wake()
            for write in group:
                write.done = True
                if write is not mine:
                    write.wake()

    def _commit(self, group: Sequence[_Write]) -> None:
        """Commit the group in one transaction; where an operation spoils that, each in its own."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            spoilt = self._spoilt(group)
            if not spoilt:
                self._connection.execute("COMMIT")
            elif self._connection.in_transaction:  # a full disk has undone it already
                self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            self._roll_back(error)
            for write in group:
                write.error = _translated(error)
        except BaseException as error:
            self._roll_back(error)
            for write in group:
                write.error = StoreUnavailable("interrupted")
            raise
        else:
            if spoilt and len(group) > 1:
                for write in group:
                    self._commit([write])

    def _spoilt(self, group: Sequence[_Write]) -> bool:
        """Run the operations; whether one failed half way, so that the transaction must not stand."""
        for write in group:
            changes = self._connection.total_changes
            write.error = None
            try:
                write.operation(self._connection)
            except Exception as error:
                write.error = _translated(error)
                if self._connection.total_changes != changes or not self._connection.in_transaction:
                    return True
        return False

    def _roll_back(self, error: BaseException) -> None:
        if not self._connection.in_transaction:
            return
        try:
            self._connection.execute("ROLLBACK")
        except sqlite3.Error as second:
            error.add_note(f"rolling back failed as well: {second}")


def _translated(error: Exception) -> Exception:
    if not isinstance(error, sqlite3.Error):
        return error
    unavailable = StoreUnavailable(f"the database refused a write: {error}")
    unavailable.__cause__ = error
    return unavailable
