"""The words that the reader points to are marked, whole figures and never a whole sentence."""

from collections.abc import Sequence
from datetime import date

import pytest
from test_answerability import asked

from service.answering.found import Found
from service.answering.lead import Lead, lead_of
from service.answering.reader import Reading

SENTENCE = "The tunnel costs 310 million euros."
OTHER = "It opens in May 2027."


class Pointing:
    """A reader that points to the given words of what it reads, with the given sureness."""

    def __init__(self, words: str, span: float = 5.0) -> None:
        self.words = words
        self.span = span

    def read(self, question: str, text: str) -> Reading:  # noqa: ARG002
        start = text.index(self.words)
        return Reading(self.span, self.span, start, start + len(self.words))

    def proves(self, claim: str, published: date | None, quotes: Sequence[str]) -> float:
        raise NotImplementedError


def led(reader: Pointing) -> tuple[Lead, str | None]:
    inquiry, candidates, ranking = asked("What does the tunnel cost?", SENTENCE, OTHER)
    lead = lead_of(Found(inquiry, (), tuple(candidates), ranking), reader)
    sentence = (SENTENCE, OTHER)[lead.sentence]
    return lead, None if lead.mark is None else sentence[slice(*lead.mark)]


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("310", "310 million euros"),
        ("310 million euros", "310 million euros"),
        ("The tunnel", "The tunnel"),
        ("The tunnel costs 310", None),
        ("The tunnel costs 310 million euros.", None),
    ],
)
def test_whole_figures_are_marked_and_no_whole_sentence(words: str, marked: str | None) -> None:
    lead, found = led(Pointing(words))
    assert lead.sentence == 0
    assert found == marked


def test_the_sentence_beside_leads_only_where_the_reader_is_sure() -> None:
    assert led(Pointing("May 2027"))[0].sentence == 1
    unsure, mark = led(Pointing("May 2027", span=0.5))
    assert (unsure.sentence, mark) == (0, None)
