"""A turn as Slack shows it: blocks, and a plain text that says the same without them. Pure.

The answer is rich text, whose texts Slack shows as they are: no character of a document or a model is
markup there. Behind each sentence stand its numbers, as links to the quoted words. The quotes follow,
each in a context block under its number. Blocks are those of Slack's Block Kit reference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from service import wire
from service.answering.assistant import VerifiedSentence
from service.channels.marked import mark
from service.channels.mrkdwn import escape, link, plain
from service.conversation import Turn, Vote

Json = dict[str, Any]

FEEDBACK = "herald_feedback"
READING = "herald_reading"
"""The actions of the buttons; that of a reading has its number behind it."""

LONGEST_TEXT = 39_000
"""Characters of a message's text, a little below where Slack cuts it."""
LONGEST_QUOTE = 1_500
"""Characters of a quote that are shown: escaped, with its link, it must fit the 3,000 of a text object."""
LONGEST_TITLE = 200
LONGEST_VALUE = 2_000
LONGEST_LABEL = 75
MOST_READINGS = 5


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """``text`` stands in for the blocks in notifications, and wherever blocks are not shown."""

    text: str
    blocks: list[Json]


def message_of(turn: Turn) -> SlackMessage:
    """A turn as one message."""
    reply = wire.chat_reply(turn)
    text = escape(mark(reply.text, reply.citations).text)[:LONGEST_TEXT]
    return SlackMessage(text, [_rich_text(_marked(reply.text, reply.citations)), *_closing(reply)])


def sentence_block(sentence: VerifiedSentence) -> Json:
    """One sentence of an answer that is still being written."""
    event = wire.sentence_event(sentence)
    moved = [c.model_copy(update={"answer_start": 0, "answer_end": len(event.text)}) for c in event.citations]
    return _rich_text(_marked(event.text, moved))


def closing_blocks(turn: Turn) -> list[Json]:
    """What stands below the text of a turn: quotes, readings to choose from, feedback buttons."""
    return _closing(wire.chat_reply(turn))


def said(text: str) -> SlackMessage:
    """A message in Herald's own words."""
    return SlackMessage(escape(text)[:LONGEST_TEXT], [_rich_text([_text(text)])])


def _closing(reply: wire.ChatReply) -> list[Json]:
    quotes = {citation.marker: citation for citation in reply.citations}
    blocks = [_context(f"{_number(citation)} {_quoted(citation)}") for citation in quotes.values()]
    if reply.refusal is not None:
        blocks += [
            _context(f"Nearest: {_quoted(citation, linked=True)}") for citation in reply.refusal.nearest
        ]
        readings = reply.refusal.readings[:MOST_READINGS]
        if readings:
            blocks.append({"type": "actions", "elements": [_reading(*each) for each in enumerate(readings)]})
    if reply.status != "clarify":
        blocks.append(_feedback(reply.id))
    return blocks


def _marked(text: str, citations: Sequence[wire.Citation]) -> list[Json]:
    """The text, and behind each sentence its numbers."""
    behind: dict[int, dict[int, wire.Citation]] = {}
    for citation in citations:
        behind.setdefault(citation.answer_end, {})[citation.marker] = citation
    elements, position = [], 0
    for end, cited in sorted(behind.items()):
        elements.append(_text(text[position:end]))
        for marker in sorted(cited):
            elements += [_text(" "), _link(f"[{marker}]", cited[marker].url)]
        position = end
    if position < len(text):
        elements.append(_text(text[position:]))
    return elements


def _rich_text(elements: Sequence[Json]) -> Json:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": list(elements)}],
    }


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _link(label: str, url: str | None) -> Json:
    return _text(label) if url is None else {"type": "link", "url": url, "text": label}


def _context(mrkdwn: str) -> Json:
    # Verbatim: Slack is not to make links of its own out of what a quote says.
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn, "verbatim": True}]}


def _number(citation: wire.Citation) -> str:
    label = f"[{citation.marker}]"
    return label if citation.url is None else link(citation.url, label)


def _quoted(citation: wire.Citation, *, linked: bool = False) -> str:
    quote, title = _cut(citation.quote, LONGEST_QUOTE), _cut(citation.title, LONGEST_TITLE)
    named = link(citation.url, title) if linked and citation.url is not None else plain(title)
    published = f", {citation.published.isoformat()}" if citation.published is not None else ""
    return f"“{plain(quote)}” — {named}{published}"


def _reading(number: int, reading: str) -> Json:
    return {
        "type": "button",
        "action_id": f"{READING}_{number}",
        "text": {"type": "plain_text", "text": _cut(reading, LONGEST_LABEL), "emoji": False},
        "value": reading[:LONGEST_VALUE],
    }


def _feedback(turn_id: str) -> Json:
    def button(label: str, vote: Vote) -> Json:
        return {"text": {"type": "plain_text", "text": label}, "value": f"{vote.value}:{turn_id}"}

    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": FEEDBACK,
                "positive_button": button("Helpful", Vote.UP),
                "negative_button": button("Not helpful", Vote.DOWN),
            }
        ],
    }


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
