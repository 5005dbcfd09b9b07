"""What in a quoted sentence answers: the figure, date or name that the question asks for."""

import re
from datetime import date

from indexer import lexicon
from service.answering.question import Expectation, Question, Span
from service.quantity import Quantity, quantities
from service.unit import Kind

_KINDS = {
    Expectation.DATE: {Kind.DATE, Kind.TIME},
    Expectation.DURATION: {Kind.DURATION},
    Expectation.MONEY: {Kind.MONEY},
    Expectation.PERCENT: {Kind.PERCENT, Kind.POINT},
    Expectation.COUNT: {Kind.NUMBER},
    Expectation.MEASURE: {Kind.MEASURE, Kind.DURATION, Kind.NUMBER},
    Expectation.AMOUNT: {Kind.MONEY, Kind.PERCENT, Kind.MEASURE, Kind.NUMBER},
}
_NAMED = re.compile(r"(?:(?:Dr|Mr|Mrs|Ms|Prof)\.\s+)?\b[A-Z][\w'’&-]+(?:\s+(?:(?:of|for|and|de)\s+)?[A-Z][\w'’&-]*)*")


def highlight(question: Question, sentence: str, published: date | None = None) -> Span | None:
    """Offsets in ``sentence`` of what the question asks for; None where nothing stands out.

    Of several figures or names of the right kind, the one with most of the question's words around it.
    """
    kinds = _KINDS.get(question.expects)
    if kinds is not None:
        spans = [(q.start, q.end) for q in _figures(sentence, published) if q.kind in kinds and _is_new(q, question)]
    elif question.expects in {Expectation.PERSON, Expectation.PLACE}:
        spans = [match.span() for match in _NAMED.finditer(sentence) if _is_new_name(match[0], question)]
    else:
        return None
    if not spans:
        return None
    words = set(lexicon.content_terms(question.text, question.language))
    places = [
        match.start()
        for match in re.finditer(r"\w+", sentence)
        if words.intersection(lexicon.terms(match[0], question.language))
    ]
    return min(spans, key=lambda span: (_distance(span, places), span))


def _figures(sentence: str, published: date | None) -> tuple[Quantity, ...]:
    return tuple(q for q in quantities(sentence, published) if q.end > q.start)


def _is_new(quantity: Quantity, question: Question) -> bool:
    """What the question itself names is not what it asks for."""
    return quantity not in question.quantities and quantity.text not in question.text


def _is_new_name(name: str, question: Question) -> bool:
    known = {word.text.lower() for word in question.words}
    return any(part.lower() not in known for part in re.findall(r"\w{2,}", name))


def _distance(span: Span, places: list[int]) -> float:
    """The mean distance, in characters, to the nearest few places; the far ones say little."""
    if not places:
        return 0.0
    nearest = sorted(min(abs(place - span[0]), abs(place - span[1])) for place in places)[:3]
    return sum(nearest) / len(nearest)
