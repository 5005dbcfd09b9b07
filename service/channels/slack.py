"""Slack: mentions, direct messages, the assistant pane and `/ask`, with slack-bolt.

A delivery is acknowledged as soon as the inbox holds the post; the answer follows when it is made.
The packages (`herald[slack]`) are imported when the channel is opened.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from service.answering.assistant import AssistantLike
from service.channels.answerer import Answerer
from service.channels.inbox import Inbox
from service.channels.listeners import Listeners
from service.channels.problem import problem, problem_response
from service.channels.slack_api import calling, make_client
from service.conversation import ConversationStore
from service.errors import RequestMalformed, SettingsInvalid
from service.log import logger
from service.metrics import Metrics
from service.pool import Pool
from service.settings import Settings

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

EVENTS = "/slack/events"
NOT_INSTALLED = (
    "HERALD_SLACK_BOT_TOKEN: Slack needs packages that are not installed here: pip install 'herald[slack]'"
)
NOT_SET = "HERALD_SLACK_BOT_TOKEN: not set; it is the Bot User OAuth Token of the app in Slack, xoxb-… (README: Slack in five steps)"
NOT_SIGNED = "the request does not carry a signature of Slack's that is valid now"


class SlackChannel:
    """Herald in one Slack workspace. Any number of replicas may share a database."""

    def __init__(
        self,
        assistant: AssistantLike,
        conversations: ConversationStore,
        settings: Settings,
        metrics: Metrics,
        pool: Pool,
    ) -> None:
        """Raises SettingsInvalid where there is no bot token."""
        if settings.slack_bot_token is None:
            raise SettingsInvalid(NOT_SET)
        self._token = settings.slack_bot_token.get_secret_value()
        self._assistant = assistant
        self._conversations = conversations
        self._settings = settings
        self._metrics = metrics
        self._pool = pool
        self._bolt: AsyncApp | None = None

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["AsyncApp"]:
        """Take posts and answer them for as long as this is open; at its end, finish what was begun.

        Raises SettingsInvalid where the packages are missing, StoreUnavailable.
        """
        try:
            import aiohttp
            import slack_bolt  # noqa: F401
        except ModuleNotFoundError as error:
            raise SettingsInvalid(NOT_INSTALLED) from error
        inbox = await asyncio.to_thread(Inbox, self._settings.store_path)
        try:
            async with aiohttp.ClientSession() as session:
                client = make_client(self._token, self._settings.slack_api_url, session)
                answerer = Answerer(
                    client,
                    inbox,
                    self._assistant,
                    self._conversations,
                    self._settings,
                    self._metrics,
                    self._pool,
                )
                listeners = Listeners(client, inbox, answerer, self._assistant, self._conversations)
                self._bolt = listeners.app()
                async with answerer.running():
                    answerer.begin(introduce(client))
                    yield self._bolt
        finally:
            await asyncio.to_thread(inbox.close)

    async def serve(self, request: Request) -> Response:
        """Take one delivery over HTTP. What Slack has not signed within five minutes gets 401."""
        from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response

        if self._bolt is None:
            raise RuntimeError("the channel is not open")
        body = await request.body()
        if not self._signed(body, request.headers):
            return problem_response(problem(401, "signature_invalid", NOT_SIGNED))
        try:
            delivery = to_async_bolt_request(request, body)
        except ValueError as error:
            raise RequestMalformed("the body is not what Slack sends") from error
        return to_starlette_response(await self._bolt.async_dispatch(delivery))

    def _signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether Slack has signed the body; checked before anything in it is read."""
        from slack_sdk.signature import SignatureVerifier

        secret = self._settings.slack_signing_secret
        if secret is None:
            return False
        time, signature = headers.get("x-slack-request-timestamp"), headers.get("x-slack-signature")
        try:
            return SignatureVerifier(secret.get_secret_value()).is_valid(body, time, signature)
        except (ValueError, TypeError):
            # A time that is no number, a signature that is not ASCII, a body that is not UTF-8.
            return False


def add_slack(app: FastAPI, channel: SlackChannel) -> None:
    """Add the route that Slack delivers to. Slack's documentation describes it, not this API's."""
    app.add_api_route(EVENTS, channel.serve, methods=["POST"], include_in_schema=False)


async def introduce(client: "AsyncWebClient") -> None:
    """Log as whom Herald speaks in Slack. Raises SlackUnavailable where the token is refused."""
    with calling():
        known = await client.auth_test()
    logger.info("slack", extra={"fields": {"workspace": known["team"], "user": known["user"]}})
