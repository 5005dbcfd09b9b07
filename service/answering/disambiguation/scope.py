"""Which of several announcements a question means by the names in it.

"How much will the sports arena in Melby cost?" is not answered by what another announcement says of another
town's arena, however well that sentence reads: an announcement says once where it is, mostly in its headline, and
goes on with "the arena". So an announcement that lacks the question's names stands back, and one whose title has
them is asked for the rest.
"""

import re
from collections.abc import Sequence

from indexer import lexicon
from indexer.announcement import Announcement
from service.answering import wording
from service.answering.demands import nouns_of, occurs
from service.answering.disambiguation.coverage import beginning, coverage, whole_text
from service.answering.disambiguation.dateline import issued, opening
from service.answering.disambiguation.edition import without_year
from service.answering.disambiguation.relation import relations
from service.answering.question import Question, Span
from service.answering.scoring import Inquiry

_NAME = r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*"
_PLACE = re.compile(
    r"(?P<thing> (?:the|an?) (?P<noun>[\w'’-]+(?: [\w'’-]+){0,4}?))?"
    rf" (?:in|at|near) (?:the )?(?P<place>{_NAME})(?= [a-z]|[,?.!]|$)"
)
"""Where something is, as a question says it of what it asks about."""
_KIND = (
    r"(?:Agency|Association|Authority|Bank|Board|Bureau|Centre|Center|Commission|Committee|Company|Council|Department"
    r"|District|Federation|Foundation|Fund|Group|Inc\.?|Institute|Ltd\.?|Ministry|Museum|Office|Party|Service|Society"
    r"|Union|University)"
)
_BODY = re.compile(
    rf"(?<=\w )(?:the )?(?P<name>(?:[A-Z][\w'’-]* )*{_KIND}(?: (?:of|for) {_NAME}(?: in {_NAME})?)?)(?![\w'’-])"
)
"""An organisation, as a question names it, by its kind."""
_STILL = re.compile(r"\b(?:still|any ?more|any longer)\b|아직|여전히|계속", re.IGNORECASE)
_TELLING = 2
"""Words that a question has at the least to tell by them whether another announcement is about the same."""


def shortfalls(inquiry: Inquiry, announcements: Sequence[Announcement]) -> list[float]:
    """For each announcement the share of the question's names and years that it lacks and another one has, from 0 to 1,
    and of the words that another one has in its title, if that is as much about the question.

    They count by their rarity in the index. Where the question says in brackets which title it means, as the
    readings of a question back do, any other announcement is infinitely far from it.
    """
    meant = [inquiry.question.text.endswith(wording.meaning(each.title)) for each in announcements]
    if any(meant):
        return [0.0 if this else float("inf") for this in meant]
    different = {each.id: each for each in announcements}
    if len(different) < 2:
        return [0.0] * len(announcements)
    question = inquiry.question
    together = relations(tuple(different.values()))
    stands_in = occurs if question.language == "ko" else _stands_in
    texts = {id: f"{whole_text(each)}\n{each.published or ''}" for id, each in different.items()}
    about = coverage(inquiry, different.values())
    named = [*(word.text.lower() for word in question.names), *map(str, question.years)]
    subjects = _subjects(question)
    titled = {
        id: [word for word in subjects if stands_in(word, each.title.lower())]
        for id, each in different.items()
    }
    weights = {
        word: sum(inquiry.rarity.get(term, 1.0) for term in lexicon.terms(word, question.language))
        for word in (*named, *subjects)
        # What all of them have tells none of them from another.
        if not all(stands_in(word, text) for text in texts.values())
    }

    def lacks(one: str, other: str) -> float:
        """What one announcement lacks of the names, and of another one's title if the two belong together and that has
        as much of all words."""
        alike = about[other] >= about[one] and different[other] in together.related(one)
        asked = {*named, *(titled[other] if alike else ())} & weights.keys()
        gains = sum(
            weights[word] * (stands_in(word, texts[other]) - stands_in(word, texts[one])) for word in asked
        )
        return max(gains, 0.0) / max(sum(weights[word] for word in asked), 1e-9)

    lacking = {one: max(lacks(one, other) for other in different) for one in different}
    return [lacking[each.id] for each in announcements]


def _subjects(question: Question) -> list[str]:
    """The words of a question that may stand in a title for what it is about, as far as they stay the same in it."""
    language = question.language
    if language == "ko":
        return list(nouns_of(question.text))
    words = [word.text.lower() for word in question.content if not word.name]
    return [beginning(word, term) for word in words for term in lexicon.terms(word, language)[:1]]


def _stands_in(word: str, text: str) -> bool:
    return word in text


def superseded(question: Question, announcements: Sequence[Announcement]) -> list[bool]:
    """For each announcement whether a later one opens with all that the question asks about, where that asks for what
    is still so: a notice that has been lifted."""
    if _STILL.search(question.text) is None or len(question.content) < _TELLING:
        return [False] * len(announcements)
    different = list({each.id: each for each in announcements}.values())
    days = {each.id: issued(each) for each in different}
    telling = [
        day
        for each in different
        if (day := days[each.id]) is not None and _asks(question, opening(each).lower())
    ]
    return [
        (day := days[each.id]) is not None and any(other > day for other in telling) for each in announcements
    ]


def narrowed(
    question: Question,
    announcement: Announcement,
    others: Sequence[Announcement],
    *,
    of_its_year: bool = False,
) -> str:
    """What is left to ask of an announcement: the question without its title in brackets, without the year where it is
    ``of_its_year``, without the place that its title names where another one has not the same, and with "it" for what the
    title names with that place, and for the body that issues it where another one is worded alike.

    Where there is no other one, the question is left as it is: then a place tells what is asked, not of whom.
    """

    def without(name: str) -> list[str]:
        return [text for text in map(whole_text, others) if name not in text]

    def without_place(place: re.Match[str]) -> str:
        name, title = place["place"].lower(), announcement.title.lower()
        if name not in title or not without(name):
            return place[0]
        thing = place["thing"] or ""
        return f" {_pronoun(thing)}" if thing and place["noun"].lower() in title else thing

    def without_body(body: re.Match[str]) -> str:
        name = body["name"].lower()
        alike = name in opening(announcement).lower() and any(
            _asks(question, text, beside=body.span()) for text in without(name)
        )
        return "it" if alike else body[0]

    asked = question.text.removesuffix(wording.meaning(announcement.title))
    if of_its_year:
        asked = without_year(asked, announcement.title)
    return _PLACE.sub(without_place, _BODY.sub(without_body, asked))


def _pronoun(thing: str) -> str:
    return "they" if thing.endswith("s") and not thing.endswith("ss") else "it"


def _asks(question: Question, text: str, *, beside: Span = (0, 0)) -> bool:
    """Whether a text has all that a question asks about, a name that stands ``beside`` that and places left out."""
    places = [match.span() for match in _PLACE.finditer(question.text)]
    left_out = [beside, *places]
    words = [w for w in question.content if not any(start <= w.start < end for start, end in left_out)]
    return all(term in text for word in words for term in lexicon.terms(word.text, question.language))
