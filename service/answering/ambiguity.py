"""Whether a question is answered equally well in several places, so that it has to say which it means."""

import re
from collections.abc import Collection, Sequence

from indexer import lexicon
from indexer.announcement import Announcement, Kind
from indexer.index import IndexedPassage
from service.answering import wording
from service.answering.disambiguation.coverage import coverage
from service.answering.disambiguation.edition import editions
from service.answering.disambiguation.relation import relations
from service.answering.disambiguation.scope import shortfalls
from service.answering.found import Found
from service.answering.lead import ANSWERED, Lead, read_all, worth
from service.answering.preference import answering
from service.answering.question import Expectation, Question
from service.answering.reader import Reader
from service.answering.scoring import ScoringWeights

READINGS = 4
"""Readings that a question back lists at the most."""
ALIKE = 0.95
"""Two sentences answer an unspecific question equally well from this ratio of their scores."""
RIVAL = 2.0
"""How far behind the logit of the sentence that leads one of another announcement may be, to answer as well."""
AS_WELL = 2.0
"""How much worse it may be read to answer. On the development announcements what does not answer is 2.4 worse or
more, and most of it 5."""

ALIKE_WORDS = 0.5
"""The share of words that two sentences of related announcements have in common, where they say the same of each
(Dice's coefficient)."""
_FILLING = re.compile(r"‘[^‘’]+’|“[^“”]+”|\"[^\"]+\"|(?<!\w)'[^']+'(?!\w)|\d+")
"""What editions differ in: what stands in quotation marks, and figures."""
AS_MUCH = 0.4
"""The share of the question's words that the one that leads has, which another one has to have."""


def readings(
    found: Found, lead: Lead, weights: ScoringWeights, reader: Reader, earlier: Collection[str] = ()
) -> tuple[str, ...]:
    """Narrower questions, where what is asked is answered equally well in several places; none where it is not.

    ``earlier`` are the ids of the announcements that the conversation's last answer was taken from: what goes on may
    mean them, if they answer at all.
    """
    question = found.inquiry.question
    scopes = _unspecific(found) if _says_little(question) else ()
    if len(scopes) <= 1:
        scopes = _announcements(found, lead, weights, reader, earlier)
    return (
        tuple(wording.reading(question.text, scope) for scope in scopes[:READINGS]) if len(scopes) > 1 else ()
    )


def _says_little(question: Question) -> bool:
    narrows = question.years or question.names
    return len(question.content) == 1 and question.expects is not Expectation.OPEN and not narrows


def _unspecific(found: Found) -> tuple[str, ...]:
    """What sets those places apart that meet the one word of the question alike."""
    best = found.ranking.sentences[0].score
    scopes = [
        _scope(found.passages[ranked.candidate], found.passages)
        for ranked in found.ranking.sentences
        if ranked.score >= ALIKE * best
    ]
    return tuple(dict.fromkeys(scope for scope in scopes if scope))


def _announcements(
    found: Found, lead: Lead, weights: ScoringWeights, reader: Reader, earlier: Collection[str]
) -> tuple[str, ...]:
    """The titles of the announcements that answer, the one that leads first."""
    if lead.reading is None:
        return ()
    own = found.announcements[lead.candidate]
    tied = relations(found.announcements)
    # Of a notice and what changed it only one is true.
    untrue = {each.id for each in (*tied.changed_by(own.id), *tied.changes(own.id))}
    others = {id: each for id, each in tied.announcements.items() if id != own.id and id not in untrue}
    related = tied.related(own.id)
    about = coverage(found.inquiry, [own, *related])
    near = [each for each in related if about[each.id] >= AS_MUCH * about[own.id]]
    beside = [each for id, each in others.items() if id in earlier]
    alike = [
        *_read_alike(found, lead, others, reader),
        *_worded_alike(found, lead, [each for each in near if each.id in others]),
        *(
            each
            for each in (*near, *beside)
            if each.id in others and answering(found, lead, own, each.id, weights, reader)
        ),
    ]
    return tuple(dict.fromkeys(each.title for each in (own, *alike)))


def _read_alike(found: Found, lead: Lead, others: Collection[str], reader: Reader) -> list[Announcement]:
    """Those of the others that have a sentence which is ranked and read as well as the one that leads."""
    announcements = found.announcements
    own = announcements[lead.candidate].id
    leading = max(each.logit for each in lead.excerpts if announcements[each.candidate].id == own)
    rivals = [
        each
        for each in lead.excerpts
        if announcements[each.candidate].id in others and each.logit >= leading - RIVAL
    ]
    read = dict(zip(lead.excerpts, lead.readings, strict=False))
    unread = [each for each in rivals if each not in read]
    read |= zip(unread, read_all(unread, reader), strict=True)
    least = max(ANSWERED, worth(lead.reading) - AS_WELL) if lead.reading else ANSWERED
    return [announcements[each.candidate] for each in rivals if worth(read[each]) >= least]


def _worded_alike(found: Found, lead: Lead, related: Sequence[Announcement]) -> list[Announcement]:
    """Those that have a sentence with nearly the words of the one that leads, as another edition has: "the theme is"."""
    if not related:
        return []
    language = found.inquiry.question.language
    own = found.announcements[lead.candidate]
    leading = _frame(found.evidence[lead.candidate].sentence(lead.sentence), language)
    years = editions(found.inquiry, found.among)
    same = {
        each.id
        for each, evidence in zip(found.announcements, found.evidence, strict=True)
        for sentence in map(evidence.sentence, range(len(evidence.sentences)))
        if dice(leading, _frame(sentence, language)) >= ALIKE_WORDS
        and not (years is not None and years.is_another(each, sentence))
    }
    lacking = [shortfalls(found.inquiry, [own, each]) for each in related]
    return [
        each
        for each, (lacks, lacked) in zip(related, lacking, strict=True)
        if each.id in same and lacked <= lacks
    ]


def _frame(sentence: str, language: str) -> frozenset[str]:
    """The words of a sentence without its figures and what it has in quotation marks."""
    return frozenset(lexicon.terms(_FILLING.sub(" ", sentence), language))


def dice(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of two sets is the same, from 0 to 1."""
    return 2 * len(one & other) / max(len(one) + len(other), 1)


def _scope(passage: IndexedPassage, others: Sequence[IndexedPassage]) -> str | None:
    """What sets a passage apart: its announcement's title, or within one announcement its heading."""
    if len({other.revision.number for other in others}) > 1:
        return passage.revision.announcement.title
    heading = next((s for s in passage.sentences if s.kind is Kind.HEADING), None)
    return None if heading is None else passage.text_of(heading)
