"""What is said about something: the sentences that name it, where all that they say of it is wanted."""

from indexer import lexicon
from service.answering.found import Found
from service.answering.question import Expectation
from service.answering.scoring import RankedSentence

MOST = 3
"""Sentences given at the most: the best of those that name the thing."""


def mentions(found: Found) -> tuple[RankedSentence, ...]:
    """The best sentences that literally name all that the question wants to hear of, if one announcement has them.

    None where it asks for something else, where nothing found names all of it, and where several announcements do:
    then it is for the reader to say which is meant.
    """
    question = found.inquiry.question
    if question.expects is not Expectation.MENTION or question.focus is None:
        return ()
    first, last = question.focus
    topic = [word.text for word in question.content if first <= word.start < last]
    wanted = frozenset(term for word in topic for term in lexicon.terms(word, question.language))
    if not wanted:
        return ()
    naming = tuple(
        ranked
        for ranked in found.ranking.sentences
        if wanted <= frozenset(lexicon.terms(_text(found, ranked), question.language))
        and not found.evidence[ranked.candidate].headings[ranked.sentence]
    )
    announcements = {found.announcements[ranked.candidate].id for ranked in naming}
    return naming[:MOST] if len(announcements) == 1 else ()


def _text(found: Found, ranked: RankedSentence) -> str:
    evidence = found.evidence[ranked.candidate]
    return evidence.text[slice(*evidence.sentences[ranked.sentence])]
