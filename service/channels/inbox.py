"""Which posts from Slack were taken up, and which are answered: so that each is answered once.

It lies in the database of the conversations, which all replicas share. Slack is told that it has
delivered a post only after the post is here; should the process that took it die, another takes it over.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from service.channels.post import Post
from service.database import connect, translating
from service.group_commit import GroupCommitWriter

# Of an answered post no more is kept than that it was, and in which conversation.
SCHEMA = """
CREATE TABLE IF NOT EXISTS slack_posts (
    position INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, thread TEXT NOT NULL,
    post TEXT, taken_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 1,
    finished_at REAL, conversation_id TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS slack_posts_of_thread ON slack_posts (thread, position);
CREATE INDEX IF NOT EXISTS slack_posts_unfinished ON slack_posts (taken_at) WHERE finished_at IS NULL;
"""

MOST_ATTEMPTS = 3
"""How often a post is taken up before it is given up: one that kills its process must not do so for ever."""


class Inbox:
    """The posts, for any number of threads and processes. Every method may raise StoreUnavailable."""

    def __init__(
        self, path: Path, *, busy_seconds: float = 10.0, clock: Callable[[], float] = time.time
    ) -> None:
        self._clock = clock
        with translating("open"):
            writing = connect(path, busy_seconds)
            try:
                for statement in filter(str.strip, SCHEMA.split(";")):
                    writing.execute(statement)
                self._reader = connect(path, busy_seconds)
                self._reader.execute("PRAGMA query_only = ON")
            except BaseException:
                writing.close()
                raise
        self._reading = threading.Lock()
        self._writer = GroupCommitWriter(writing)

    def take(self, post: Post) -> bool:
        """Whether this caller, and no other ever, is to answer the post.

        One that is not addressed to Herald is taken only in a thread that Herald takes part in.
        """
        taken = self._write(
            "INSERT INTO slack_posts (key, thread, post, taken_at) SELECT ?, ?, ?, ?"
            " WHERE ? OR EXISTS (SELECT 1 FROM slack_posts WHERE thread = ?) ON CONFLICT DO NOTHING",
            (post.key, post.thread, post.to_json(), self._clock(), post.addressed, post.thread),
        )
        return taken == 1

    def take_over(self, seconds: float) -> list[Post]:
        """The posts whose takers have not been heard of for that long; they are this caller's now."""
        found: list[Post] = []
        now = self._clock()

        def write(connection: sqlite3.Connection) -> None:
            rows = connection.execute(
                "UPDATE slack_posts SET taken_at = ?, attempts = attempts + 1"
                " WHERE finished_at IS NULL AND taken_at <= ? AND attempts < ? RETURNING position, post",
                (now, now - seconds, MOST_ATTEMPTS),
            ).fetchall()
            found[:] = [Post.from_json(post) for _, post in sorted(rows)]

        self._writer.run(write)
        return found

    def renew(self, keys: Iterable[str]) -> None:
        """Say that these posts are being worked on still."""
        now = self._clock()

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE slack_posts SET taken_at = ? WHERE key = ?", [(now, key) for key in keys]
            )

        self._writer.run(write)

    def release(self, key: str) -> None:
        """Leave the post to whoever comes next."""
        self._write("UPDATE slack_posts SET taken_at = 0 WHERE key = ? AND finished_at IS NULL", (key,))

    def finish(self, key: str, conversation_id: str | None) -> None:
        """The post is answered, in this conversation; its text is forgotten."""
        self._write(
            "UPDATE slack_posts SET finished_at = ?, conversation_id = ?, post = NULL WHERE key = ?",
            (self._clock(), conversation_id, key),
        )

    def waits(self, post: Post) -> bool:
        """Whether an earlier post of the same thread is not answered yet."""
        return bool(
            self._read(
                "SELECT EXISTS (SELECT 1 FROM slack_posts WHERE thread = ? AND finished_at IS NULL"
                " AND attempts < ? AND position < (SELECT position FROM slack_posts WHERE key = ?))",
                (post.thread, MOST_ATTEMPTS, post.key),
            )
        )

    def conversation_of(self, thread: str) -> str | None:
        """The conversation that the thread is; None where nothing in it is answered yet."""
        found = self._read(
            "SELECT (SELECT conversation_id FROM slack_posts WHERE thread = ? AND conversation_id IS NOT NULL"
            " ORDER BY position DESC LIMIT 1)",
            (thread,),
        )
        return None if found is None else str(found)

    def close(self) -> None:
        self._writer.close()
        with self._reading:
            self._reader.close()

    def _write(self, statement: str, values: tuple[object, ...]) -> int:
        """Execute one statement durably; how many rows it changed."""
        changed = 0

        def write(connection: sqlite3.Connection) -> None:
            nonlocal changed
            changed = connection.execute(statement, values).rowcount

        self._writer.run(write)
        return changed

    def _read(self, statement: str, values: tuple[object, ...]) -> object:
        with translating("read"), self._reading:
            (value,) = self._reader.execute(statement, values).fetchone()
        return value
