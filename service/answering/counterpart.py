"""A follow-up that turns to what belongs together with what was spoken of: "and the other one?", "and snug lets?".

It asks the question before it again, of the other announcement.
"""

import re
from collections.abc import Sequence

from indexer.announcement import Announcement
from service.answering import wording
from service.answering.disambiguation.relation import names_of, relations
from service.answering.follow_up.exchange import Exchange
from service.answering.found import Found
from service.answering.question import FUNCTION_WORDS, Question, analyse
from service.answering.rewriter import CHOSEN

_OTHER = re.compile(
    r"\bthe other (?:one|[a-z]+)\b|(?:다른|나머지|반대) ?(?:거|것|건|쪽|[가-힣]{2,6})(?:은|는|도|이랑|하고|과|와)?",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"\W*(?:and|what about|how about|but|ok|then|그럼|그러면|그리고|아니)\b|\S*(?:은|는)요?\W*$",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"\bcompar\w+|\bthan\b|\bversus\b|비교|보다|차이", re.IGNORECASE)
_ADDS_NOTHING = frozenset(
    {"compared", "comparison", "ones", "scheme", "card", "grant", "festival", "비교하면", "어때", "어떤가요"}
)
"""Words of a follow-up that ask nothing new."""
_BEFORE_THING = re.compile(
    r"do|does|did|is|are|was|were|can|could|will|for|with|of|to|in|on|by|about", re.IGNORECASE
)
"""Words behind which a question needs a thing."""


def counterpart(message: Question, before: Exchange, found: Found) -> str | None:
    """The question that is meant; None where the message turns to nothing that belongs together with what answered
    the question before it. ``found`` is what was found for that question."""
    tied = relations(found.among)
    if len(before.sources) != 1 or before.sources[0] not in tied.announcements or not leans(message.text):
        return None
    own = tied.announcements[before.sources[0]]
    other, names = _meant(message, own, tied.related(own.id))
    if other is None or _asks_more(message, names):
        return None
    question = CHOSEN.sub("?", before.question).rstrip("?.! ")
    if _COMPARES.search(message.text):
        return f"{question}, {_name(own, other)} versus {_name(other, own)}?"
    asked = _without(question, names_of(analyse(question, message.language), own, other))
    return wording.reading(asked, other.title)


def _name(one: Announcement, other: Announcement) -> str:
    """What a title has and the other announcement has not in its opening."""
    title = analyse(one.title, one.language)
    names = names_of(title, one, other)
    return " ".join(word.text for word in title.words if word.text in names)


def leans(text: str) -> bool:
    """Whether a message may turn to something else with the question before it."""
    return _LEANS.search(text) is not None or _OTHER.search(text) is not None


def _meant(
    message: Question, own: Announcement, related: Sequence[Announcement]
) -> tuple[Announcement | None, frozenset[str]]:
    """The announcement that a message turns to, and the words by which it calls it."""
    if (match := _OTHER.search(message.text)) and related:
        return related[0], frozenset(match[0].split())
    for each in related:
        if names := names_of(message, each, own):
            return each, names
    return None, frozenset()


def _asks_more(message: Question, names: frozenset[str]) -> bool:
    """Whether a message says more than whom it turns to."""
    rest = [word.text for word in message.words if word.text not in names]
    return any(
        word.lower() not in FUNCTION_WORDS | _ADDS_NOTHING and not _LEANS.fullmatch(word) for word in rest
    )


def _without(question: str, names: frozenset[str]) -> str:
    """A question without the name of what it was asked of, and "it" where nothing else is left to name that."""
    words = question.split()
    kept: list[str] = []
    for number, word in enumerate(words):
        if word.strip(",.;:'\"‘’“”") not in names:
            kept.append(word)
            continue
        ends = number + 1 == len(words) or words[number + 1].strip(",.") not in names
        if ends and kept and _BEFORE_THING.fullmatch(kept[-1]):
            kept.append("it")
    return " ".join(kept)
