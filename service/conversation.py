"""Turns, conversations, and what a store of them does.

A turn is acknowledged to its reader only after ``ConversationStore.append`` has returned.
"""

import re
import secrets
import sqlite3
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from service.answer import Answer, Clarification, Refusal, Reply
from service.database import connect, translating
from service.errors import NotFound, StoreUnavailable
from service.group_commit import GroupCommitWriter, Operation


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what came back. ``standalone_question`` is how it was understood."""

    id: str
    conversation_id: str
    question: str
    standalone_question: str
    reply: Reply
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said so far, oldest first."""

    id: str
    turns: tuple[Turn, ...]


class Vote(StrEnum):
    """What a reader thinks of an answer."""

    UP = "up"
    DOWN = "down"


class Outcome(StrEnum):
    """What came back for a question, in a word."""

    ANSWERED = "answered"
    REFUSED = "refused"
    CLARIFIED = "clarified"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that was asked, and how it went. ``understood_as`` is its standalone form."""

    question: str
    understood_as: str
    outcome: Outcome
    asked_at: datetime
    vote: Vote | None


class ConversationStore(Protocol):
    """Keeps turns and feedback. Each method returns when its effect is durable.

    ``owner`` names whose conversation it is (the hash of an API key, or empty where none is set):
    one owner's conversations and answers do not exist for another. Every method raises NotFound for
    an id that this owner does not have, and StoreUnavailable when the database fails.
    """

    def conversation(self, id: str, owner: str) -> Conversation: ...

    def append(self, turn: Turn, owner: str) -> None:
        """Add the turn to its conversation, which begins with it where it does not exist yet."""
        ...

    def begin_append(self, turn: Turn, owner: str) -> "Future[None]":
        """The promise of what ``append`` does; the caller's thread waits for nothing."""
        ...

    def turn(self, id: str, owner: str) -> Turn: ...

    def add_feedback(self, id: str, owner: str, vote: Vote, comment: str | None) -> None:
        """Store what a reader thinks of the answer with this id; the latest word replaces earlier ones."""
        ...

    def ready(self) -> None:
        """Raise StoreUnavailable unless the store can be read and written now."""
        ...

    def close(self) -> None: ...


ANSWER_ID = re.compile(r"ans_[0-9a-f]{24}")
"""What ``new_turn_id`` makes."""


def new_turn_id() -> str:
    return f"ans_{secrets.token_hex(12)}"


def new_conversation_id() -> str:
    return f"cnv_{secrets.token_hex(12)}"


SCHEMA_VERSION = 1

# The file is shared with the index, whose tables have other names; so the version is a table's
# content and not the file's own user_version.
SCHEMA = """
CREATE TABLE conversations_schema (version INTEGER NOT NULL) STRICT;
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, started_at TEXT NOT NULL
) STRICT;
CREATE TABLE turns (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    question TEXT NOT NULL, standalone_question TEXT NOT NULL,
    kind TEXT NOT NULL, reply TEXT NOT NULL, asked_at TEXT NOT NULL
) STRICT;
CREATE INDEX turns_of_conversation ON turns (conversation_id, position);
CREATE TABLE feedback (
    turn_id TEXT PRIMARY KEY REFERENCES turns (id),
    vote TEXT NOT NULL, comment TEXT, given_at TEXT NOT NULL
) STRICT;
"""

CACHED_REPLIES = 256

TURN_COLUMNS = "id, conversation_id, question, standalone_question, kind, reply, asked_at"

OUTCOMES = {"answer": Outcome.ANSWERED, "refusal": Outcome.REFUSED, "clarification": Outcome.CLARIFIED}

KINDS: dict[str, type[Reply]] = {"answer": Answer, "refusal": Refusal, "clarification": Clarification}


class SqliteConversations:
    """Conversations in one SQLite file; a ``ConversationStore`` for any number of threads and processes.

    Appends from many threads share a transaction and its fsync. ``busy_seconds`` is how long a write
    waits while another process holds the file. Raises StoreUnavailable where the file cannot be
    opened, or holds conversations in a form that this version does not know.
    """

    def __init__(self, path: Path, *, busy_seconds: float = 10.0) -> None:
        self._path = path
        with translating("open"):
            writing = connect(path, busy_seconds)
            try:
                _create_schema(writing)
                self._reader = connect(path, busy_seconds)
                self._reader.execute("PRAGMA query_only = ON")
            except BaseException:
                writing.close()
                raise
        self._reading = threading.Lock()
        self._writer = GroupCommitWriter(writing)

    def conversation(self, id: str, owner: str) -> Conversation:
        with translating("read"), self._reading:
            rows = self._reader.execute(
                f"SELECT {TURN_COLUMNS} FROM turns WHERE conversation_id ="  # noqa: S608
                " (SELECT id FROM conversations WHERE id = ? AND owner = ?) ORDER BY position",
                (id, owner),
            ).fetchall()
        if not rows:
            raise NotFound("conversation", id)
        return Conversation(id, tuple(_turn(row) for row in rows))

    def append(self, turn: Turn, owner: str) -> None:
        self._writer.run(_appending(turn, owner))

    def begin_append(self, turn: Turn, owner: str) -> "Future[None]":
        return self._writer.begin(_appending(turn, owner))

    def turn(self, id: str, owner: str | None) -> Turn:
        """The turn with this id; whoever's it is where ``owner`` is None, which is for the operator alone."""
        with translating("read"), self._reading:
            row = self._reader.execute(
                f"SELECT {TURN_COLUMNS} FROM turns WHERE id = ? AND conversation_id IN"  # noqa: S608
                " (SELECT id FROM conversations WHERE owner = coalesce(?, owner))",
                (id, owner),
            ).fetchone()
        if row is None:
            raise NotFound("answer", id)
        return _turn(row)

    def add_feedback(self, id: str, owner: str, vote: Vote, comment: str | None) -> None:
        given_at = datetime.now(UTC).isoformat()

        def write(connection: sqlite3.Connection) -> None:
            replaced = connection.execute(
                "INSERT OR REPLACE INTO feedback (turn_id, vote, comment, given_at)"
                " SELECT turns.id, ?, ?, ? FROM turns JOIN conversations"
                " ON conversations.id = turns.conversation_id WHERE turns.id = ? AND owner = ?",
                (vote.value, comment, given_at, id, owner),
            )
            if replaced.rowcount != 1:
                raise NotFound("answer", id)

        self._writer.run(write)

    def asked(self, since: datetime | None = None) -> list[AskedQuestion]:
        """What everybody asked, oldest first; greetings and thanks, which ask nothing, are left out."""
        with translating("read"), self._reading:
            rows = self._reader.execute(
                "SELECT question, standalone_question, kind, asked_at, vote FROM turns"
                " LEFT JOIN feedback ON turn_id = turns.id WHERE asked_at >= ?"
                " AND NOT (kind = 'clarification' AND json_array_length(reply, '$.readings') = 0)"
                " ORDER BY position",
                ("" if since is None else since.astimezone(UTC).isoformat(),),
            ).fetchall()
        return [
            AskedQuestion(
                question,
                understood_as,
                OUTCOMES[kind],
                datetime.fromisoformat(at),
                Vote(vote) if vote else None,
            )
            for question, understood_as, kind, at, vote in rows
        ]

    def ready(self) -> None:
        with translating("read"), self._reading:
            self._reader.execute("SELECT 1 FROM turns LIMIT 1").fetchone()
        # An empty transaction takes the write lock and gives it back: enough to notice a file that
        # became read-only or that another process never lets go of.
        self._writer.run(lambda _: None)

    def close(self) -> None:
        self._writer.close()
        with self._reading:
            self._reader.close()


def _appending(turn: Turn, owner: str) -> Operation:
    asked_at = turn.asked_at.astimezone(UTC).isoformat()
    kind, reply = _written_reply(turn.reply)

    def write(connection: sqlite3.Connection) -> None:
        connection.execute(
            "INSERT INTO conversations (id, owner, started_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (turn.conversation_id, owner, asked_at),
        )
        inserted = connection.execute(
            f"INSERT INTO turns ({TURN_COLUMNS})"  # noqa: S608
            " SELECT ?, id, ?, ?, ?, ?, ? FROM conversations WHERE id = ? AND owner = ?",
            (
                *(turn.id, turn.question, turn.standalone_question, kind, reply, asked_at),
                *(turn.conversation_id, owner),
            ),
        )
        if inserted.rowcount != 1:
            raise NotFound("conversation", turn.conversation_id)

    return write


def _create_schema(connection: sqlite3.Connection) -> None:
    """Create the tables where there are none; raise StoreUnavailable where they are of another version."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        known = connection.execute(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'conversations_schema'"
        ).fetchone()
        if known is None:
            for statement in filter(str.strip, SCHEMA.split(";")):
                connection.execute(statement)
            connection.execute("INSERT INTO conversations_schema VALUES (?)", (SCHEMA_VERSION,))
        (version,) = connection.execute("SELECT version FROM conversations_schema").fetchone()
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    if version != SCHEMA_VERSION:
        raise StoreUnavailable(
            f"the database holds conversations of schema {version}; this version reads {SCHEMA_VERSION}"
        )


@cache
def _adapter(kind: str) -> "TypeAdapter[Reply]":
    return TypeAdapter(KINDS[kind])


@lru_cache(CACHED_REPLIES)
def _written_reply(reply: Reply) -> tuple[str, str]:
    """Its kind and its JSON; remembered, because replies to popular questions are stored over and over."""
    kind = next(name for name, type_ in KINDS.items() if isinstance(reply, type_))
    return kind, _adapter(kind).dump_json(reply).decode()


def _turn(row: tuple[Any, ...]) -> Turn:
    id, conversation_id, question, standalone_question, kind, reply, asked_at = row
    try:
        read = _adapter(kind).validate_json(reply)
        when = datetime.fromisoformat(asked_at)
    except (KeyError, ValidationError, ValueError) as error:
        raise StoreUnavailable(f"the stored answer {id!r} cannot be read") from error
    return Turn(id, conversation_id, question, standalone_question, read, when)
