"""Slack's markup, mrkdwn: text put into it unchanged to the reader's eye, and text read out of it.

The three control characters and the forms in angle brackets are those of Slack's "Formatting message
text". Only ``link`` here ever writes an angle bracket, so that no text can mention a person or a channel.
"""

import re

ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

_CONTROL = re.compile("[&<>]")
_ENTITY = re.compile("&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_MARK = re.compile(r"(?<!\w)[*_~`](?=\S)")
_BRACKETED = re.compile(r"<([^<>\s][^<>\n]*)>")

JOINER = "\u2060"
"""Word joiner: has no width, and keeps the character behind it from beginning a stretch of formatting."""


def escape(text: str) -> str:
    """``text`` as mrkdwn in which nothing is a link, a mention or a command."""
    return _CONTROL.sub(lambda found: ESCAPES[found[0]], text)


def plain(text: str) -> str:
    """``text`` as mrkdwn in which nothing is formatted either; on one line."""
    return escape(_MARK.sub(lambda found: JOINER + found[0], " ".join(text.split())))


def link(url: str, label: str) -> str:
    """A link. ``url`` is an absolute http(s) one; ``label`` is any text."""
    address = escape(url).replace("|", "%7C").replace("\n", "%0A")
    return f"<{address}|{plain(label).replace('|', '¦')}>"


def mentions(text: str) -> frozenset[str]:
    """The ids of the people whom a text from Slack mentions."""
    return frozenset(
        inner[1:].partition("|")[0] for inner in _BRACKETED.findall(text) if inner.startswith("@")
    )


def read(text: str) -> str:
    """What a person wrote, out of a text from Slack: links as their labels, mentions of people left out."""
    return _ENTITY.sub(lambda found: _ENTITIES[found[1]], _BRACKETED.sub(_shown, text)).strip()


def _shown(found: re.Match[str]) -> str:
    inner = found[1]
    target, _, label = inner.partition("|")
    match inner[:1]:
        case "@":
            return " "
        case "#":
            return f"#{label}" if label else " "
        case "!":
            return label or " "
        case _:
            return label or target.removeprefix("mailto:").removeprefix("tel:")
