"""Slack's Web API: the client, and the one place where its errors become ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from service.errors import SlackUnavailable
from service.log import logger

if TYPE_CHECKING:
    from aiohttp import ClientSession
    from slack_sdk.web.async_client import AsyncWebClient

RATE_LIMITED_RETRIES = 8
"""How often a call is made again after the wait that Slack asks for in ``Retry-After``."""
CONNECTION_RETRIES = 2
PASSING = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "service_unavailable", "request_timeout"}
)
"""Errors of Slack's after which the same call may be accepted later."""


def make_client(token: str, api_url: str, session: "ClientSession") -> "AsyncWebClient":
    """A client that waits as long as Slack asks it to."""
    from aiohttp import ClientConnectorError
    from slack_sdk.http_retry.builtin_async_handlers import (
        AsyncConnectionErrorRetryHandler,
        AsyncRateLimitErrorRetryHandler,
    )
    from slack_sdk.web.async_client import AsyncWebClient

    return AsyncWebClient(
        token,
        base_url=api_url,
        session=session,
        retry_handlers=[
            # Only where there was no connection: a call that was cut off may have been carried out.
            AsyncConnectionErrorRetryHandler(CONNECTION_RETRIES, error_types=[ClientConnectorError]),
            AsyncRateLimitErrorRetryHandler(RATE_LIMITED_RETRIES),
        ],
        logger=logger.getChild("slack"),
    )


@contextmanager
def calling() -> Iterator[None]:
    """Raise SlackUnavailable in place of what slack_sdk and aiohttp raise."""
    from aiohttp import ClientError
    from slack_sdk.errors import SlackApiError, SlackClientError

    try:
        yield
    except SlackApiError as error:
        code = str(error.response["error"])
        raise SlackUnavailable(code, passing=code in PASSING) from error
    except (ClientError, SlackClientError, TimeoutError) as error:
        raise SlackUnavailable(type(error).__name__, passing=True) from error
