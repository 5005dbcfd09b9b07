"""Slack's Socket Mode: deliveries come over a connection that Herald opens, so that it needs no address."""

import asyncio
import signal
from typing import TYPE_CHECKING

from service.channels.slack import SlackChannel
from service.channels.slack_api import calling
from service.errors import SettingsInvalid, SlackUnavailable
from service.settings import Settings

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

NOT_SET = "HERALD_SLACK_APP_TOKEN: not set; Socket Mode needs an app-level token, xapp-… (README: Slack in five steps)"
STOPS = (signal.SIGINT, signal.SIGTERM)


async def serve_socket_mode(channel: SlackChannel, settings: Settings) -> None:
    """Answer until told to stop (SIGINT, SIGTERM). To be run in the main thread."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in STOPS:
        loop.add_signal_handler(number, stop.set)
    try:
        await run_socket_mode(channel, settings, stop)
    finally:
        for number in STOPS:
            loop.remove_signal_handler(number)


async def run_socket_mode(channel: SlackChannel, settings: Settings, stop: asyncio.Event) -> None:
    """Answer until ``stop`` is set, then finish what was begun.

    Raises SettingsInvalid for tokens that are missing or that Slack refuses.
    """
    if settings.slack_app_token is None:
        raise SettingsInvalid(NOT_SET)
    token = settings.slack_app_token.get_secret_value()
    async with channel.open() as bolt:
        from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

        handler = AsyncSocketModeHandler(bolt, token)
        try:
            # The SDK itself would go on trying with a token that is refused.
            handler.client.wss_uri = await _address(bolt.client, token)
            await handler.connect_async()  # type: ignore[no-untyped-call]
            await stop.wait()
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]


async def _address(client: "AsyncWebClient", token: str) -> str:
    """Where Slack wants the connection to be opened."""
    try:
        with calling():
            await client.auth_test()
    except SlackUnavailable as error:
        raise SettingsInvalid(f"HERALD_SLACK_BOT_TOKEN: {error}") from error
    try:
        with calling():
            opened = await client.apps_connections_open(app_token=token)
    except SlackUnavailable as error:
        raise SettingsInvalid(f"HERALD_SLACK_APP_TOKEN: {error}") from error
    return str(opened["url"])
