"""Which of several announcements that belong together answers: of a notice and what changed it the one that is true
now, and the one that a question calls by its name."""

import re

from indexer.announcement import Announcement
from indexer.index import Index
from service.answering.disambiguation.edition import editions
from service.answering.disambiguation.relation import names_of, relations
from service.answering.disambiguation.scope import shortfalls
from service.answering.found import Found
from service.answering.lead import Lead, lead_of, worth
from service.answering.question import analyse
from service.answering.reader import Reader
from service.answering.retriever import retrieve, within
from service.answering.scoring import ScoringWeights

ANSWERS = 2.5
"""How well an announcement is to be read to answer by itself, for it to be preferred to another one."""
_WORSE = 10.0
"""How much worse than the other one."""
_FORMERLY = re.compile(
    r",? ?\bbefore(?:\W*$| (?:that|then|the (?:change|correction)|(?:you|they|it was) (?:correct|chang)\w*)(?: it\b)?)"
    r"|\b(?:original(?:ly)?|at first|initial(?:ly)?|used to|formerly|previous(?:ly)?) ?"
    r"|(?:원래|당초|처음에|예전|이전|바뀌기 전|종전)(?:에는|에|의|는)? ?",
    re.IGNORECASE,
)
"""How a question asks for what was said first."""


def preferred(
    index: Index, found: Found, lead: Lead, weights: ScoringWeights, reader: Reader
) -> tuple[Found, Lead]:
    """What was found and its lead, in one announcement alone where that is preferred."""
    if lead.reading is None:
        return found, lead
    own = found.announcements[lead.candidate]
    tied = relations(found.announcements)
    later, earlier = tied.changed_by(own.id), tied.changes(own.id)
    question = found.inquiry.question
    if (later or earlier) and _FORMERLY.search(question.text) is not None:
        asked = analyse(_FORMERLY.sub("", question.text).strip(), question.language)
        first = within(retrieve(index, asked, weights), (earlier or [own])[0].id, weights)
        return (first, lead_of(first, reader)) if first.ranking.sentences else (found, lead)
    for each in tied.related(own.id):
        by_name = names_of(question, each, own) and not names_of(question, own, each)
        named = within(found, each.id, weights) if by_name and each not in earlier else None
        if named is not None and named.ranking.sentences:
            return named, lead_of(named, reader)
    # What changed something need not name it again.
    told = (answering(found, lead, None, each.id, weights, reader) for each in later)
    return next((each for each in told if each is not None), (found, lead))


def answering(
    found: Found,
    lead: Lead,
    over: Announcement | None,
    source_id: str,
    weights: ScoringWeights,
    reader: Reader,
) -> tuple[Found, Lead] | None:
    """What was found in one announcement and its lead, if it answers by itself nearly as well as ``lead``; None where it
    does not, where it lacks what the question names and ``over`` has, and where it tells of another year."""
    narrowed = within(found, source_id, weights)
    if not narrowed.ranking.sentences or lead.reading is None:
        return None
    other = narrowed.announcements[0]
    lacks, lacked = shortfalls(found.inquiry, [over or other, other])
    best = lead_of(narrowed, reader) if lacked <= lacks else None
    if best is None or best.reading is None:
        return None
    if worth(best.reading) < max(ANSWERS, worth(lead.reading) - _WORSE):
        return None
    years = editions(found.inquiry, found.among)
    sentence = narrowed.evidence[best.candidate].sentence(best.sentence)
    return None if years is not None and years.is_another(other, sentence) else (narrowed, best)
