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
_ENDS = " .:;!?…。\"'“”‘’"


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
    return Lead(best.candidate, sentence, _mark(mark, evidence.text[start:end]), reading)


def _mark(words: Span, sentence: str) -> Span | None:
    """The words with all of each figure that they begin or end in, its unit too; None for all of a sentence,
    in which a mark would show nothing."""
    cut = [q for q in quantities(sentence) if q.start < words[1] and words[0] < q.end]
    start = min([words[0], *(q.start for q in cut)])
    end = max([words[1], *(q.end for q in cut)])
    return None if sentence[start:end].strip(_ENDS) == sentence.strip(_ENDS) else (start, end)
