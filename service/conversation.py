"""Turns, conversations, and what a store of them does.

A turn is acknowledged to its reader only after ``ConversationStore.append`` has returned.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from service.answer import Reply


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

    def turn(self, id: str, owner: str) -> Turn: ...

    def add_feedback(self, id: str, owner: str, vote: Vote, comment: str | None) -> None:
        """Store what a reader thinks of the answer with this id; the latest word replaces earlier ones."""
        ...

    def ready(self) -> None:
        """Raise StoreUnavailable unless the store can be read and written now."""
        ...

    def close(self) -> None: ...


def new_turn_id() -> str:
    return f"ans_{secrets.token_hex(12)}"


def new_conversation_id() -> str:
    return f"cnv_{secrets.token_hex(12)}"
