"""The sentence that answers, and which words of it do."""

from dataclasses import dataclass

from service.answering.found import Found
from service.answering.question import Span
from service.answering.reader import LANGUAGES, Reader, Reading, window
from service.quantity import quantities

SURE = 1.0
"""How much better the words must answer than none would, for their sentence to go before the best one.

On the training texts that the reader did not see, any value from 0 to 2 finds the right sentence as often.
"""


@dataclass(frozen=True, slots=True)
class Lead:
    """A sentence of a candidate. ``mark`` is where in it the words stand that answer, if that is known.

    ``reading`` is what the reader made of it and of those beside it, where it knows the language.
    """

    candidate: int
    sentence: int
    mark: Span | None = None
    reading: Reading | None = None


def lead_of(found: Found, reader: Reader) -> Lead:
    """The best sentence, or the one beside it in which the reader sees the answer. There must be one."""
    best, question = found.ranking.sentences[0], found.inquiry.question
    if question.language not in LANGUAGES:
        return Lead(best.candidate, best.sentence)
    evidence = found.evidence[best.candidate]
    seen = window(evidence, best.sentence)
    reading = reader.read(question.text, seen.text)
    sentence, mark = seen.place(reading.start, reading.end)
    elsewhere = sentence != best.sentence
    if mark[0] == mark[1] or (elsewhere and (evidence.headings[sentence] or reading.span < SURE)):
        return Lead(best.candidate, best.sentence, None, reading)
    start, end = evidence.sentences[sentence]
    return Lead(best.candidate, sentence, _whole(mark, evidence.text[start:end]), reading)


def _whole(mark: Span, sentence: str) -> Span:
    """The mark with all of each figure that it begins or ends in: its unit too."""
    cut = [q for q in quantities(sentence) if q.start < mark[1] and mark[0] < q.end]
    return min([mark[0], *(q.start for q in cut)]), max([mark[1], *(q.end for q in cut)])
