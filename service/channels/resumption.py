"""Streams whose readers may come back: a client that was cut off goes on where it stopped."""

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass

from service.answering.assistant import Event
from service.channels.events import Feed
from service.conversation import ANSWER_ID

MOST_KEPT = 1_000
_LAST_EVENT = re.compile(rf"({ANSWER_ID.pattern}):([0-9]{{1,9}})")


@dataclass(slots=True)
class Streamed:
    """A question that is, or was, answered as a stream; ``recorded`` once the turn is in log and metrics."""

    id: str
    message: str
    owner: str
    feed: Feed[Event]
    recorded: bool = False


class Streams:
    """The latest streams, each until ``seconds`` after it was last asked for."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: OrderedDict[str, tuple[float, Streamed]] = OrderedDict()

    def keep(self, streamed: Streamed) -> None:
        """Remember a stream from now on; those that nobody came back to are forgotten."""
        now = asyncio.get_running_loop().time()
        self._kept[streamed.id] = (now, streamed)
        self._kept.move_to_end(streamed.id)
        while self._kept:
            id, (since, oldest) = next(iter(self._kept.items()))
            if len(self._kept) <= MOST_KEPT and (now - since <= self._seconds or not oldest.feed.ended):
                return
            del self._kept[id]

    def find(self, id: str, message: str, owner: str) -> Streamed | None:
        """The stream with this id, if it answers this message of this owner."""
        _, streamed = self._kept.get(id, (0.0, None))
        if streamed is None or (streamed.message, streamed.owner) != (message, owner):
            return None
        self.keep(streamed)
        return streamed


def last_event(header: str | None) -> tuple[str, int] | None:
    """A ``Last-Event-ID`` of a stream of ours: the turn's id, and the number of the event read last."""
    match = _LAST_EVENT.fullmatch(header or "")
    return None if match is None else (match[1], int(match[2]))
