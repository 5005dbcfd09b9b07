"""Tokens for the chat on pages of other origins."""

import time
from collections.abc import Callable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from service import wire
from service.channels.description import described
from service.channels.edge import TOKEN_PATH
from service.visitor import LIFETIME, VisitorTokens


class WidgetChannel:
    """Issues tokens."""

    def __init__(self, tokens: VisitorTokens, clock: Callable[[], float] = time.time) -> None:
        self._tokens = tokens
        self._clock = clock

    async def token(self, request: Request) -> Response:
        """Give a page of a listed origin a token with which it may ask, read sources and rate answers."""
        token = self._tokens.issue(request.headers.get("origin"), self._clock())
        document = wire.WidgetToken(token=token, expires_in=LIFETIME)
        return Response(document.model_dump_json(), media_type="application/json")


def add_widget(app: FastAPI, channel: WidgetChannel) -> None:
    """Add the call, described."""
    description = described(403, 429, locked=False) | {"openapi_extra": {"security": []}}
    app.add_api_route(
        TOKEN_PATH, channel.token, methods=["POST"], response_model=wire.WidgetToken, **description
    )
