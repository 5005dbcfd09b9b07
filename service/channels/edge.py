"""What surrounds every request: its id, log line, measures and headers; keys, limits, and errors.

From the outside in: ``Watch``, ``Cors`` (where origins are listed), ``Guard``, the application.
"""

import time
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.channels.problem import error_response, log_error, problem, problem_response
from service.errors import BodyTooLarge, TooManyRequests, Unauthorized
from service.keys import owner_of
from service.limits import RateLimiter, client_name
from service.log import accepted_id, log_request, logger, request_id
from service.metrics import Metrics

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
    """Lets a request in if its key, its client's rate and its body's size allow; answers every error.

    ``respond`` makes the response to an error at a path.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        key_hashes: frozenset[str],
        limiter: RateLimiter,
        body_limit: int,
        metrics_open: bool,
        respond: Callable[[str, Exception], Response] = lambda _, error: error_response(error),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._key_hashes = key_hashes
        self._limiter = limiter
        self._body_limit = body_limit
        self._metrics_open = metrics_open
        self._respond = respond
        self._clock = clock

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
        """Set the request's owner. Raises Unauthorized or TooManyRequests."""
        scope["state"]["owner"] = owner = ""
        path = scope["path"]
        called = path.startswith("/v1/") or path == "/mcp"
        locked = called or (path == "/metrics" and not self._metrics_open)
        refused = False
        if locked and self._key_hashes:
            given = owner_of(_header(scope, b"authorization"), self._key_hashes)
            refused = given is None
            scope["state"]["owner"] = owner = given or ""
        if called or refused:
            client = scope.get("client")
            wait = self._limiter.wait(owner or client_name(client[0] if client else None), self._clock())
            if wait > 0.0:
                raise TooManyRequests(wait)
        if refused:
            raise Unauthorized("an API key is required: Authorization: Bearer KEY")

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
