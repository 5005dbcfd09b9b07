"""The assistant: a question in, a turn out. One line a stage."""

import os
import re
import threading
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from indexer.announcement import Announcement
from indexer.index import Index, LiveIndex
from indexer.language import detect
from service.answer import Answer, Citation, Clarification, Mode, Reason, Refusal, Reply
from service.answering import rewriter, wording
from service.answering.composition import VerifiedSentence as VerifiedSentence  # noqa: PLC0414 - for channels
from service.answering.counterpart import counterpart, leans
from service.answering.decision import Weights, decide
from service.answering.follow_up.exchange import Exchange
from service.answering.found import Found
from service.answering.question import analyse
from service.answering.retriever import retrieve_meant
from service.answering.suggestion import suggest
from service.conversation import ConversationStore, Turn, new_conversation_id, new_turn_id
from service.deadline import Deadline, Interruptible
from service.errors import NotFound, QuestionInvalid
from service.reply_cache import Asked, ReplyCache

if TYPE_CHECKING:
    from service.answering.author import Author

# What only a language model's answers need is imported when there is one: it takes as long to be read as
# the rest of answering together.


@dataclass(frozen=True, slots=True)
class Status:
    """What is being done now, for a reader who waits."""

    text: str


Event = Status | VerifiedSentence | Turn


@dataclass(frozen=True, slots=True)
class Understood:
    """A message as a question of its own, the verbatim reply to it, and what that rests on.

    ``found`` is None where nothing was looked for: there is no announcement, or it is no question.
    """

    question: str
    reply: Reply
    found: Found | None = None


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
    What ``stream`` returns may have ``call_off``: a reader that leaves calls it, and a model is not asked on.
    ``history`` is what was said before, oldest first, where the client keeps it and not the store: the
    user's messages resolve what this one leaves out, and nothing else in it counts.
    """

    def ask(
        self,
        message: str,
        *,
        conversation_id: str | None = None,
        mode: Mode | None = None,
        owner: str = "",
        history: Sequence[Message] = (),
    ) -> Turn: ...

    def recall(self, message: str, *, mode: Mode | None = None, owner: str = "") -> Turn | None:
        """The turn, not stored yet, for a conversation's first message that was asked before in these words.

        None where it was not, or where telling would take time: it may be called from an event loop.
        """
        ...

    def stream(
        self,
        message: str,
        *,
        conversation_id: str | None = None,
        mode: Mode | None = None,
        owner: str = "",
        turn_id: str | None = None,
        history: Sequence[Message] = (),
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


MOST_EARLIER_QUESTIONS = 8
"""How far back a client's own history is read. A follow-up leans on the question before it, that one
perhaps on the one before; a history of thousands must cost no more than that."""


class Assistant:
    """The assistant over a live index. Each question is answered from one generation throughout."""

    def __init__(
        self,
        live: LiveIndex,
        conversations: ConversationStore,
        weights: Weights,
        threshold: float | None = None,
        *,
        author: "Author | None" = None,
        mode: Mode = Mode.VERBATIM,
        seconds: float = 30.0,
        cache: int = 0,
    ) -> None:
        """``threshold``: the least probability to answer at, in place of the calibrated one.

        ``author`` writes generated answers, each in ``seconds`` at the most; ``mode`` is for questions
        that do not say how they are to be answered. ``cache`` verbatim replies are remembered, for when
        the same question is asked again.
        """
        self._author = author
        self._known = ReplyCache[Understood](cache)
        self._mode = mode
        self._seconds = seconds
        self._live = live
        # More at once would only take turns at the processors, and hinder each other.
        self._computing = threading.Semaphore(os.cpu_count() or 1)
        self._conversations = conversations
        self._weights = weights
        self._threshold = threshold

    def ask(
        self,
        message: str,
        *,
        conversation_id: str | None = None,
        mode: Mode | None = None,
        owner: str = "",
        history: Sequence[Message] = (),
    ) -> Turn:
        """The reply to one message, stored.

        Raises QuestionInvalid, NotFound for an unknown conversation, StoreUnavailable and IndexDamaged.
        """
        *_, turn = self.stream(
            message, conversation_id=conversation_id, mode=mode, owner=owner, history=history
        )
        if not isinstance(turn, Turn):
            raise TypeError(f"a stream ended with {turn!r}")
        return turn

    def stream(
        self,
        message: str,
        *,
        conversation_id: str | None = None,
        mode: Mode | None = None,
        owner: str = "",
        turn_id: str | None = None,
        history: Sequence[Message] = (),
    ) -> "Interruptible[Event]":
        """What is being done, each sentence of the answer, and at last the turn, which is stored by then.

        A generated sentence comes as soon as it is proven. A stream that is called off ends with what
        is proven by then.
        """
        deadline = Deadline.after(self._seconds)
        events = self._events(message, conversation_id, mode or self._mode, owner, turn_id, history, deadline)
        return Interruptible(events, deadline.call_off)

    def recall(self, message: str, *, mode: Mode | None = None, owner: str = "") -> Turn | None:
        """The turn, not stored yet, for a first message that was asked before; None where it was not."""
        index = self._live.unchanged()
        if index is None or (mode or self._mode) is Mode.GENERATED:
            return None
        understood = self._known.find(Asked(message, owner, index.generation))
        return None if understood is None else _turn(message, understood.question, understood.reply)

    def _events(
        self,
        message: str,
        conversation_id: str | None,
        mode: Mode,
        owner: str,
        turn_id: str | None,
        history: Sequence[Message],
        deadline: Deadline,
    ) -> Generator[Event, None, None]:
        check(message)
        index = self._live.current()
        turns = self._conversations.conversation(conversation_id, owner).turns if conversation_id else ()
        before = (*map(exchange_of, turns), *exchanges_of(history))
        author = self._author if mode is Mode.GENERATED else None
        yield Status("searching")
        # Nothing that was said before, or that a model may read into it, plays a part in these.
        asked = None if before or mode is Mode.GENERATED else Asked(message, owner, index.generation)
        understood = self._known.find(asked) if asked is not None else None
        if understood is None:
            understood = self._understand(index, message, before, author, deadline)
            if asked is not None:
                self._known.keep(asked, Understood(understood.question, understood.reply))
        reply, shown = understood.reply, False
        if mode is Mode.GENERATED and isinstance(reply, Answer):
            yield Status("writing")
            reply = yield from self._generate(index, understood, reply, author, deadline)
            shown = reply.mode is Mode.GENERATED
        turn = _turn(message, understood.question, reply, turn_id, conversation_id)
        self._conversations.append(turn, owner)
        if isinstance(reply, Answer) and not shown:
            yield from sentences_of(reply)
        yield turn

    def _understand(
        self,
        index: Index,
        message: str,
        before: Sequence[Exchange],
        author: "Author | None",
        deadline: Deadline,
    ) -> Understood:
        """The verbatim reply. With an ``author``, its model reads what a follow-up means."""
        kind = rewriter.courtesy(message)
        if kind is not None:
            courteous = wording.courteous(kind, detect(message))
            return Understood(message, Clarification(courteous, (), (), 1.0))
        rephrased = None
        if author is not None:
            from service.answering.rephrasing import choose, rephrase

            rephrased = rephrase(author.model, message, before, deadline)
        earlier = before[-1].sources if before else ()
        asked = rephrased or self._turned(index, message, before) or rewriter.rewrite(message, before).text
        understood = self._decide(index, asked, earlier)
        if not isinstance(understood.reply, Clarification):
            return understood
        readings = understood.reply.readings
        meant = rewriter.gone_on_with(readings, before)
        if meant is None and author is not None:
            meant = choose(author.model, understood.question, readings, before, deadline)
        return understood if meant is None else self._decide(index, meant)

    def _turned(self, index: Index, message: str, before: Sequence[Exchange]) -> str | None:
        """The question before, of another announcement, where the message turns to that."""
        if not before or not before[-1].sources or not len(index) or not leans(message):
            return None
        language = detect(before[-1].question)
        with self._computing:
            found = retrieve_meant(index, before[-1].question, language, self._weights.scoring)
        return counterpart(analyse(message, language), before[-1], found)

    def _decide(self, index: Index, question: str, earlier: Collection[str] = ()) -> Understood:
        """The verbatim reply to a question that stands on its own, after an answer from ``earlier`` announcements."""
        language = detect(question)
        if not len(index):
            nothing = wording.nothing_indexed(language)
            return Understood(question, Refusal(nothing, Reason.NOT_IN_ANNOUNCEMENTS, (), 1.0))
        with self._computing:
            found = retrieve_meant(index, question, language, self._weights.scoring)
            return Understood(question, decide(index, found, self._weights, self._threshold, earlier), found)

    def _generate(
        self,
        index: Index,
        understood: Understood,
        verbatim: Answer,
        author: "Author | None",
        deadline: Deadline,
    ) -> Generator[VerifiedSentence, None, Answer]:
        """Each sentence that is written and proven, and the answer, verbatim where there is none."""
        from service.answering.author import without_model
        from service.answering.grounds import grounds
        from service.answering.meaning import ModelledMeaning
        from service.answering.verifier import reading_of, verify

        if author is None or understood.found is None:
            return without_model(verbatim, understood.question)
        quotes = grounds(understood.found, tuple(citation.quote for citation in verbatim.citations))
        meaning = ModelledMeaning(index.encoder, self._weights.reader)
        # All at once, and before there is a sentence to wait for.
        meaning.remember([reading_of(quote).text for quote in quotes])
        checked = partial(verify, meaning=meaning)
        return (yield from author.answer(understood.question, verbatim, quotes, checked, deadline))

    def search(self, messages: Sequence[Message], k: int) -> list[Hit]:
        """The k passages that come nearest to the last message, a follow-up understood as ``ask`` does."""
        for message in messages:
            check(message.content)
        index = self._live.current()
        if not len(index):
            return []
        asked = [message for message in messages if message.role == "user"] or [messages[-1]]
        question = rewriter.rewrite(asked[-1].content, exchanges_of(asked[:-1])).text
        with self._computing:
            found = retrieve_meant(index, question, detect(question), self._weights.scoring)
        passages = [(found.passages[r.candidate], r.score) for r in found.ranking.passages[:k]]
        return [
            Hit(passage.revision.announcement.id, passage.text, passage.start, passage.end, score)
            for passage, score in passages
        ]

    def sources(self) -> list[Source]:
        """What is indexed, ordered by id."""
        return [source_of(announcement) for announcement in self._live.current().announcements()]

    def source(self, id: str) -> Announcement:
        """One announcement with its text. Raises NotFound."""
        revision = self._live.current().revision(id)
        if revision is None:
            raise NotFound("source", id)
        return revision.announcement

    def suggestions(self) -> list[str]:
        """First questions that the announcements answer, best first."""
        return suggest(self._live.current())

    @property
    def generation(self) -> int:
        """The number of the index generation that is being served."""
        return self._live.current().generation

    def ready(self) -> None:
        """Raise the error that keeps questions from being answered now, if there is one."""
        self._live.current()
        self._conversations.ready()


def _turn(
    message: str,
    understood: str,
    reply: Reply,
    turn_id: str | None = None,
    conversation_id: str | None = None,
) -> Turn:
    """A turn of now; with ids of its own where none are given."""
    return Turn(
        id=turn_id or new_turn_id(),
        conversation_id=conversation_id or new_conversation_id(),
        question=message,
        standalone_question=understood,
        reply=reply,
        asked_at=datetime.now(UTC),
    )


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def check(message: str) -> None:
    """Raise QuestionInvalid for what cannot be a question, whichever channel it came by."""
    if not message.strip():
        raise QuestionInvalid("the message is empty")
    if "\0" in message:
        raise QuestionInvalid("the message holds a NUL character")
    if _LONE_SURROGATE.search(message):
        raise QuestionInvalid("the message holds half of a surrogate pair, which is no character")


def exchange_of(turn: Turn) -> Exchange:
    """What later questions may lean on: the question as understood, and what stood out in the answer."""
    if not isinstance(turn.reply, Answer):
        return Exchange(turn.standalone_question)
    titles = tuple(dict.fromkeys(citation.quote.title for citation in turn.reply.citations))
    first = turn.reply.citations[0].quote
    marked = first.highlight_start is not None
    named = first.text[first.highlight_start : first.highlight_end] if marked else None
    sources = tuple(dict.fromkeys(citation.quote.source_id for citation in turn.reply.citations))
    return Exchange(turn.standalone_question, named, titles, _listed(turn.reply), sources)


def _listed(answer: Answer) -> tuple[str, ...]:
    """The items of a list in an answer, or the rows of a table below the one that names its columns."""
    items = [
        each.quote.text for each in answer.citations if not each.quote.text.endswith((".", "!", "?", ":"))
    ]
    rows = [item for item in items if "|" in item]
    return tuple(rows[1:] if len(rows) > 1 else items)


def exchanges_of(history: Sequence[Message]) -> tuple[Exchange, ...]:
    """What a message may lean on, from a history that the client keeps: the user's own questions.

    What the history says that the assistant answered is left out: the client could have written it.
    """
    asked = [message.content for message in history if message.role == "user"]
    exchanges: tuple[Exchange, ...] = ()
    for question in asked[-MOST_EARLIER_QUESTIONS:]:
        check(question)
        if rewriter.courtesy(question) is None:
            exchanges += (Exchange(rewriter.rewrite(question, exchanges).text),)
    return exchanges


def sentences_of(answer: Answer) -> Iterator[VerifiedSentence]:
    """The sentences of an answer in order, each with its citations."""
    by_span: dict[tuple[int, int], list[Citation]] = {}
    for citation in answer.citations:
        by_span.setdefault((citation.answer_start, citation.answer_end), []).append(citation)
    position = 0
    for (start, end), citations in sorted(by_span.items()):
        yield VerifiedSentence(answer.text[start:end], start, tuple(citations), answer.text[position:start])
        position = end


def source_of(announcement: Announcement) -> Source:
    """An announcement as a list shows it."""
    return Source(
        id=announcement.id,
        sha256=announcement.sha256,
        title=announcement.title,
        language=announcement.language,
        characters=len(announcement.text),
        issuer=announcement.issuer,
        published=announcement.published.isoformat() if announcement.published else None,
        url=announcement.url,
    )
