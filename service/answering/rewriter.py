"""The first stage, without a language model: a message and what came before become one question.

What a follow-up lacks (the thing that "it" stands for, the question that "And by 2030?" goes on with)
is taken from the latest question before it, and a name from what that was answered with. A question
that stands on its own is left as it is. Old citations are never carried over. English and Korean.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from service.answering.follow_up.exchange import Exchange

# What reads a follow-up is imported with the first one: a server answers a first question sooner without it.


class Courtesy(StrEnum):
    """A message that is not a question."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"


@dataclass(frozen=True, slots=True)
class Rewritten:
    """``text`` is understood without what came before; ``follow_up`` says whether anything was added."""

    text: str
    follow_up: bool


_POLITE = r"(?:[\s,.!~^]|there|herald|all|everyone|team|so|very|much|a lot|again|for (?:the|your) (?:help|answer)s?|you)*"
_COURTESIES = (
    (
        Courtesy.GREETING,
        re.compile(
            rf"(?:hi+|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day)|안녕(?:하세요|하십니까)?|반가워요?|반갑습니다){_POLITE}",
            re.IGNORECASE,
        ),
    ),
    (
        Courtesy.THANKS,
        re.compile(
            rf"(?:ok(?:ay)?[\s,.!]*|great[\s,.!]*|perfect[\s,.!]*)?(?:thanks?|thank you|thx|ty|cheers|much appreciated|고마워요?|고맙습니다|감사(?:합니다|해요)?){_POLITE}",
            re.IGNORECASE,
        ),
    ),
    (
        Courtesy.FAREWELL,
        re.compile(
            rf"(?:(?:good ?)?bye(?: bye)?|see you|farewell|안녕히 계세요|잘 있어요?){_POLITE}", re.IGNORECASE
        ),
    ),
)


def courtesy(message: str) -> Courtesy | None:
    """Which courtesy the message is, all of it; None for anything that may be a question."""
    text = message.strip()
    for kind, pattern in _COURTESIES:
        if pattern.fullmatch(text):
            return kind
    return None


_HANGUL = re.compile(r"[가-힣]")
CHOSEN = re.compile(r" \([^()]+\)\?$")
"""What a question back was answered with: the announcement or the section that is meant (``wording.meaning``)."""


def rewrite(message: str, history: Sequence[Exchange]) -> Rewritten:
    """One question that stands on its own. ``history`` is oldest first."""
    text = " ".join(message.split())
    if not history:
        return Rewritten(text, follow_up=False)
    before = history[-1]
    chosen = CHOSEN.search(before.question)
    if chosen is None:
        rewritten = _understood(text, before)
    else:
        rewritten = _of_the_chosen(
            text, replace(before, question=before.question[: chosen.start()] + "?"), chosen[0]
        )
    return Rewritten(rewritten or text, follow_up=rewritten is not None)


def _understood(text: str, before: Exchange) -> str | None:
    from service.answering.follow_up import english, korean, ordinal

    if (meant := ordinal.resolve(text, before)) is not None:
        return meant
    return korean.resolve(text, before) if _HANGUL.search(text) else english.resolve(text, before)


def _of_the_chosen(text: str, before: Exchange, chosen: str) -> str | None:
    """A follow-up to a question of which was said what it means: that is meant still, unless another is named."""
    from service.answering.follow_up import english
    from service.answering.follow_up.topic import NAME, topic_of

    if NAME.search(text[1:]):
        return _understood(text, before)
    pronoun = english.THING.search(text) and topic_of(before.question) is None
    rewritten = text if pronoun else _understood(text, before)
    if rewritten is None and english.MORE.match(text):
        rewritten = text
    return None if rewritten is None else f"{rewritten.rstrip(' ?.!')}{chosen}"


def gone_on_with(readings: Sequence[str], history: Sequence[Exchange]) -> str | None:
    """Of several things that a question may mean the one that the conversation was about; None if it was about none
    of them, or several."""
    titles = history[-1].titles if history else ()
    meant = [reading for reading in readings if any(title in reading for title in titles)]
    return meant[0] if len(meant) == 1 else None
