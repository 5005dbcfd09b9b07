"""Answers the posts that the inbox holds: each once, those of a thread in their order, and also after a crash."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import TYPE_CHECKING, Any, ClassVar

from service.answering.assistant import AssistantLike, Event, Status, VerifiedSentence
from service.channels.delivery import Delivery
from service.channels.inbox import Inbox
from service.channels.post import Post
from service.channels.problem import log_error, problem_of
from service.conversation import ConversationStore, Turn
from service.errors import NotFound, Overloaded, QuestionInvalid, SlackUnavailable
from service.log import log_request
from service.metrics import Metrics
from service.pool import Pool
from service.settings import Settings

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

LEASE = 60.0
"""Seconds after which a post whose taker has not been heard of may be taken over."""
ORDER_POLL = 0.2
"""Seconds between looks at whether the posts before this one in its thread are answered, by any replica."""


class Answerer:
    """Works on posts in the background, for as long as it is running."""

    OWNER: ClassVar[str] = "slack"
    """Whose conversations these are, as in ``ConversationStore``; also where their feedback came from."""

    def __init__(
        self,
        client: "AsyncWebClient",
        inbox: Inbox,
        assistant: AssistantLike,
        conversations: ConversationStore,
        settings: Settings,
        metrics: Metrics,
        pool: Pool,
    ) -> None:
        self._client = client
        self._inbox = inbox
        self._assistant = assistant
        self._conversations = conversations
        self._settings = settings
        self._metrics = metrics
        self._pool = pool
        self._tasks: set[asyncio.Task[None]] = set()
        self._posts: set[str] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Take over what others left, now and then; at the end, finish what is in hand."""
        keeping = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await self._finish()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do some work in the background; what it raises is logged."""
        # asyncio itself keeps no task alive.
        task = asyncio.create_task(_logging_errors(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def begin_answer(self, post: Post) -> None:
        """Answer a post, which the caller has taken from the inbox."""
        self.begin(self._answer(post))

    async def _answer(self, post: Post) -> None:
        self._posts.add(post.key)
        turn = None
        try:
            while await asyncio.to_thread(self._inbox.waits, post):
                await asyncio.sleep(ORDER_POLL)
            turn = await self._deliver(post, Delivery(self._client, post))
        except asyncio.CancelledError:
            await asyncio.to_thread(self._inbox.release, post.key)
            raise
        except SlackUnavailable as error:
            log_error(error)
            if error.passing:
                # The post stays unfinished, and is taken over when its lease is out.
                return
        finally:
            self._posts.discard(post.key)
        await asyncio.to_thread(self._inbox.finish, post.key, turn.conversation_id if turn else None)

    async def _deliver(self, post: Post, delivery: Delivery) -> Turn | None:
        """Deliver the answer, or say why there is none."""
        try:
            if not post.question:
                await delivery.say(await self._help())
                return None
            limit = self._settings.message_limit
            if len(post.question) > limit:
                raise QuestionInvalid(f"the question has more than {limit} characters")
            turn = await self._turn(post, delivery)
            await delivery.turn(turn)
        except SlackUnavailable:
            raise
        except Exception as error:
            log_error(error)
            await delivery.say(f"I could not answer that: {problem_of(error).detail}.")
            return None
        return turn

    async def _turn(self, post: Post, delivery: Delivery) -> Turn:
        try:
            # A replica that died after the answer was stored and before it was delivered has left this.
            return await asyncio.to_thread(self._conversations.turn, post.turn_id, self.OWNER)
        except NotFound:
            pass
        await delivery.show_status()
        async for event in self._events(post):
            match event:
                case VerifiedSentence():
                    await delivery.sentence(event)
                case Turn():
                    self._record(post, event)
                    return event
                case Status():
                    pass
        raise RuntimeError("a stream ended without a turn")

    async def _events(self, post: Post) -> AsyncIterator[Event]:
        """What the assistant says, made by a thread. Where the service is busy this waits: nobody else does."""
        conversation = await asyncio.to_thread(self._inbox.conversation_of, post.thread)
        events = self._assistant.stream(
            post.question, conversation_id=conversation, owner=self.OWNER, turn_id=post.turn_id
        )
        loop = asyncio.get_running_loop()
        made: asyncio.Queue[Event | None] = asyncio.Queue()

        def make() -> None:
            try:
                for event in events:
                    loop.call_soon_threadsafe(made.put_nowait, event)
            finally:
                loop.call_soon_threadsafe(made.put_nowait, None)

        while True:
            try:
                making = self._pool.submit(make)
                break
            except Overloaded as busy:
                await asyncio.sleep(busy.retry_after)
        while (event := await made.get()) is not None:
            yield event
        await asyncio.wrap_future(making)

    async def _help(self) -> str:
        questions = await asyncio.to_thread(self._assistant.suggestions)
        examples = "".join(f"\n• {question}" for question in questions)
        return "Ask me about the announcements" + (f", for example:{examples}" if examples else ".")

    def _record(self, post: Post, turn: Turn) -> None:
        self._metrics.reply(turn.reply)
        fields: dict[str, object] = {
            "channel": "slack",
            "answer": turn.id,
            "reply": type(turn.reply).__name__.lower(),
        }
        if self._settings.log_questions:
            fields["question"] = post.question
        log_request(fields)

    async def _keep(self) -> None:
        """Renew what is in hand, and take over what nobody has in hand any more."""
        while True:
            try:
                await asyncio.to_thread(self._inbox.renew, tuple(self._posts))
                for post in await asyncio.to_thread(self._inbox.take_over, LEASE):
                    self.begin_answer(post)
            except Exception as error:
                log_error(error)
            await asyncio.sleep(LEASE / 4)

    async def _finish(self) -> None:
        """Let what is in hand be finished, within the time to shut down; leave the rest to others."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._settings.shutdown_seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _logging_errors(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as error:
        log_error(error)
