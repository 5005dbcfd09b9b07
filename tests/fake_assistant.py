"""Working fakes: an assistant that really quotes from small texts, and a store in memory."""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, date, datetime

from indexer.announcement import Announcement
from service.answer import Answer, Citation, Clarification, Mode, Quote, Reason, Refusal, Reply
from service.answering.assistant import Event, Hit, Message, Source, Status, VerifiedSentence
from service.conversation import (
    Conversation,
    ConversationStore,
    Turn,
    Vote,
    new_conversation_id,
    new_turn_id,
)
from service.errors import NotFound

SENTENCE = re.compile(r"(?:[^.!?\r\n]|[.!?](?=\S))+[.!?]?")

BUDGET = Announcement(
    id="budget",
    text="The harbour budget grows to 4.2 billion crowns. Work begins in May 2031.\nA ferry joins the fleet.",
    title="Harbour budget 2031",
    language="en",
    issuer="Port of Ossel",
    published=date(2030, 11, 4),
    url="https://port.example/news/budget?id=7&lang=en#top",
)
LIBRARY = Announcement(
    id="library/2031",
    text="시립 도서관은 6월에 문을 엽니다. The library budget grows by 3%p.\r\nEntry is free 🎉 for children.",
    title="Library — 도서관",
    language="ko",
)


class FakeAssistant:
    """Answers with the sentences that share most words with the question; refuses where none does.

    A single word that several announcements hold is ambiguous. ``delay`` is how many seconds each
    step takes. ``failure``, where set, is raised in place of an answer. ``left`` is set when a
    stream ends before its turn.
    """

    def __init__(
        self,
        conversations: ConversationStore,
        announcements: Sequence[Announcement] = (BUDGET, LIBRARY),
        *,
        delay: float = 0.0,
    ) -> None:
        self.conversations = conversations
        self.announcements = {a.id: a for a in announcements}
        self.delay = delay
        self.failure: Exception | None = None
        self.unready: Exception | None = None
        self.generation = 3
        self.left = threading.Event()

    def recall(self, message: str, *, mode: Mode | None = None, owner: str = "") -> Turn | None:
        """Nothing: it thinks anew each time."""

    def ask(
        self,
        message: str,
        *,
        conversation_id: str | None = None,
        mode: Mode | None = None,
        owner: str = "",
        history: Sequence[Message] = (),
    ) -> Turn:
        events = self.stream(
            message, conversation_id=conversation_id, mode=mode, owner=owner, history=history
        )
        return next(event for event in events if isinstance(event, Turn))

    def stream(
        self,
        message: str,
        *,
        conversation_id: str | None = None,
        mode: Mode | None = None,  # noqa: ARG002
        owner: str = "",
        turn_id: str | None = None,
        history: Sequence[Message] = (),
    ) -> Iterator[Event]:
        done = False
        try:
            standalone = message
            if conversation_id is not None:
                turns = self.conversations.conversation(conversation_id, owner).turns
                standalone = f"{turns[-1].question} {message}"
            elif history:
                standalone = f"{history[-1].content} {message}"
            yield Status("Searching")
            self._step()
            if self.failure is not None:
                raise self.failure
            reply = self._reply(standalone)
            if isinstance(reply, Answer):
                for citation in reply.citations:
                    self._step()
                    text = reply.text[citation.answer_start : citation.answer_end]
                    yield VerifiedSentence(text, citation.answer_start, (citation,))
            turn = Turn(
                turn_id or new_turn_id(),
                conversation_id or new_conversation_id(),
                message,
                standalone,
                reply,
                datetime.now(UTC),
            )
            self.conversations.append(turn, owner)
            yield turn
            done = True
        finally:
            if not done:
                self.left.set()

    def search(self, messages: Sequence[Message], k: int) -> list[Hit]:
        hits = [
            Hit(quote.source_id, quote.text, quote.start, quote.end, score)
            for score, quote in self._found(messages[-1].content)
        ]
        return hits[:k]

    def sources(self) -> list[Source]:
        return [
            Source(
                a.id,
                a.sha256,
                a.title,
                a.language,
                len(a.text),
                a.issuer,
                a.published.isoformat() if a.published else None,
                a.url,
            )
            for a in self.announcements.values()
        ]

    def source(self, id: str) -> Announcement:
        if id not in self.announcements:
            raise NotFound("source", id)
        return self.announcements[id]

    def suggestions(self) -> list[str]:
        return [f"What does “{a.title}” say?" for a in self.announcements.values()]

    def ready(self) -> None:
        if self.unready is not None:
            raise self.unready

    def _step(self) -> None:
        if self.delay:
            time.sleep(self.delay)

    def _reply(self, question: str) -> Reply:
        found = self._found(question)
        if not found:
            nearest = tuple(quote for _, quote in self._quotes())[:2]
            return Refusal(
                "The announcements do not say.", Reason.NOT_IN_ANNOUNCEMENTS, nearest, 0.1, withdrawn=1
            )
        quotes = tuple(quote for _, quote in found[:2])
        if len(question.split()) == 1 and len({q.source_id for q in quotes}) > 1:
            readings = tuple(f"{question} in “{q.title}”?" for q in quotes)
            return Clarification(f"Which {question}?", readings, quotes, 0.5)
        text, citations = "", []
        for marker, quote in enumerate(quotes, 1):
            start = len(text)
            text += quote.text
            citations.append(Citation(marker, start, len(text), quote))
            text += " "
        return Answer(text.rstrip(" "), tuple(citations), Mode.VERBATIM, 0.9)

    def _found(self, question: str) -> list[tuple[float, Quote]]:
        wanted = _words(question)
        scored = [(float(len(wanted & words)), quote) for words, quote in self._quotes()]
        return sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])

    def _quotes(self) -> Iterator[tuple[set[str], Quote]]:
        for a in self.announcements.values():
            for match in SENTENCE.finditer(a.text):
                text = match[0].strip()
                start = match.start() + match[0].index(text[:1]) if text else 0
                if text:
                    figure = re.search(r"\d[\d.]*", text)
                    yield (
                        _words(text),
                        Quote(
                            a.id,
                            a.sha256,
                            text,
                            start,
                            start + len(text),
                            a.title,
                            a.url,
                            a.published,
                            figure.start() if figure else None,
                            figure.end() if figure else None,
                        ),
                    )


class MemoryConversations:
    """A ``ConversationStore`` that forgets everything with its process."""

    def __init__(self) -> None:
        self.turns: dict[str, tuple[str, Turn]] = {}
        self.feedback: dict[str, tuple[Vote, str | None]] = {}
        self._lock = threading.Lock()

    def conversation(self, id: str, owner: str) -> Conversation:
        with self._lock:
            turns = [t for whose, t in self.turns.values() if t.conversation_id == id and whose == owner]
        if not turns:
            raise NotFound("conversation", id)
        return Conversation(id, tuple(turns))

    def append(self, turn: Turn, owner: str) -> None:
        with self._lock:
            owners = {whose for whose, t in self.turns.values() if t.conversation_id == turn.conversation_id}
            if owners - {owner}:
                raise NotFound("conversation", turn.conversation_id)
            self.turns[turn.id] = (owner, turn)

    def begin_append(self, turn: Turn, owner: str) -> "Future[None]":
        promise: Future[None] = Future()
        try:
            promise.set_result(self.append(turn, owner))
        except NotFound as error:
            promise.set_exception(error)
        return promise

    def turn(self, id: str, owner: str) -> Turn:
        whose, turn = self.turns.get(id, (None, None))
        if turn is None or whose != owner:
            raise NotFound("answer", id)
        return turn

    def add_feedback(self, id: str, owner: str, vote: Vote, comment: str | None) -> None:
        self.turn(id, owner)
        self.feedback[id] = (vote, comment)

    def ready(self) -> None:
        pass

    def close(self) -> None:
        pass


def _words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"\w+", text) if len(word) > 1}
