"""A small Slack workspace: it speaks Slack's Web API and Socket Mode over real HTTP, and delivers events.

What an application posts is kept as Slack would show it, and refused where Slack would refuse it. It can
be made to limit the rate of a method, or to refuse it, so that the ways round that can be seen to work.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from aiohttp import WSMsgType, web

Json = dict[str, Any]

TEAM, BOT, ANN, BEN = "T0ORRIN", "U0HERALD", "U0ANN", "U0BEN"
SECRET, BOT_TOKEN, APP_TOKEN = "signing-secret-of-the-test", "xoxb-test", "xapp-test"
GENERAL, DIRECT = "C0GENERAL", "D0ANN"
PATIENCE = 20.0
"""Seconds to wait for what should happen at once."""


@dataclass
class Message:
    """A message of the application's as it stands in the workspace now."""

    channel: str
    ts: str
    thread_ts: str | None
    text: str
    blocks: list[Json]
    streaming: bool = False
    streamed: bool = False

    @property
    def shown(self) -> str:
        """What a person reads in the blocks, rich text and context alike, a line each."""
        return "\n".join(filter(None, map(shown_text, self.blocks)))


def shown_text(block: Json) -> str:
    """A block as a person reads it."""
    match block["type"]:
        case "rich_text":
            return "".join(e["text"] for section in block["elements"] for e in section["elements"])
        case "context":
            return " ".join(rendered(element["text"]) for element in block["elements"])
        case "actions":
            return " ".join(element["text"]["text"] for element in block["elements"])
        case _:
            return ""


def rendered(mrkdwn: str) -> str:
    """mrkdwn as Slack shows it: links by their labels, entities as characters, mentions as alarms."""
    out, position = "", 0
    while (start := mrkdwn.find("<", position)) >= 0:
        end = mrkdwn.index(">", start)
        inner = mrkdwn[start + 1 : end]
        alarm = inner[:1] in {"@", "!", "#"}
        out += mrkdwn[position:start] + (f"ALARM({inner})" if alarm else inner.partition("|")[2] or inner)
        position = end + 1
    out += mrkdwn[position:]
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        out = out.replace(entity, character)
    return out.replace("\u2060", "")


@dataclass
class FakeSlack:
    """The workspace's state, which tests read and change while it runs."""

    address: str = ""
    target: str = ""
    """Where events go: the address of an application's ``/slack/events``."""
    messages: dict[tuple[str, str], Message] = field(default_factory=dict)
    whispers: list[Json] = field(default_factory=list)
    """Messages that one person alone sees: ephemeral ones, and replies to commands."""
    statuses: list[Json] = field(default_factory=list)
    prompts: list[Json] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    refusals: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    limits: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """For each method the ``Retry-After`` of the calls to come that are one too many."""
    too_early: list[str] = field(default_factory=list)
    """Methods that were called again before the time that ``Retry-After`` named."""
    acknowledged: dict[str, Json] = field(default_factory=dict)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _closed_until: dict[str, float] = field(default_factory=dict)
    _clock: Iterator[int] = field(default_factory=lambda: itertools.count(1_900_000_000))
    _loop: asyncio.AbstractEventLoop | None = None

    # ---- what an application calls

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/api/{method}", self._call)
        app.router.add_get("/api/{method}", self._call)
        app.router.add_post("/response/{command}", self._respond)
        app.router.add_get("/socket", self._socket)
        return app

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        given = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token != (APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN):
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if time.monotonic() < self._closed_until.get(method, 0.0):
            self.too_early.append(method)
        if self.limits[method]:
            seconds = self.limits[method].pop(0)
            self._closed_until[method] = time.monotonic() + seconds
            refused = {"ok": False, "error": "ratelimited"}
            return web.json_response(refused, status=429, headers={"Retry-After": str(seconds)})
        if self.refusals[method]:
            return web.json_response({"ok": False, "error": self.refusals[method].pop(0)})
        try:
            handle = getattr(self, "on_" + method.replace(".", "_"))
            return web.json_response({"ok": True, **(handle(given) or {})})
        except Refused as refused:
            return web.json_response({"ok": False, "error": str(refused)})

    def on_auth_test(self, _: Json) -> Json:
        return {
            "team": "Port of Orrin",
            "team_id": TEAM,
            "user": "herald",
            "user_id": BOT,
            "bot_id": "B0HERALD",
        }

    def on_apps_connections_open(self, _: Json) -> Json:
        return {"url": self.address.replace("http", "ws") + "/socket"}

    def on_chat_postMessage(self, given: Json) -> Json:  # noqa: N802 - the names are Slack's
        blocks = given.get("blocks") or []
        check_blocks(blocks)
        if not given.get("text"):
            raise Refused("no_text")
        ts = self.next_ts()
        self.messages[given["channel"], ts] = Message(
            given["channel"], ts, given.get("thread_ts"), given["text"], blocks
        )
        return {"ts": ts}

    def on_chat_update(self, given: Json) -> Json:
        check_blocks(given.get("blocks") or [])
        message = self._message(given)
        if message.streaming:
            raise Refused("streaming_state_conflict")
        message.text, message.blocks = given["text"], given["blocks"]
        return {"ts": message.ts}

    def on_chat_startStream(self, given: Json) -> Json:  # noqa: N802
        if not given.get("thread_ts"):
            raise Refused("invalid_thread_ts")
        message = Message(
            given["channel"], self.next_ts(), given["thread_ts"], "", [], streaming=True, streamed=True
        )
        self._append(message, given)
        self.messages[message.channel, message.ts] = message
        return {"ts": message.ts}

    def on_chat_appendStream(self, given: Json) -> Json:  # noqa: N802
        message = self._message(given)
        if not message.streaming:
            raise Refused("message_not_in_streaming_state")
        self._append(message, given)
        return {"ts": message.ts}

    def on_chat_stopStream(self, given: Json) -> Json:  # noqa: N802
        self.on_chat_appendStream(given)
        message = self._message(given)
        check_blocks(given.get("blocks") or [])
        message.blocks += given.get("blocks") or []
        message.streaming = False
        message.text = shown_text(message.blocks[0]) if message.blocks else ""
        return {"ts": message.ts}

    def on_chat_postEphemeral(self, given: Json) -> None:  # noqa: N802
        self.whispers.append(given)

    def on_assistant_threads_setStatus(self, given: Json) -> None:  # noqa: N802
        self.statuses.append(given)

    def on_assistant_threads_setSuggestedPrompts(self, given: Json) -> None:  # noqa: N802
        if not 1 <= len(given["prompts"]) <= 4:
            raise Refused("invalid_prompts")
        self.prompts.append(given)

    def _message(self, given: Json) -> Message:
        found = self.messages.get((given["channel"], given["ts"]))
        if found is None:
            raise Refused("message_not_found")
        return found

    def _append(self, message: Message, given: Json) -> None:
        for chunk in given.get("chunks") or []:
            if chunk["type"] != "blocks":
                raise Refused("invalid_chunks")
            check_blocks(chunk["blocks"])
            message.blocks += chunk["blocks"]

    async def _respond(self, request: web.Request) -> web.Response:
        given = await request.json()
        check_blocks(given.get("blocks") or [])
        self.whispers.append({"command": request.match_info["command"], **given})
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        async for received in socket:
            if received.type == WSMsgType.TEXT:
                answer = json.loads(received.data)
                self.acknowledged[answer["envelope_id"]] = answer
        return socket

    # ---- what happens in the workspace

    def next_ts(self) -> str:
        return f"{next(self._clock)}.000100"

    def event(self, event: Json, event_id: str = "") -> Json:
        """An event as the Events API wraps it."""
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": "A0HERALD",
            "event_id": event_id or f"Ev{next(self._clock)}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
            "event": event,
        }

    def mention(
        self, text: str, *, thread_ts: str | None = None, user: str = ANN, ts: str = ""
    ) -> list[Json]:
        """What Slack sends when somebody mentions the bot in a channel: two events for one post."""
        post: Json = {
            "user": user,
            "text": f"<@{BOT}> {text}",
            "ts": ts or self.next_ts(),
            "channel": GENERAL,
        }
        if thread_ts is not None:
            post["thread_ts"] = thread_ts
        return [
            self.event({"type": "app_mention", **post}),
            self.event({"type": "message", "channel_type": "channel", **post}),
        ]

    def reply(self, text: str, thread_ts: str, **more: Any) -> Json:
        """A reply in a thread of a channel that mentions nobody."""
        post = {"user": ANN, "text": text, "ts": self.next_ts(), "channel": GENERAL, "thread_ts": thread_ts}
        return self.event({"type": "message", "channel_type": "channel", **post, **more})

    def direct(self, text: str, thread_ts: str | None = None, **more: Any) -> Json:
        """A direct message, as in the assistant pane."""
        post: Json = {"user": ANN, "text": text, "ts": self.next_ts(), "channel": DIRECT, **more}
        if thread_ts is not None:
            post["thread_ts"] = thread_ts
        return self.event({"type": "message", "channel_type": "im", **post})

    def command(self, text: str, name: str = "/ask") -> Json:
        id = str(next(self._clock))
        return {
            "command": name,
            "text": text,
            "trigger_id": id,
            "response_url": f"{self.address}/response/{id}",
            "team_id": TEAM,
            "channel_id": GENERAL,
            "user_id": ANN,
        }

    def click(self, message: Message, element: Json, value: str) -> Json:
        """What Slack sends when somebody presses a button below a message."""
        return {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": BEN},
            "container": {
                "type": "message",
                "channel_id": message.channel,
                "message_ts": message.ts,
                "thread_ts": message.thread_ts,
                "is_ephemeral": False,
            },
            "actions": [
                {
                    "action_id": element["action_id"],
                    "type": "button",
                    "value": value,
                    "action_ts": self.next_ts(),
                }
            ],
        }

    def send(self, body: Json, target: str = "", **more: Any) -> httpx.Response:
        """Deliver to the application as Slack does, signed."""
        form = "command" in body or body.get("type") == "block_actions"
        fields = body if "command" in body else {"payload": json.dumps(body)}
        content = urlencode(fields).encode() if form else json.dumps(body).encode()
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        return self.send_raw(content, target, content_type=kind, **more)

    def send_raw(
        self,
        content: bytes,
        target: str = "",
        *,
        content_type: str = "application/json",
        at: float | None = None,
        secret: str = SECRET,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        stamp = str(int(time.time() if at is None else at))
        signature = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + content, hashlib.sha256).hexdigest()
        sent = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signature}",
            **(headers or {}),
        }
        return httpx.post(target or self.target, content=content, headers=sent, timeout=PATIENCE)

    def send_by_socket(self, body: Json, kind: str = "events_api") -> str:
        """Deliver over the connection that the application has opened; the id that it acknowledges."""
        id = f"envelope-{next(self._clock)}"
        envelope = {
            "envelope_id": id,
            "type": kind,
            "payload": body,
            "accepts_response_payload": kind != "events_api",
        }
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self.sockets[-1].send_json(envelope), self._loop).result(PATIENCE)
        return id

    def answers(self, thread_ts: str | None = None) -> list[Message]:
        """The finished messages of the application, those of one thread alone where one is named."""
        return [
            m for m in list(self.messages.values()) if thread_ts in {None, m.thread_ts} and not m.streaming
        ]

    def wait_for_answers(self, count: int, thread_ts: str | None = None) -> list[Message]:
        wait_until(lambda: len(self.answers(thread_ts)) >= count, f"{count} answers")
        return self.answers(thread_ts)


class Refused(Exception):
    """What Slack answers in place of doing what was asked."""


def check_blocks(blocks: list[Json]) -> None:
    """Refuse blocks that Slack's Block Kit reference does not allow."""
    if len(blocks) > 50:
        raise Refused("invalid_blocks")
    for block in blocks:
        match block["type"]:
            case "rich_text":
                texts = [e for section in block["elements"] for e in section["elements"]]
                fits = texts and all(e["text"] for e in texts)
                fits = fits and all(e["url"].startswith("http") for e in texts if e["type"] == "link")
            case "context":
                fits = 1 <= len(block["elements"]) <= 10
                fits = fits and all(1 <= len(e["text"]) <= 3000 for e in block["elements"])
            case "actions":
                fits = all(
                    len(e["text"]["text"]) <= 75 and len(e["value"]) <= 2000 for e in block["elements"]
                )
            case "context_actions":
                buttons = [
                    e[name] for e in block["elements"] for name in ("positive_button", "negative_button")
                ]
                fits = all(len(b["text"]["text"]) <= 75 and len(b["value"]) <= 2000 for b in buttons)
            case _:
                fits = False
        if not fits:
            raise Refused("invalid_blocks")


def wait_until(done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE:.0f} s: {what}")
        time.sleep(0.01)


@contextmanager
def running_slack() -> Iterator[FakeSlack]:
    """The workspace on a free port of this machine."""
    slack = FakeSlack()
    loop = slack._loop = asyncio.new_event_loop()
    runner = web.AppRunner(slack.application(), shutdown_timeout=0.5)

    async def start() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        slack.address = f"http://127.0.0.1:{runner.addresses[0][1]}"

    loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield slack
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        given: Json = await request.json()
        return given
    return {**request.query, **(await request.post())}
