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
from service.answering.scoring import Inquiry

_PLACE = re.compile(r" (?:in|at|near) (?:the )?([A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*)(?= [a-z]|[,?.!]|$)")
"""Where something is, as a question says it of what it asks about."""


def shortfalls(inquiry: Inquiry, announcements: Sequence[Announcement]) -> list[float]:
    """For each announcement the share of the question's names that it lacks and another one has, from 0 to 1.

    Names count by their rarity in the index. Where the question says in brackets which title it means, as the
    readings of a question back do, any other announcement is infinitely far from it.
    """
    meant = [inquiry.question.text.endswith(wording.meaning(each.title)) for each in announcements]
    if any(meant):
        return [0.0 if this else float("inf") for this in meant]
    language = inquiry.question.language
    names = {
        word.text.lower(): sum(inquiry.rarity.get(term, 1.0) for term in lexicon.terms(word.text, language))
        for word in inquiry.question.names
    }
    total = sum(names.values())
    if not total or len({each.id for each in announcements}) < 2:
        return [0.0] * len(announcements)
    texts = {each.id: _all_of(each) for each in announcements}
    held = {id: sum(weight for name, weight in names.items() if name in text) for id, text in texts.items()}
    most = max(held.values())
    return [(most - held[each.id]) / total for each in announcements]


def narrowed(question: str, announcement: Announcement, others: Sequence[Announcement]) -> str:
    """What is left to ask of an announcement: the question without its title in brackets, and without the place that
    its title names and another one does not have.

    Where there is no other one, the question is left as it is: then a place tells what is asked, not of whom.
    """

    def rest(place: re.Match[str]) -> str:
        name = place[1].lower()
        tells = name in announcement.title.lower() and any(name not in _all_of(other) for other in others)
        return "" if tells else place[0]

    return _PLACE.sub(rest, question.removesuffix(wording.meaning(announcement.title)))


def _all_of(announcement: Announcement) -> str:
    return f"{announcement.title}\n{announcement.text}".lower()
