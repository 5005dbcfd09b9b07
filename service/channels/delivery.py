"""One reply on its way to Slack: a status while it is made, then sentence by sentence, or all at once.

In direct messages and the assistant pane an answer is streamed (``chat.startStream`` and what belongs
to it, each sentence a chunk of blocks). In a channel, and as the reply to a command, it is one message.
What Slack refuses of a stream or of blocks is made up for: the reader gets the whole answer.
"""

from typing import TYPE_CHECKING

from service.answer import Answer
from service.answering.assistant import VerifiedSentence, sentences_of
from service.channels.blocks import SlackMessage, closing_blocks, message_of, said, sentence_block
from service.channels.post import Post
from service.channels.problem import log_error
from service.channels.slack_api import calling
from service.conversation import Turn
from service.errors import SlackUnavailable

if TYPE_CHECKING:
    from slack_sdk.web.async_chat_stream import AsyncChatStream
    from slack_sdk.web.async_client import AsyncWebClient

SEARCHING = "is searching the announcements…"
BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
"""Errors after which the same message may pass without its blocks."""


class Delivery:
    """The reply to one post. Its methods raise SlackUnavailable where nothing helps."""

    def __init__(self, client: "AsyncWebClient", post: Post) -> None:
        self._client = client
        self._post = post
        self._stream: AsyncChatStream | None = None
        self._streamed: list[str] = []
        self._streams = post.direct and post.response_url is None

    async def show_status(self) -> None:
        """Say that work is being done. Slack takes it back with the reply, or after two minutes."""
        if self._post.response_url is not None or self._streamed:
            return
        try:
            with calling():
                await self._client.assistant_threads_setStatus(
                    channel_id=self._post.channel, thread_ts=self._post.thread_ts, status=SEARCHING
                )
        except SlackUnavailable as error:
            # A reply without a status before it is still a reply.
            log_error(error)

    async def sentence(self, sentence: VerifiedSentence) -> None:
        """Show one sentence of the answer, where answers are streamed."""
        if not self._streams:
            return
        try:
            with calling():
                if self._stream is None:
                    self._stream = await self._client.chat_stream(
                        channel=self._post.channel,
                        thread_ts=self._post.thread_ts,
                        recipient_team_id=self._post.team,
                        recipient_user_id=self._post.user,
                    )
                await self._stream.append(chunks=[{"type": "blocks", "blocks": [sentence_block(sentence)]}])
            self._streamed.append(sentence.text)
        except SlackUnavailable as error:
            log_error(error)
            self._streams = False

    async def turn(self, turn: Turn) -> None:
        """Show the turn; what was streamed of it already is completed, or corrected where it differs."""
        if self._streams and self._streamed and self._streamed == _sentences(turn):
            try:
                with calling():
                    await self._stream.stop(blocks=closing_blocks(turn))  # type: ignore[union-attr]
            except SlackUnavailable as error:
                log_error(error)
            else:
                return
        await self._show(message_of(turn))

    async def say(self, text: str) -> None:
        """Say something that is no answer, in place of one."""
        await self._show(said(text))

    async def _show(self, message: SlackMessage) -> None:
        """Show a message in the place of what was streamed, or as one of its own."""
        if self._post.response_url is not None:
            await self._respond(self._post.response_url, message)
        elif self._stream is not None and self._stream.ts is not None:
            await self._replace(self._stream, message)
        else:
            await self._send(message)

    async def _replace(self, stream: "AsyncChatStream", message: SlackMessage) -> None:
        try:
            with calling():
                await stream.stop()
        except SlackUnavailable as error:
            # Slack ends a stream by itself after a while; then there is nothing to stop.
            log_error(error)
        with calling():
            await self._client.chat_update(
                channel=self._post.channel, ts=str(stream.ts), text=message.text, blocks=message.blocks
            )

    async def _send(self, message: SlackMessage) -> None:
        try:
            await self._post_message(message, blocks=True)
        except SlackUnavailable as error:
            if error.code not in BLOCKS_REFUSED:
                raise
            log_error(error)
            await self._post_message(message, blocks=False)

    async def _post_message(self, message: SlackMessage, *, blocks: bool) -> None:
        with calling():
            await self._client.chat_postMessage(
                channel=self._post.channel,
                thread_ts=self._post.thread_ts,
                text=message.text,
                blocks=message.blocks if blocks else None,
                mrkdwn=False,
                unfurl_links=False,
                unfurl_media=False,
            )

    async def _respond(self, url: str, message: SlackMessage) -> None:
        """Reply to a command, seen by who gave it alone."""
        from slack_sdk.webhook.async_client import AsyncWebhookClient

        webhook = AsyncWebhookClient(
            url, session=self._client.session, retry_handlers=self._client.retry_handlers
        )
        with calling():
            response = await webhook.send(
                text=message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
            )
        if response.status_code != 200:
            raise SlackUnavailable(response.body[:100], passing=response.status_code >= 500)


def _sentences(turn: Turn) -> list[str]:
    return [sentence.text for sentence in sentences_of(turn.reply)] if isinstance(turn.reply, Answer) else []
