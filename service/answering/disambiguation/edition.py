"""Which of several editions a question means by a year: this year's fair or last year's.

An announcement says once of which year it is, in its title or in its date, and goes on with "the fair"; what "last
year" is, is told by when the announcement that says it was issued. A question that says it is put in the year of the
latest announcement that is about the same, or belongs together with one that is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indexer.announcement import Announcement
from service.answering.disambiguation.coverage import coverage
from service.answering.disambiguation.dateline import issued
from service.answering.disambiguation.relation import relations
from service.answering.question import Question, is_year, without_years
from service.answering.scoring import Floats, Inquiry
from service.quantity import quantities

_ABOUT_THE_SAME = 0.75
"""The share of the question's words that one announcement has of those that another one has, to be as much about it."""
_NEARLY = 4.0
"""How far behind the best one's logit a sentence may be, to be what a question of its year means."""
_YEAR = re.compile(r"(?<![\d,.])(?:19|20)\d\d(?!\d|[.,]\d)")
_NUMBER = re.compile(
    r"(?<![\d,.])(?:제 ?)?(?P<korean>\d{1,3}) ?회|\b(?P<english>\d{1,3})(?:st|nd|rd|th)\b", re.IGNORECASE
)
"""The number of an edition."""
_NAMED = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"\b(?:the )?(?:this|last|next|previous|coming) year['’]s\b", "the"),
        (
            r" ?(?:\b(?:in|of|for|from|during) )?\b(?:(?:this|last|next|previous|coming) year|a year (?:ago|earlier))\b",
            "",
        ),
        (
            r"(?<![가-힣])(?:작년|지난해|전년|올해|금년|내년|이듬해)(?:에는|에도|에|엔|의|도|는|은|이랑|랑|하고|과|와|보다)?(?: |$)",
            "",
        ),
        (r" ?(?:\b(?:in|of|for|during) )?(?<![\d,.])(?:19|20)\d\d(?:년도?에?)?(?!\d|[.,]\d)", ""),
    )
)


@dataclass(frozen=True, slots=True)
class Editions:
    """The year that a question means, and for each announcement by its id the day and the year that it is of.

    ``telling`` are the ids of those that are as much about the rest of the question as any.
    """

    meant: int
    days: Mapping[str, date | None]
    years: Mapping[str, int | None]
    telling: frozenset[str]

    def of_another(
        self, announcements: Sequence[Announcement], sentences: Sequence[str], logits: Floats
    ) -> list[bool]:
        """For each sentence of an announcement whether it tells of another year than the question means, while another
        sentence with nearly as high a logit tells of that year, of an announcement that is as much about the rest."""
        others = [self.is_another(each, text) for each, text in zip(announcements, sentences, strict=True)]
        least = float(logits.max(initial=0.0)) - _NEARLY
        told = any(
            not other and logit >= least and each.id in self.telling
            for each, other, logit in zip(announcements, others, logits.tolist(), strict=True)
        )
        return others if told else [False] * len(others)

    def is_another(self, announcement: Announcement, text: str) -> bool:
        """Whether a text of an announcement tells of other years than the one that the question means."""
        return bool(told := self._told(announcement, text)) and self.meant not in told

    def is_own(self, announcement: Announcement, text: str) -> bool:
        """Whether a text of an announcement need not name the year that the question means: the announcement is of that
        year, and the text tells of no other."""
        return self._told(announcement, text) == {self.meant}

    def _told(self, announcement: Announcement, text: str) -> set[int]:
        """The years that a text tells of; where it names none, the one of its announcement."""
        figures = quantities(text, self.days[announcement.id])
        named = {each.date.year for each in figures if each.date is not None and each.date.year is not None}
        own = self.years[announcement.id]
        # What will be so in another year is told of this one too; what was so is not.
        return named if own is None or any(year < own for year in named) else {*named, own}


def editions(inquiry: Inquiry, announcements: Sequence[Announcement]) -> Editions | None:
    """The editions that a question tells apart by a year, or by a number; None where it does not mean one year, or all
    are of the same."""
    question = inquiry.question
    if not (question.years or question.relative_years or numbers_of(question.text)):
        return None
    different = {each.id: each for each in announcements}
    days = {id: issued(each) for id, each in different.items()}
    years = {id: year_of(each) for id, each in different.items()}
    if len({year for year in years.values() if year is not None}) < 2:
        return None
    about = coverage(inquiry, different.values())
    least = _ABOUT_THE_SAME * max(about.values())
    telling = frozenset(id for id, share in about.items() if share >= least)
    tied = relations(tuple(announcements))
    beside = {each.id for id in telling for each in tied.related(id)}
    now = max((day for id in telling | beside if (day := days[id]) is not None), default=None)
    meant = years_meant(question, [different[id] for id in telling | beside], now.year if now else None)
    return Editions(meant.pop(), days, years, telling) if len(meant) == 1 else None


def years_meant(question: Question, dated: Sequence[Announcement], now: int | None) -> set[int]:
    """The years that a question names, those that it counts from the year ``now``, and those of announcements whose
    number it names: "the 12th fair"."""
    counted = [] if now is None else [now + offset for offset in question.relative_years]
    asked = numbers_of(question.text)
    numbered = [year_of(each) for each in dated if asked & numbers_of(each.title)] if asked else []
    return {*question.years, *counted, *(year for year in numbered if year is not None)}


def numbers_of(text: str) -> frozenset[int]:
    """The numbers of editions that a text has."""
    return frozenset(int(match["korean"] or match["english"]) for match in _NUMBER.finditer(text))


def names_edition(word: str) -> bool:
    """Whether a word is a year or has the number of an edition."""
    return is_year(word) or bool(numbers_of(word))


def without_edition(question: Question, title: str) -> Question:
    """A question as if it named no year, and not the number of the edition that a title is of."""
    own = numbers_of(title)
    others = [each for each in question.quantities if not own & numbers_of(each.text)]
    return replace(without_years(question), quantities=tuple(others))


def without_year(asked: str, title: str = "") -> str:
    """A question without the year that it means, and without the number of the edition that a title is of."""
    own = numbers_of(title)
    asked = _NUMBER.sub(lambda match: "" if own & numbers_of(match[0]) else match[0], asked)
    for pattern, instead in _NAMED:
        asked = pattern.sub(instead, asked)
    return " ".join(asked.split())


def year_of(announcement: Announcement) -> int | None:
    """The year that an announcement is of: the one in its title, or else that of its day."""
    titled = set(map(int, _YEAR.findall(announcement.title)))
    if len(titled) == 1:
        return titled.pop()
    return None if (day := issued(announcement)) is None else day.year
