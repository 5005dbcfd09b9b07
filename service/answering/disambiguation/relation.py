"""Which announcements belong together: two editions of a fair, two grants, a notice and its correction."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from indexer import lexicon
from indexer.announcement import Announcement
from service.answering.disambiguation.dateline import REMEMBERED, days_named, issued, opening
from service.answering.question import Question, is_year

RELATED = 0.25
"""The share of a title's words, by their rarity, that another announcement's opening has where the two belong together."""
NAMED_ALIKE = 0.08
"""The share of the words of one of their titles that the other title has too."""
_COMMON = math.log(2)
"""The weight of a word that each announcement has, as the name of who issues them."""
_FEW = 4
"""Announcements below which none of their words is too common to tell."""
KEPT = 64
"""Questions of which is remembered what belongs together of what was found."""
_CHANGES = re.compile(
    r"\bcorrect(?:s|ed|ion)\b|\b(?:called|call) off\b|\bcancel\w*|\blift(?:s|ed)\b|\bpostpon\w+|\bdelay\w*|\bwithdraw\w*"
    r"|\bno longer\b|\bsafe again\b|\brevis(?:es|ed|ion)\b|\bamend\w*"
    r"|정정|바로잡|연기|취소|해제|철회|변경 공고|수정 공고",
    re.IGNORECASE,
)
"""How a title tells that something announced before is no longer so."""


class Relations:
    """What of some announcements belongs together, by the words of their titles in each other's openings.

    ``announcements`` are all of them by their ids. Each is only compared with the others when it is asked about.
    """

    def __init__(self, announcements: Iterable[Announcement]) -> None:
        self.announcements = {each.id: each for each in announcements}
        self._counts = Counter(term for each in self.announcements.values() for term in _opening_terms(each))
        self._related: dict[str, list[Announcement]] = {}

    def related(self, id: str) -> list[Announcement]:
        """Those that belong together with one, the nearest first."""
        if id not in self._related:
            one = self.announcements[id]
            near = {
                other: self._nearness(one, each) for other, each in self.announcements.items() if other != id
            }
            belong = [other for other, share in near.items() if share >= RELATED]
            self._related[id] = [
                self.announcements[other] for other in sorted(belong, key=lambda each: -near[each])
            ]
        return self._related[id]

    def tied(self, id: str) -> list[Announcement]:
        """Those that belong together with one, change it or are changed by it."""
        return [*self.related(id), *self.changed_by(id), *self.changes(id)]

    def changed_by(self, id: str) -> list[Announcement]:
        """The later ones that change what one says."""
        one = self.announcements[id]
        return [each for each in self.announcements.values() if self._changes(each, one)]

    def changes(self, id: str) -> list[Announcement]:
        """The earlier ones of which one changes what they say."""
        one = self.announcements[id]
        return [each for each in self.announcements.values() if self._changes(one, each)]

    def _nearness(self, one: Announcement, other: Announcement) -> float:
        """The greater share of a title's words that the other's opening has; 0 where the titles hardly share one."""
        titles = _title_terms(one), _title_terms(other)
        if max(self._share(*titles), self._share(*reversed(titles))) < NAMED_ALIKE:
            return 0.0
        return max(self._share(titles[0], _opening_terms(other)), self._share(titles[1], _opening_terms(one)))

    def _share(self, title: frozenset[str], told: frozenset[str]) -> float:
        whole = self._weight(title)
        return self._weight(title & told) / whole if whole else 0.0

    def _weight(self, terms: Iterable[str]) -> float:
        count = len(self.announcements)
        if count < _FEW:
            return float(sum(1 for _ in terms))
        return sum(math.log1p(count / self._counts[term]) - _COMMON for term in terms)

    def _changes(self, later: Announcement, earlier: Announcement) -> bool:
        """Whether one changes what the other says, which it belongs together with or names by its day."""
        return _tells_of_change(later, earlier) and (
            earlier in self.related(later.id) or _names_day_of(later, earlier)
        )


@lru_cache(KEPT)
def relations(announcements: tuple[Announcement, ...]) -> Relations:
    """What of these belongs together: several stages ask it of what was found for one question."""
    return Relations(announcements)


def names_of(question: Question, one: Announcement, other: Announcement) -> frozenset[str]:
    """The words of a question that one title has and the other announcement has not in its opening."""
    language = question.language
    own = frozenset(lexicon.content_terms(one.title, language)).difference(
        lexicon.terms(opening(other), language)
    )
    words = (word for word in question.content if not is_year(word.text))
    return frozenset(word.text for word in words if own.intersection(lexicon.terms(word.text, language)))


def _tells_of_change(later: Announcement, earlier: Announcement) -> bool:
    """Whether the title of one tells that something is no longer so, and the other may have been issued before it."""
    if _CHANGES.search(later.title) is None or _CHANGES.search(earlier.title) is not None:
        return False
    days = issued(later), issued(earlier)
    return days[0] is None or days[1] is None or days[0] >= days[1]


def _names_day_of(later: Announcement, earlier: Announcement) -> bool:
    """Whether one says in its opening when the other was issued: "our announcement of 13 January"."""
    day = issued(earlier)
    return day is not None and (day.month, day.day) in days_named(later)


@lru_cache(REMEMBERED)
def _title_terms(announcement: Announcement) -> frozenset[str]:
    return frozenset(lexicon.content_terms(announcement.title, announcement.language))


@lru_cache(REMEMBERED)
def _opening_terms(announcement: Announcement) -> frozenset[str]:
    return frozenset(lexicon.content_terms(opening(announcement), announcement.language))
