"""Things that a sentence only counts ("Three quays are renewed"), and the rows below it that name them."""

import re
from collections.abc import Sequence
from itertools import dropwhile, takewhile

from indexer import lexicon
from service.answering.expected import figures
from service.answering.question import Question
from service.answering.row import is_row
from service.answering.scoring import Evidence
from service.quantity import Kind

MOST_COUNTED = 99
"""A sentence that counts more things than this is not taken to be followed by their names."""
_THING = re.compile(r"(?: [\w'’-]+){1,6}")
"""What is counted stands behind its number."""


def counted(sentence: str, question: Question) -> int:
    """How many of what the question asks for there are, as the sentence says; 0 where it does not."""
    asked = frozenset(lexicon.content_terms(question.text, question.language))
    for figure in figures(sentence):
        counts = figure.kind is Kind.NUMBER and 1 < figure.value <= MOST_COUNTED
        thing = _THING.match(sentence, figure.end) if counts else None
        if thing and asked.intersection(lexicon.terms(thing[0], question.language)):
            return int(figure.value)
    return 0


def are_counted(items: Sequence[str], number: int, sentence: str, question: Question, title: str) -> bool:
    """Whether these are the ``number`` of things that the sentence counts: so many, all of which have a word of the
    sentence, the question or the title."""
    said = frozenset(lexicon.content_terms(f"{question.text} {title} {sentence}", question.language))
    return len(items) == number and all(
        said.intersection(lexicon.content_terms(item, question.language)) for item in items
    )


def counted_rows(evidence: Evidence, sentence: int, question: Question, title: str) -> list[int]:
    """The rows that name what a question asks the names of and the sentence counts; none where its passage has none."""
    number = counted(evidence.sentence(sentence), question) if question.listing else 0
    if number <= 1:
        return []
    behind = range(sentence + 1, len(evidence.sentences))
    listed = dropwhile(lambda each: not is_row(evidence, each), behind)
    rows = list(takewhile(lambda each: is_row(evidence, each), listed))
    named = [evidence.sentence(each) for each in rows]
    return rows if are_counted(named, number, evidence.sentence(sentence), question, title) else []
