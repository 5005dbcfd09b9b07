"""The assistant: a question in, a turn out. One line a stage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from indexer.announcement import Announcement
from service.answer import Citation, Mode
from service.conversation import Turn


@dataclass(frozen=True, slots=True)
class Status:
    """What is being done now, for a reader who waits."""

    text: str


@dataclass(frozen=True, slots=True)
class VerifiedSentence:
    """One sentence of the answer to come, with the citations that prove it."""

    text: str
    answer_start: int
    citations: tuple[Citation, ...]


Event = Status | VerifiedSentence | Turn


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a history given by a client: ``role`` is ``user`` or ``assistant``."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: ``text`` is ``source.text[start:end]``. A higher score is better."""

    source_id: str
    text: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Source:
    """An indexed announcement without its text; ``characters`` is that text's length."""

    id: str
    sha256: str
    title: str
    language: str
    characters: int
    issuer: str | None
    published: str | None
    url: str | None


class AssistantLike(Protocol):
    """What every channel talks to. All methods may be called from several threads at once.

    ``owner`` is as in ``ConversationStore``. ``stream`` ends with the Turn, which is stored before
    it is yielded. ``ask`` is ``stream`` without what comes before the Turn. ``turn_id`` is the id that
    the Turn gets, so that a channel can number events before it exists; where it is None, a new one.
    """

    def ask(
        self, message: str, *, conversation_id: str | None = None, mode: Mode | None = None, owner: str = ""
    ) -> Turn: ...

    def stream(
        self,
        message: str,
        *,
        conversation_id: str | None = None,
        mode: Mode | None = None,
        owner: str = "",
        turn_id: str | None = None,
    ) -> Iterator[Event]: ...

    def search(self, messages: Sequence[Message], k: int) -> list[Hit]: ...

    def sources(self) -> list[Source]: ...

    def source(self, id: str) -> Announcement: ...

    def suggestions(self) -> list[str]:
        """First questions that the announcements answer, best first."""
        ...

    @property
    def generation(self) -> int:
        """The number of the index generation that is being served."""
        ...

    def ready(self) -> None:
        """Raise the error that keeps questions from being answered now, if there is one."""
        ...
