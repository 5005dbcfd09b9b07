"""What is said about something: the sentences that name it, where all that they say of it is wanted."""

from indexer import lexicon
from service.answering.found import Found
from service.answering.question import Expectation, Question
from service.answering.scoring import RankedSentence

MOST = 3
"""Sentences given at the most: the best of those that name the thing."""


def mentions(found: Found) -> tuple[RankedSentence, ...]:
    """The best sentences that literally name all that the question wants to hear of, if one announcement has them.

    None where it asks for something else, where nothing found names all of it, and where several announcements do:
    then it is for the reader to say which is meant.
    """
    wanted = _topic(found.inquiry.question)
    if not wanted:
        return ()
    naming = tuple(
        ranked
        for ranked in found.ranking.sentences
        if wanted <= _terms(found, found.evidence[ranked.candidate].sentence(ranked.sentence))
        and not found.evidence[ranked.candidate].headings[ranked.sentence]
    )
    announcements = {found.announcements[ranked.candidate].id for ranked in naming}
    return naming[:MOST] if len(announcements) == 1 else ()


def unmentioned(found: Found) -> bool:
    """Whether the question wants to hear of something of which no word stands in what was found."""
    wanted = _topic(found.inquiry.question)
    return bool(wanted) and not any(wanted & _terms(found, evidence.text) for evidence in found.evidence)


def _topic(question: Question) -> frozenset[str]:
    """The terms of what the question wants to hear all of; none where it asks for something else."""
    if question.expects is not Expectation.MENTION or question.focus is None:
        return frozenset()
    first, last = question.focus
    # In Korean a particle belongs to the word, and not to the topic.
    words = [question.text[w.start : min(w.end, last)] for w in question.content if first <= w.start < last]
    return frozenset(term for word in words for term in lexicon.terms(word, question.language))


def _terms(found: Found, text: str) -> frozenset[str]:
    return frozenset(lexicon.terms(text, found.inquiry.question.language))
