"""What an answer states, and whether its quotes bear it out."""

import pytest

from eval.metrics.alce import Statement
from eval.response import Cited, Response, Status
from eval.support import faults, statements, supported_by_words
from tests.fake_target import SENTENCES, answer, refusal

SAID = '"We are good at asking," Mayor Ilse Tarn said.'


def test_a_refusal_states_nothing() -> None:
    assert statements(refusal(0.9)) == []
    assert faults(refusal(0.9)) == []


def test_what_no_citation_proves_is_a_statement_without_quotes() -> None:
    text = f"{SENTENCES[1]} It rained. Nobody came."
    cited = Cited(1, 0, len(SENTENCES[1]), "fair", SENTENCES[1], 0, len(SENTENCES[1]), True)
    response = Response(Status.ANSWERED, text, 0.1, cites=True, citations=(cited,))
    assert statements(response) == [
        Statement(SENTENCES[1], (SENTENCES[1],)),
        Statement("It rained.", ()),
        Statement("Nobody came.", ()),
    ]
    assert [fault is None for fault in faults(response)] == [True, False, False]


@pytest.mark.parametrize(
    ("said", "quote", "holds"),
    [
        (SENTENCES[1], SENTENCES[1], True),
        (SAID, SAID, True),
        (f"- {SENTENCES[1]}", SENTENCES[1], True),
        (f"2. {SENTENCES[1]}", SENTENCES[1], True),
        (f"(2) {SENTENCES[1]}", SENTENCES[1], True),
        (f"• {SENTENCES[1]}", f"• {SENTENCES[1]}", True),
        ("- Entry costs 9 crowns.", SENTENCES[1], False),
        ("9. million crowns", SENTENCES[1], False),
        ("Entry costs 4 crowns in Lund.", SENTENCES[1], False),
        ("The weather was fine all week.", SENTENCES[1], False),
    ],
)
def test_support(said: str, quote: str, holds: bool) -> None:
    assert supported_by_words([quote], said) == holds
    assert [fault is None for fault in faults(answer(said, quote))] == [holds]


def test_a_quote_that_its_source_does_not_have_proves_nothing() -> None:
    assert faults(answer(SENTENCES[1], SENTENCES[1], exact=False)) == ["a quote is not in its source"]
