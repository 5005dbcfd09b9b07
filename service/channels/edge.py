"""What surrounds every request: its id, log line, measures and headers; keys, limits, and errors.

From the outside in: ``Watch``, ``Cors`` (where origins are listed), ``Guard``, the application.
"""

import re
import time
from collections.abc import Awaitable, Callable, Collection

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indexer.errors import HeraldError
from service.channels.problem import error_response, log_error, problem, problem_response
from service.errors import BodyTooLarge, OriginRefused, TooManyRequests, Unauthorized
from service.keys import owner_of
from service.limits import RateLimiter, client_name
from service.log import accepted_id, log_request, logger, request_id
from service.metrics import Metrics
from service.visitor import VisitorTokens, origin_of

CLIENT_GONE = 499
"""The status in log and metrics of a request whose client left before it was answered."""

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    # Not no-referrer: that would also strip the Origin from same-origin form posts.
    (b"referrer-policy", b"same-origin"),
)
# What an API's response may do when a browser is made to show it as a page: nothing.
API_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)

TOKEN_PATH = "/v1/widget/token"  # noqa: S105 -- an address
FOR_VISITORS = re.compile(r"/v1/(chat|suggestions|sources|sources/.+|conversations/.+|answers/.+/feedback)")
"""What a visitor's token opens. The rest of the interface is for programs, which have keys."""


class Watch:
    """Gives each request an id, logs one line about it and measures it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        id = accepted_id(_header(scope, b"x-request-id"))
        status = CLIENT_GONE

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(message, id)
            await send(message)

        state = scope.setdefault("state", {})
        state["log"] = {}
        token = request_id.set(id)
        self._metrics.in_flight.inc()
        try:
            await self._app(scope, receive, watched)
        finally:
            self._metrics.in_flight.dec()
            self._record(scope, status, time.perf_counter() - began)
            request_id.reset(token)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        self._metrics.request(scope["method"], route, status, seconds)
        log_request(
            {
                "method": scope["method"],
                "route": route,
                "status": status,
                "milliseconds": round(seconds * 1000, 2),
                **scope["state"]["log"],
            }
        )


def _complete(message: Message, id: str) -> None:
    headers = [*message.get("headers", ()), *HEADERS, (b"x-request-id", id.encode("ascii"))]
    present = {name for name, _ in headers}
    headers += [header for header in API_HEADERS if header[0] not in present]
    message["headers"] = headers


class Cors(CORSMiddleware):
    """Starlette's CORS, its refusals as problem documents."""

    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code < 400:
            return response
        headers = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
        text = bytes(response.body).decode()
        return problem_response(problem(response.status_code, "cors_refused", text), headers)


class Guard:
    """Lets a request in if its key or its page's token, its client's rate and its body's size allow; answers
    every error.

    Pages of ``open_origins`` need no token. ``respond`` makes the response to an error at a path.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        key_hashes: frozenset[str],
        visitors: VisitorTokens,
        open_origins: Collection[str],
        limiter: RateLimiter,
        body_limit: int,
        metrics_open: bool,
        respond: Callable[[str, Exception], Response] = lambda _, error: error_response(error),
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._app = app
        self._key_hashes = key_hashes
        self._visitors = visitors
        self._open_origins = frozenset(open_origins)
        self._limiter = limiter
        self._body_limit = body_limit
        self._metrics_open = metrics_open
        self._respond = respond
        self._clock = clock
        self._wall_clock = wall_clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            self._admit(scope)
            await self._app(scope, self._bounded(scope, receive), watched)
        except ClientDisconnect:
            logger.debug("the client left while sending")
        except Exception as error:
            log_error(error)
            if started:
                raise
            await self._respond(scope["path"], error)(scope, receive, send)

    def _admit(self, scope: Scope) -> None:
        """Set the request's owner. Raises Unauthorized, OriginRefused or TooManyRequests."""
        scope["state"]["owner"] = ""
        path = scope["path"]
        called = path.startswith("/v1/") or path == "/mcp"
        locked = called or (path == "/metrics" and not self._metrics_open)
        payer, refusal = None, None
        if locked and path != TOKEN_PATH:
            authorization = _header(scope, b"authorization")
            payer = owner_of(authorization, self._key_hashes)
            if payer is None:
                refusal = self._refusal(scope, authorization)
            else:
                scope["state"]["owner"] = payer
        if called or refusal:
            client = scope.get("client")
            wait = self._limiter.wait(payer or client_name(client[0] if client else None), self._clock())
            if wait > 0.0:
                raise TooManyRequests(wait)
        if refusal:
            raise refusal

    def _refusal(self, scope: Scope, authorization: str | None) -> HeraldError | None:
        """Why a request without a key is not let in; None, and its owner set, where it is."""
        declared = _header(scope, b"origin")
        origin = origin_of(declared, _header(scope, b"referer"))
        if FOR_VISITORS.fullmatch(scope["path"]) and self._visitors.admits(
            authorization, origin, self._wall_clock()
        ):
            scope["state"]["owner"] = f"visitor {origin}"
            return None
        if self._key_hashes:
            return Unauthorized("an API key is required: Authorization: Bearer KEY")
        if declared is None or declared in self._open_origins:
            return None
        if self._visitors.lists(declared):
            return Unauthorized(f"pages of {declared!r} need a token: POST {TOKEN_PATH}")
        # Only browsers send this, and no page can change it.
        foreign = _header(scope, b"sec-fetch-site") in {"cross-site", "same-site"}
        return OriginRefused(declared) if foreign else None

    def _bounded(self, scope: Scope, receive: Receive) -> Callable[[], Awaitable[Message]]:
        """``receive``, which raises BodyTooLarge as soon as the body is seen to be larger than allowed."""
        announced = _header(scope, b"content-length")
        if announced is not None and announced.isdecimal() and int(announced) > self._body_limit:
            raise BodyTooLarge(self._body_limit)
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._body_limit:
                raise BodyTooLarge(self._body_limit)
            return message

        return bounded


def _header(scope: Scope, wanted: bytes) -> str | None:
    for name, value in scope["headers"]:
        if name == wanted:
            return bytes(value).decode("latin-1")
    return None
