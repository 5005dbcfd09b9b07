"""What Slack tells Herald of, as slack-bolt's listeners: each acknowledges at once and leaves the work for later."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from service.answering.assistant import AssistantLike
from service.channels.answerer import Answerer
from service.channels.blocks import FEEDBACK, READING
from service.channels.inbox import Inbox
from service.channels.post import post_of_click, post_of_command, post_of_event
from service.channels.slack_api import calling
from service.conversation import ConversationStore, Vote
from service.errors import NotFound
from service.log import logger

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

SEARCHING = "Searching the announcements…"
THANKS = "Thank you, that is noted."
GONE = "That answer is not kept any more."
MOST_PROMPTS = 4
LONGEST_PROMPT = 75

Body = Mapping[str, Any]
Acknowledge = Callable[..., Awaitable[Any]]


class Listeners:
    """The listeners, over the collaborators that they call."""

    def __init__(
        self,
        client: "AsyncWebClient",
        inbox: Inbox,
        answerer: Answerer,
        assistant: AssistantLike,
        conversations: ConversationStore,
    ) -> None:
        self._client = client
        self._inbox = inbox
        self._answerer = answerer
        self._assistant = assistant
        self._conversations = conversations

    def app(self) -> "AsyncApp":
        """A bolt application with these listeners, which expects that signatures were checked before."""
        from slack_bolt.async_app import AsyncApp
        from slack_bolt.authorization import AuthorizeResult

        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            # Bolt's own way asks Slack who the bot is, and the first acknowledgements would wait for that.
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=self._client.token)

        quiet = logger.getChild("slack.bolt")
        # What bolt warns of it quotes whole, questions and tokens included.
        quiet.setLevel("ERROR")
        bolt = AsyncApp(
            logger=quiet,
            name=quiet.name,
            client=self._client,
            authorize=authorize,
            request_verification_enabled=False,
            # Done more strictly: posts of any bot are no questions; see ``post_of_event``.
            ignoring_self_events_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        for event in ("app_mention", "message"):
            bolt.event(event, middleware=[self._take])(self._answer)
        bolt.event("assistant_thread_started")(self._open_thread)
        bolt.event("app_home_opened")(self._open_messages)
        bolt.event(re.compile(".*"))(self._ignore)
        bolt.command(re.compile("^/"))(self._ask)
        bolt.action(FEEDBACK)(self._feedback)
        bolt.action(re.compile(f"^{READING}_"))(self._read)
        bolt.action(re.compile(".*"))(self._ignore_click)
        return bolt

    async def _take(self, body: Body, context: dict[str, Any], next_: Callable[[], Awaitable[None]]) -> Any:
        """Let a post through once. An error keeps it from being acknowledged: Slack delivers it again."""
        from slack_bolt import BoltResponse

        post = post_of_event(body)
        if post is None or not await asyncio.to_thread(self._inbox.take, post):
            return BoltResponse(status=200)
        context["post"] = post
        return await next_()

    async def _answer(self, context: dict[str, Any]) -> None:
        self._answerer.begin_answer(context["post"])

    async def _ask(self, body: Body, ack: Acknowledge) -> None:
        post = post_of_command(body)
        taken = await asyncio.to_thread(self._inbox.take, post)
        await ack(SEARCHING if post.question else "")
        if taken:
            self._answerer.begin_answer(post)

    async def _read(self, body: Body, ack: Acknowledge) -> None:
        """Ask the question that a button below a question back stands for."""
        post = post_of_click(body, body["actions"][0]["value"])
        taken = await asyncio.to_thread(self._inbox.take, post)
        await ack()
        if taken:
            self._answerer.begin_answer(post)

    async def _feedback(self, body: Body, ack: Acknowledge) -> None:
        await ack()
        vote, _, turn_id = body["actions"][0]["value"].partition(":")
        self._answerer.begin(self._store_vote(body, Vote(vote), turn_id))

    async def _store_vote(self, body: Body, vote: Vote, turn_id: str) -> None:
        """Store a vote, and tell who gave it whether it is kept."""
        try:
            await asyncio.to_thread(self._conversations.add_feedback, turn_id, Answerer.OWNER, vote, None)
        except NotFound:
            said = GONE
        else:
            said = THANKS
        place = body["container"]
        with calling():
            await self._client.chat_postEphemeral(
                channel=place["channel_id"],
                thread_ts=place.get("thread_ts"),
                user=body["user"]["id"],
                text=said,
            )

    async def _open_thread(self, event: Body) -> None:
        thread = event["assistant_thread"]
        self._answerer.begin(self._suggest(thread["channel_id"], thread["thread_ts"]))

    async def _open_messages(self, event: Body) -> None:
        if event.get("tab") == "messages":
            self._answerer.begin(self._suggest(event["channel"], None))

    async def _suggest(self, channel: str, thread_ts: str | None) -> None:
        """Offer first questions to somebody who has opened the assistant pane."""
        questions = await asyncio.to_thread(self._assistant.suggestions)
        prompts = [{"title": q[:LONGEST_PROMPT], "message": q} for q in questions[:MOST_PROMPTS]]
        if prompts:
            with calling():
                await self._client.assistant_threads_setSuggestedPrompts(
                    channel_id=channel, thread_ts=thread_ts, prompts=prompts
                )

    async def _ignore(self) -> None:
        """Acknowledge an event that asks nothing, or Slack would deliver it again."""

    async def _ignore_click(self, ack: Acknowledge) -> None:
        await ack()
