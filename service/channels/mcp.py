"""The Model Context Protocol over streamable HTTP, at `/mcp`.

It is served without sessions: every request stands on its own, so that any replica can answer it, and
replies are JSON. The `mcp` package is an extra, and is imported when the first request comes: who does
not use this channel does not wait for it.
"""

import asyncio
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.answering.assistant import AssistantLike
from service.channels.problem import problem, problem_response
from service.metrics import Metrics
from service.pool import Pool
from service.settings import Settings

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PACKAGES = {"mcp", "mcp_types"}
NOT_INSTALLED = (
    "the Model Context Protocol needs a package that is not installed here: pip install 'herald[mcp]'"
)
ORIGIN_REFUSED = "pages of this origin may not call Herald: HERALD_CORS_ORIGINS does not list it"


class McpChannel:
    """The endpoint, over the collaborators that its tools call."""

    def __init__(self, assistant: AssistantLike, settings: Settings, metrics: Metrics, pool: Pool) -> None:
        self._assistant = assistant
        self._settings = settings
        self._metrics = metrics
        self._pool = pool
        self._starting = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._manager: StreamableHTTPSessionManager | None = None
        self._running: asyncio.Task[None] | None = None

    async def serve(self, request: Request) -> Response:
        """Answer one message of the protocol."""
        origin = request.headers.get("origin")
        # The specification demands this check: a page whose host name was made to point here ("DNS
        # rebinding") counts as same-origin to its browser, and CORS never comes into play.
        if origin is not None and origin not in self._settings.cors_origins:
            return problem_response(problem(403, "origin_refused", ORIGIN_REFUSED))
        try:
            return ManagedResponse(await self._started())
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] not in PACKAGES:
                raise
            return problem_response(problem(501, "mcp_not_installed", NOT_INSTALLED))

    async def close(self) -> None:
        """Stop; requests in flight are cancelled."""
        self._stopping.set()
        if self._running is not None:
            await self._running

    async def _started(self) -> "StreamableHTTPSessionManager":
        async with self._starting:
            if self._manager is None:
                manager = await asyncio.to_thread(self._make)
                started = asyncio.Event()
                # The manager's tasks must end in the task that began them, which no request can be.
                self._running = asyncio.create_task(self._run(manager, started))
                await started.wait()
                self._manager = manager
            return self._manager

    async def _run(self, manager: "StreamableHTTPSessionManager", started: asyncio.Event) -> None:
        async with manager.run():
            started.set()
            await self._stopping.wait()

    def _make(self) -> "StreamableHTTPSessionManager":
        import mcp_types as types
        from mcp.server.context import ServerRequestContext
        from mcp.server.lowlevel import Server
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
        from mcp.shared.exceptions import MCPError

        from service.channels.tools import INSTRUCTIONS, Toolbox

        toolbox = Toolbox(self._assistant, self._settings, self._metrics, self._pool)

        async def list_tools(
            _: ServerRequestContext, __: types.PaginatedRequestParams | None
        ) -> types.ListToolsResult:
            return types.ListToolsResult(tools=toolbox.tools())

        async def call_tool(
            context: ServerRequestContext, params: types.CallToolRequestParams
        ) -> types.CallToolResult:
            if params.name not in toolbox:
                raise MCPError(code=types.INVALID_PARAMS, message=f"no tool with the name {params.name!r}")
            if context.request is None:
                raise RuntimeError("a tool was called without an HTTP request")
            return await toolbox.call(params.name, params.arguments or {}, context.request)

        server = Server(
            "herald",
            title="Herald",
            version=_version(),
            instructions=INSTRUCTIONS,
            on_list_tools=list_tools,
            on_call_tool=call_tool,
        )
        return StreamableHTTPSessionManager(
            server, json_response=True, stateless=True, max_request_body_size=self._settings.body_limit
        )


class ManagedResponse(Response):
    """A response that the protocol's own session manager makes and sends."""

    def __init__(self, manager: "StreamableHTTPSessionManager") -> None:
        super().__init__()
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)


def _version() -> str:
    try:
        return version("herald")
    except PackageNotFoundError:
        return "0"
