"""What a language model is told: one plain-text file a stage, with named slots.

A file holds the instructions, a line of dashes, and the request. ``{name}`` is a slot, and whatever
fills it is text: braces in it are no slots.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STAGES = ("rewrite", "clarify", "write", "judge")

_SLOT = re.compile(r"\{([a-z_]+)\}")
_RULE = re.compile(r"^-{3,}\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Request:
    """A prompt with its slots filled, as a model gets it: ``system`` instructs, ``user`` asks."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A stage's prompt. ``version`` changes with every change of the file: the head of its SHA-256."""

    stage: str
    system: str
    user: str
    version: str

    def fill(self, **values: str) -> Request:
        """The prompt with every slot filled. Raises ValueError for a slot left open, and for no slot."""
        slots = {*_SLOT.findall(self.system), *_SLOT.findall(self.user)}
        if slots != values.keys():
            raise ValueError(f"prompt {self.stage!r} takes {sorted(slots)}, not {sorted(values)}")
        return Request(_filled(self.system, values), _filled(self.user, values))


@cache
def load(stage: str) -> Prompt:
    """The prompt of a stage. Raises ValueError for a file that is not one."""
    return parse(stage, (Path(__file__).parent / f"{stage}.txt").read_text("utf-8"))


def parse(stage: str, text: str) -> Prompt:
    """A prompt out of a file's text: the instructions, one line of dashes, the request."""
    system, *rest = _RULE.split(text)
    if len(rest) != 1 or not system.strip() or not rest[0].strip():
        raise ValueError(f"prompt {stage!r} is not two texts with a line of dashes between them")
    version = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Prompt(stage, system.strip(), rest[0].strip(), version)


def _filled(template: str, values: Mapping[str, str]) -> str:
    # In one pass: a slot's name inside a value, such as a question about "{evidence}", stays what it is.
    return _SLOT.sub(lambda slot: values[slot[1]], template)
