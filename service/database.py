"""SQLite as the stores here open it: durable, shared by threads and processes, its failures in our own terms."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.errors import StoreUnavailable


def connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """A connection in autocommit mode that any thread may use, one at a time.

    ``busy_seconds`` is how long a write waits while another process holds the file.
    """
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def translating(doing: str) -> Iterator[None]:
    """Raise StoreUnavailable in place of what SQLite and the file system raise."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable(f"cannot {doing} the database: {error}") from error
