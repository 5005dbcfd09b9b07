"""Writes from many threads, committed together: one fsync makes all that were waiting durable.

Each caller still learns of its own write only after the commit that holds it. While one commit is
on its way to the disk, others queue up and share the next; a lone write waits for nobody.
"""

import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from service.errors import StoreUnavailable

Operation = Callable[[sqlite3.Connection], None]

LARGEST_GROUP = 256
"""Writes in one transaction at most, so that other processes get their turn at the database."""


@dataclass(frozen=True, slots=True)
class _Write:
    operation: Operation
    done: "Future[None]" = field(default_factory=Future)


class GroupCommitWriter:
    """One thread that owns ``connection`` and runs operations inside transactions.

    The connection must be in autocommit mode and usable from another thread than its maker's.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        # A daemon, so that a process which forgets to close still ends; what was not committed
        # then was not acknowledged either.
        self._thread = threading.Thread(target=self._work, name="group-commit", daemon=True)
        self._thread.start()

    def run(self, operation: Operation) -> None:
        """Run ``operation`` in a transaction; return once it is durable.

        What the operation raises is raised here, after its own effects alone have been undone.
        Raises StoreUnavailable when the database fails or the writer is closed.
        """
        write = _Write(operation)
        with self._lock:
            if self._closed:
                raise StoreUnavailable("the database is closed")
            self._waiting.put(write)
        write.done.result()

    def close(self) -> None:
        """Finish what waits, then close the connection."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        open_ = True
        while open_:
            group, open_ = self._next_group()
            if group:
                self._commit(group)
        self._connection.close()

    def _next_group(self) -> tuple[list[_Write], bool]:
        """What waits now, at least one; and whether more can come."""
        group: list[_Write] = []
        write = self._waiting.get()
        while write is not None:
            group.append(write)
            if len(group) == LARGEST_GROUP or self._waiting.empty():
                return group, True
            write = self._waiting.get()
        return group, False

    def _commit(self, group: list[_Write]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            refused = [self._refusal(write.operation) for write in group]
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._abandon(group, error)
            return
        for write, error_ in zip(group, refused, strict=True):
            if error_ is None:
                write.done.set_result(None)
            else:
                write.done.set_exception(error_)

    def _refusal(self, operation: Operation) -> Exception | None:
        """Run one operation so that its failure undoes nothing but itself; return that failure."""
        self._connection.execute("SAVEPOINT operation")
        try:
            operation(self._connection)
        except Exception as error:
            # A full disk or a failing one ends the whole transaction, not this operation alone;
            # then this statement fails too, and nobody in the group is told that all went well.
            self._connection.execute("ROLLBACK TO operation")
            self._connection.execute("RELEASE operation")
            return _translated(error)
        self._connection.execute("RELEASE operation")
        return None

    def _abandon(self, group: list[_Write], error: sqlite3.Error) -> None:
        if self._connection.in_transaction:
            try:
                self._connection.execute("ROLLBACK")
            except sqlite3.Error as second:
                error.add_note(f"rolling back failed as well: {second}")
        for write in group:
            write.done.set_exception(_translated(error))


def _translated(error: Exception) -> Exception:
    if not isinstance(error, sqlite3.Error):
        return error
    unavailable = StoreUnavailable(f"the database refused a write: {error}")
    unavailable.__cause__ = error
    return unavailable
