"""Replies to questions that were asked before in exactly the same words.

What is remembered is a reply's content. Each time it is given it becomes a turn of its own, with its own
id, stored like any other, so that feedback and history know no difference.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Asked:
    """All that the verbatim reply to a conversation's first question depends on, beside the settings.

    ``owner`` is here although the reply does not depend on it: that a question was asked before must
    not be told, not even by how soon the answer comes, to the holder of another API key.
    """

    message: str
    owner: str
    generation: int


class ReplyCache(Generic[R]):
    """The ``most`` replies used last. One cache belongs to one assistant, so to one set of settings.

    Questions within a conversation have no place here: what they mean depends on what was said before.
    Safe to use from several threads.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Asked, R] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, asked: Asked) -> R | None:
        with self._lock:
            known = self._known.get(asked)
            if known is not None:
                self._known.move_to_end(asked)
            return known

    def keep(self, asked: Asked, reply: R) -> None:
        with self._lock:
            self._known[asked] = reply
            self._known.move_to_end(asked)
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def __len__(self) -> int:
        return len(self._known)
