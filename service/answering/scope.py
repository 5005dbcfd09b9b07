"""Which of several announcements a question means by the names in it.

"How much will the sports arena in Melby cost?" is not answered by what another announcement says of another
town's arena, however well that sentence reads: an announcement says once where it is, mostly in its headline, and
goes on with "the arena". So an announcement that lacks the question's names stands back, and one whose title has
them is asked for the rest.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date

from indexer import lexicon
from indexer.announcement import Announcement
from service.answering import wording
from service.answering.question import Question, Span
from service.answering.scoring import Inquiry
from service.quantity import quantities

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
_YEAR = re.compile(r"(?<![\d,.])(?:19|20)\d\d(?!\d|[.,]\d)")
_STILL = re.compile(r"\b(?:still|any ?more|any longer)\b|아직|여전히|계속", re.IGNORECASE)
_TELLING = 2
"""Words that a question has at the least to tell by them whether another announcement is about the same."""
_OPENING = 400
"""Characters in which an announcement says who issues it, and when."""


def shortfalls(inquiry: Inquiry, announcements: Sequence[Announcement]) -> list[float]:
    """For each announcement the share of the question's names and years that it lacks and another one has, from 0 to 1.

    They count by their rarity in the index. Where the question says in brackets which title it means, as the
    readings of a question back do, any other announcement is infinitely far from it.
    """
    meant = [inquiry.question.text.endswith(wording.meaning(each.title)) for each in announcements]
    if any(meant):
        return [0.0 if this else float("inf") for this in meant]
    language = inquiry.question.language
    asked = [*(word.text.lower() for word in inquiry.question.names), *map(str, inquiry.question.years)]
    names = {
        name: sum(inquiry.rarity.get(term, 1.0) for term in lexicon.terms(name, language)) for name in asked
    }
    total = sum(names.values())
    different = _once(announcements)
    if not total or len(different) < 2:
        return [0.0] * len(announcements)
    texts = {each.id: f"{_all_of(each)}\n{each.published or ''}" for each in different}
    held = {id: sum(weight for name, weight in names.items() if name in text) for id, text in texts.items()}
    most = max(held.values())
    return [(most - held[each.id]) / total for each in announcements]


def issued(announcement: Announcement) -> date | None:
    """The day that an announcement is of, as far as it tells: the one that it was given, or else the first in its
    opening."""
    if announcement.published is not None:
        return announcement.published
    for told in quantities(announcement.text[:_OPENING]):
        day = told.date
        if day is None or not (day.year and day.month and day.day):
            continue
        if day.day <= monthrange(day.year, day.month)[1]:
            return date(day.year, day.month, day.day)
    return None


def superseded(question: Question, announcements: Sequence[Announcement]) -> list[bool]:
    """For each announcement whether a later one opens with all that the question asks about, where that asks for what
    is still so: a notice that has been lifted."""
    if _STILL.search(question.text) is None or len(question.content) < _TELLING:
        return [False] * len(announcements)
    different = _once(announcements)
    days = {each.id: issued(each) for each in different}
    telling = [
        day for each in different if (day := days[each.id]) is not None and _asks(question, _opening_of(each))
    ]
    return [
        (day := days[each.id]) is not None and any(other > day for other in telling) for each in announcements
    ]


def years_of_its_own(
    question: Question, announcement: Announcement, others: Sequence[Announcement], text: str
) -> tuple[int, ...]:
    """The years by which a question means an announcement, and which what is read of that need not name: it is of that
    year, another one is not, and the text names no year."""
    if not question.years or _YEAR.search(text):
        return ()
    day = issued(announcement)
    if day is None or day.year not in question.years:
        return ()
    days = map(issued, _once(others))
    return (day.year,) if any(other is not None and other.year != day.year for other in days) else ()


def narrowed(
    question: Question, announcement: Announcement, others: Sequence[Announcement], text: str
) -> str:
    """What is left to ask of a text of an announcement: the question without its title in brackets, without the year
    that it is of and the place that its title names where another one has not the same, and with "it" for what the
    title names with that place, and for the body that issues it where another one is worded alike.

    Where there is no other one, the question is left as it is: then a place tells what is asked, not of whom.
    """

    def without(name: str) -> list[str]:
        return [text for text in map(_all_of, others) if name not in text]

    def without_place(place: re.Match[str]) -> str:
        name, title = place["place"].lower(), announcement.title.lower()
        if name not in title or not without(name):
            return place[0]
        thing = place["thing"] or ""
        return f" {_pronoun(thing)}" if thing and place["noun"].lower() in title else thing

    def without_body(body: re.Match[str]) -> str:
        name = body["name"].lower()
        alike = name in _opening_of(announcement) and any(
            _asks(question, text, beside=body.span()) for text in without(name)
        )
        return "it" if alike else body[0]

    asked = question.text.removesuffix(wording.meaning(announcement.title))
    for year in years_of_its_own(question, announcement, others, text):
        asked = re.sub(rf" ?(?:\b(?:in|of|for|during) )?(?<!\d){year}(?:년도?에?)?(?!\d)", "", asked).strip()
    return _PLACE.sub(without_place, _BODY.sub(without_body, asked))


def _pronoun(thing: str) -> str:
    return "they" if thing.endswith("s") and not thing.endswith("ss") else "it"


def _asks(question: Question, text: str, *, beside: Span = (0, 0)) -> bool:
    """Whether a text has all that a question asks about, a name that stands ``beside`` that and places left out."""
    places = [match.span() for match in _PLACE.finditer(question.text)]
    left_out = [beside, *places]
    words = [w for w in question.content if not any(start <= w.start < end for start, end in left_out)]
    return all(term in text for word in words for term in lexicon.terms(word.text, question.language))


def _once(announcements: Iterable[Announcement]) -> list[Announcement]:
    """Each of the announcements once, of which there is one for each sentence that was found."""
    return list({each.id: each for each in announcements}.values())


def _opening_of(announcement: Announcement) -> str:
    return f"{announcement.title}\n{announcement.issuer or ''}\n{announcement.text[:_OPENING]}".lower()


def _all_of(announcement: Announcement) -> str:
    return f"{announcement.title}\n{announcement.text}".lower()
