"""The application: channels wired to one assistant and one store; and a way to serve it.

``create_app`` has no side effect beyond its own objects. ``listen`` and ``serve`` run it with uvicorn::

    settings = read_settings()
    app = create_app(assistant, conversations, settings)
    serve(app, settings, listen(settings))
"""

import asyncio
import gc
import signal
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from service.answering.assistant import AssistantLike
from service.channels.body import request_invalid
from service.channels.description import describe
from service.channels.edge import Cors, Guard, Watch
from service.channels.http import HttpChannel, add_page, add_routes
from service.channels.mcp import McpChannel
from service.channels.openai import (
    OpenAIChannel,
    add_openai,
    openai_error_response,
    openai_problem_response,
    speaks_openai,
)
from service.channels.page import static_files
from service.channels.problem import error_response, problem, problem_response
from service.channels.slack import SlackChannel, add_slack
from service.channels.widget import WidgetChannel, add_widget
from service.conversation import ConversationStore
from service.errors import SettingsInvalid
from service.limits import RateLimiter
from service.log import configure
from service.metrics import Metrics
from service.pool import Pool
from service.settings import Settings
from service.visitor import VisitorTokens

MCP_HEADERS = ("MCP-Protocol-Version", "Mcp-Method", "Mcp-Name")
DETAILS = {404: "there is no page and no call at this address", 405: "this address does not take this method"}


def create_app(assistant: AssistantLike, conversations: ConversationStore, settings: Settings) -> FastAPI:
    """An application of its own: two in one process share nothing but the collaborators given.

    Who made the assistant and the store closes them. Raises SettingsInvalid for an unusable key file.
    """
    key_hashes = settings.key_hashes()
    metrics = Metrics(lambda: assistant.generation)
    pool = Pool(threads=settings.threads, waiting=settings.waiting)
    mcp = McpChannel(assistant, settings, metrics, pool)
    slack = None
    if settings.slack_bot_token is not None and settings.slack_signing_secret is not None:
        slack = SlackChannel(assistant, conversations, settings, metrics, pool)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with slack.open() if slack is not None else nullcontext():
            yield
        await mcp.close()
        await asyncio.to_thread(pool.close)

    app = FastAPI(
        title="Herald",
        summary="Answers questions about announcements and proves every sentence with an exact quote",
        version=_version(),
        # No documentation pages: they would load scripts from other hosts.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        exception_handlers={HTTPException: _http_problem, RequestValidationError: _invalid},
    )
    add_routes(
        app,
        HttpChannel(assistant, conversations, settings, metrics, pool),
        metrics_open=settings.metrics_open,
    )
    add_openai(app, OpenAIChannel(assistant, settings, metrics, pool))
    app.add_api_route("/mcp", mcp.serve, methods=["POST"], include_in_schema=False)
    secret = settings.widget_secret
    visitors = VisitorTokens(settings.widget_origins, secret.get_secret_value() if secret else None)
    add_widget(app, WidgetChannel(visitors))
    if slack is not None:
        add_slack(app, slack)
    add_page(app, static_files())
    _surround(app, settings, metrics, key_hashes, visitors)
    _set_description(app, settings, needs_key=bool(key_hashes))
    return app


def listen(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say; port 0 takes a free one.

    Raises SettingsInvalid where that is not possible.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise SettingsInvalid(
            f"HERALD_HOST, HERALD_PORT: cannot listen on {where}: {error.strerror}"
        ) from error


def serve(app: FastAPI, settings: Settings, listener: socket.socket) -> None:
    """Serve until told to stop (SIGINT, SIGTERM), then finish the requests in flight."""
    configure(settings.log_level)
    config = uvicorn.Config(
        app,
        loop="auto",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        # The application believes proxies itself, and only those in the settings.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
    # What was opened so far stays: the garbage collector need not walk through all of it, not even once.
    gc.freeze()
    with _surviving_signals():
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def _surviving_signals() -> Iterator[None]:
    """Return from serving after SIGINT or SIGTERM, so that the caller can close what it opened.

    uvicorn stops gracefully at either, but then raises it again, for whatever handler was there before.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _surround(
    app: FastAPI,
    settings: Settings,
    metrics: Metrics,
    key_hashes: frozenset[str],
    visitors: VisitorTokens,
) -> None:
    """Add what surrounds each request, from the inside out."""
    app.add_middleware(
        Guard,
        key_hashes=key_hashes,
        visitors=visitors,
        open_origins=settings.cors_origins,
        limiter=RateLimiter(per_minute=settings.rate_limit, burst=settings.rate_burst),
        body_limit=settings.body_limit,
        metrics_open=settings.metrics_open,
        respond=_respond,
    )
    if origins := (*settings.cors_origins, *settings.widget_origins):
        app.add_middleware(
            Cors,
            allow_origins=origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Authorization", "Content-Type", "Last-Event-ID", "X-Request-ID", *MCP_HEADERS),
            expose_headers=("Retry-After", "X-Request-ID"),
        )
    app.add_middleware(Watch, metrics=metrics)
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))


def _set_description(app: FastAPI, settings: Settings, *, needs_key: bool) -> None:
    locked = ("/v1/",) if settings.metrics_open else ("/v1/", "/metrics")

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(
                app, message_limit=settings.message_limit, locked=locked, needs_key=needs_key
            )
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI documents


def _respond(path: str, error: Exception) -> Response:
    """An error in the shape that the clients of a path expect."""
    return openai_error_response(error) if speaks_openai(path) else error_response(error)


async def _http_problem(request: Request, error: HTTPException) -> Response:
    """What the framework itself refuses, in the shape that the clients of the path expect."""
    found = problem(error.status_code, "", DETAILS.get(error.status_code, error.detail))
    found.code = found.title.lower().replace(" ", "_")
    respond = openai_problem_response if speaks_openai(request.url.path) else problem_response
    return respond(found, error.headers)


async def _invalid(_: Request, error: RequestValidationError) -> Response:
    return error_response(request_invalid(error.errors()))


def _version() -> str:
    try:
        return version("herald")
    except PackageNotFoundError:
        return "0"
