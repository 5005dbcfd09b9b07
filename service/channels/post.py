"""What somebody in Slack asked: one value out of an event, a command or a click. Pure.

The payloads are those of Slack's Events API (``app_mention``, ``message``), slash commands and
``block_actions``. What is not a person's question becomes None.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from service.channels.mrkdwn import mentions, read

Payload = Mapping[str, Any]

QUESTIONS = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of messages that a person has written; edits, deletions, joins and bots' have others."""


@dataclass(frozen=True, slots=True)
class Post:
    """A question asked in Slack.

    ``key`` is the same for every delivery of it: a post is known by its channel and time, whichever
    events tell of it and however often. ``thread`` names the conversation. ``addressed`` is false for
    a reply in a thread that mentions nobody: it is a question only where Herald takes part already.
    ``direct`` means a direct message or the assistant pane. A command is answered to its
    ``response_url``, since it belongs to no thread and its channel may be closed to Herald.
    """

    key: str
    channel: str
    thread_ts: str
    team: str
    user: str
    question: str
    addressed: bool
    direct: bool
    response_url: str | None = None

    @property
    def thread(self) -> str:
        return self.key if self.response_url is not None else f"{self.channel}/{self.thread_ts}"

    @property
    def turn_id(self) -> str:
        """The id of the turn that answers this post: the same again, should it be answered a second time."""
        return f"ans_{hashlib.sha256(self.key.encode()).hexdigest()[:24]}"

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, document: str) -> "Post":
        return cls(**json.loads(document))


def post_of_event(body: Payload) -> Post | None:
    """The question in an ``app_mention`` or ``message`` event; None for what is none."""
    event: Payload = body.get("event") or {}
    channel, ts, user, text = (_text(event, name) for name in ("channel", "ts", "user", "text"))
    written_by_a_person = "bot_id" not in event and event.get("subtype") in QUESTIONS
    if not (channel and ts and user) or not written_by_a_person or "edited" in event:
        return None
    thread_ts = _text(event, "thread_ts")
    mentioned = event.get("type") == "app_mention"
    direct = event.get("channel_type") == "im" or channel.startswith("D")
    if not mentioned and not direct and not _continues(body, thread_ts, text):
        return None
    return Post(
        key=f"{channel}/{ts}",
        channel=channel,
        thread_ts=thread_ts or ts,
        team=_text(body, "team_id"),
        user=user,
        question=read(text),
        addressed=mentioned or direct,
        direct=direct,
    )


def _continues(body: Payload, thread_ts: str, text: str) -> bool:
    """Whether a message in a channel may be a follow-up: in a thread, and not to somebody else."""
    return bool(thread_ts) and mentions(text) <= _ourselves(body)


def _ourselves(body: Payload) -> frozenset[str]:
    """The ids of Herald's own user, as the event was delivered to it."""
    return frozenset(
        _text(authorization, "user_id")
        for authorization in body.get("authorizations") or ()
        if authorization.get("is_bot")
    )


def post_of_command(body: Payload) -> Post:
    """The question behind a slash command."""
    return Post(
        key=f"command/{_text(body, 'trigger_id')}",
        channel=_text(body, "channel_id"),
        thread_ts="",
        team=_text(body, "team_id"),
        user=_text(body, "user_id"),
        question=read(_text(body, "text")),
        addressed=True,
        direct=False,
        response_url=_text(body, "response_url"),
    )


def post_of_click(body: Payload, question: str) -> Post:
    """The question that a button under one of Herald's messages asks."""
    container: Payload = body.get("container") or {}
    action: Payload = body["actions"][0]
    channel, ts = _text(container, "channel_id"), _text(container, "message_ts")
    unseen = bool(container.get("is_ephemeral"))
    return Post(
        key=f"{channel}/{ts}/{_text(action, 'action_ts')}",
        channel=channel,
        thread_ts=_text(container, "thread_ts") or ts,
        team=_text(body.get("team") or {}, "id"),
        user=_text(body.get("user") or {}, "id"),
        question=question,
        addressed=True,
        direct=channel.startswith("D"),
        response_url=_text(body, "response_url") if unseen else None,
    )


def _text(payload: Payload, name: str) -> str:
    value = payload.get(name)
    return value if isinstance(value, str) else ""
