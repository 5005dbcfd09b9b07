"""What in a quoted sentence answers: the figure, date or name that the question asks for."""

import re

from indexer import lexicon
from service.answering.expected import expected
from service.answering.question import FIGURES, Expectation, Question, Span

_MARKED = FIGURES | {Expectation.PERSON, Expectation.PLACE, Expectation.CONTACT}
"""Kinds of answer that are a few words; a reason or a statement is the sentence itself."""
_FAR = 80.0
"""Characters from which on distance tells nothing more."""
_DATED = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? (?:\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+|[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?)"
    r"(?:,? \d{4})?(?!\w)"
)
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_BODY = re.compile(
    r"\b(?:Ministry|Department|Office|Agency|Center|Centre|Plan|Programme|Program|Project|Projects|University|Council|"
    r"Committee|Authority|Bank|Institute|Company|Competition|Board|Commission|Convention|Act|Fund)\b"
)
"""Names of bodies and plans, which are not who a "who" asks for while a person is named too."""


def highlight(question: Question, sentence: str) -> Span | None:
    """Offsets in ``sentence`` of what the question asks for; None where nothing stands out.

    Of several figures or names of the right kind, the one with most of the question's words near it.
    """
    spans = expected(question, sentence) if question.expects in _MARKED else None
    if not spans:
        return None
    names = question.expects is Expectation.PERSON
    kept = [span for span in spans if not (names and _BODY.search(sentence[slice(*span)]))] or list(spans)
    places = _places(question, sentence)
    return with_weekday(sentence, min(kept, key=lambda span: (_distance(span, places), span)))


def with_weekday(sentence: str, span: Span) -> Span:
    """A date with the weekday that it follows, and a weekday with its date."""
    start, end = span
    for date in _DATED.finditer(sentence):
        if date.start() < end and start < date.end():
            start, end = min(start, date.start()), max(end, date.end())
    return start, end


def _places(question: Question, sentence: str) -> list[list[int]]:
    """Where each of the question's content words stands in the sentence."""
    wanted = set(lexicon.content_terms(question.text, question.language))
    found: dict[str, list[int]] = {}
    for match in _WORD.finditer(sentence):
        for term in wanted.intersection(lexicon.terms(match[0], question.language)):
            found.setdefault(term, []).append((match.start() + match.end()) // 2)
    return list(found.values())


def _distance(span: Span, places: list[list[int]]) -> float:
    """How far, in characters, a span is from the question's words; a word that recurs tells less."""
    centre = (span[0] + span[1]) / 2
    return sum(min(_FAR, *(abs(place - centre) for place in at)) / len(at) for at in places)
