"""Which announcements belong together: two editions of a fair, two grants, a notice and its correction."""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from indexer import lexicon
from indexer.announcement import Announcement
from service.answering.dateline import issued, opening
from service.quantity import quantities

RELATED = 0.25
"""The share of a title's words, by their rarity, that another announcement's opening has where the two belong together."""
NAMED_ALIKE = 0.08
"""The share of the words of one of their titles that the other title has too."""
_COMMON = math.log(2)
"""The weight of a word that each announcement has, as the name of who issues them."""
_FEW = 4
"""Announcements below which none of their words is too common to tell."""
_CHANGES = re.compile(
    r"\bcorrect(?:s|ed|ion)\b|\b(?:called|call) off\b|\bcancel\w*|\blift(?:s|ed)\b|\bpostpon\w+|\bdelay\w*|\bwithdraw\w*"
    r"|\bno longer\b|\bsafe again\b|\brevis(?:es|ed|ion)\b|\bamend\w*"
    r"|정정|바로잡|연기|취소|해제|철회|변경 공고|수정 공고",
    re.IGNORECASE,
)
"""How a title tells that something announced before is no longer so."""


@dataclass(frozen=True, slots=True)
class Relations:
    """What belongs together: for each announcement's id the ids of the others, the nearest first, and of the later
    ones that change what it says, and the earlier ones of which it does."""

    announcements: Mapping[str, Announcement]
    nearest: Mapping[str, Sequence[str]]
    later: Mapping[str, Sequence[str]]
    earlier: Mapping[str, Sequence[str]]

    def related(self, id: str) -> list[Announcement]:
        """Those that belong together with one, the nearest first."""
        return [self.announcements[other] for other in self.nearest[id]]

    def tied(self, id: str) -> list[Announcement]:
        """Those that belong together with one, change it or are changed by it."""
        return [*self.related(id), *self.changed_by(id), *self.changes(id)]

    def changed_by(self, id: str) -> list[Announcement]:
        """The later ones that change what one says."""
        return [self.announcements[other] for other in self.later[id]]

    def changes(self, id: str) -> list[Announcement]:
        """The earlier ones of which one changes what they say."""
        return [self.announcements[other] for other in self.earlier[id]]


def relations(announcements: Sequence[Announcement]) -> Relations:
    """What of some announcements belongs together, by the words of their titles in each other's openings."""
    different = {each.id: each for each in announcements}
    titles = {id: _terms(each.title, each) for id, each in different.items()}
    openings = {id: _terms(opening(each), each) for id, each in different.items()}
    counts = Counter(term for terms in openings.values() for term in terms)

    def weight(terms: Collection[str]) -> float:
        if len(different) < _FEW:
            return float(len(terms))
        return sum(math.log1p(len(different) / counts[term]) - _COMMON for term in terms)

    def share(title: frozenset[str], told: frozenset[str]) -> float:
        return weight(title & told) / whole if (whole := weight(title)) else 0.0

    near = {
        (one, other): max(share(titles[one], openings[other]), share(titles[other], openings[one]))
        for one in different
        for other in different
        if one != other
    }
    alike = {
        pair: max(share(titles[pair[0]], titles[pair[1]]), share(titles[pair[1]], titles[pair[0]]))
        for pair in near
    }

    def best(one: str, tied: Callable[[tuple[str, str]], bool]) -> list[str]:
        others = [other for other in different if other != one and tied((one, other))]
        return sorted(others, key=lambda other: -near[one, other])

    def related(pair: tuple[str, str]) -> bool:
        return near[pair] >= RELATED and alike[pair] >= NAMED_ALIKE

    def changed(pair: tuple[str, str]) -> bool:
        earlier, later = (different[id] for id in pair)
        return _changes(later, earlier) and (related(pair) or _names_day_of(later, earlier))

    return Relations(
        different,
        {one: best(one, related) for one in different},
        {one: best(one, changed) for one in different},
        {one: best(one, lambda pair: changed((pair[1], pair[0]))) for one in different},
    )


def _changes(later: Announcement, earlier: Announcement) -> bool:
    """Whether the title of one tells that something is no longer so, and the other may have been issued before it."""
    if _CHANGES.search(later.title) is None or _CHANGES.search(earlier.title) is not None:
        return False
    days = issued(later), issued(earlier)
    return days[0] is None or days[1] is None or days[0] >= days[1]


def _names_day_of(later: Announcement, earlier: Announcement) -> bool:
    """Whether one says in its opening when the other was issued: "our announcement of 13 January"."""
    day = issued(earlier)
    if day is None:
        return False
    told = (each.date for each in quantities(opening(later), issued(later)))
    return any(each is not None and (each.month, each.day) == (day.month, day.day) for each in told)


def _terms(text: str, announcement: Announcement) -> frozenset[str]:
    return frozenset(lexicon.content_terms(text, announcement.language))
