"""Which rows name what a sentence only counts."""

import pytest
from test_row import evidence

from service.answering.counted import counted, counted_rows
from service.answering.question import analyse

COUNTS = "The city is renewing three quays."
QUAYS = ("North Quay: new cranes", "South Quay: a landing", "Grain Quay: fresh paving")


@pytest.mark.parametrize(
    ("sentence", "question", "number"),
    [
        (COUNTS, "Which quays are being renewed?", 3),
        (COUNTS, "Which ferries sail?", 0),
        ("The quays get 3 million crowns.", "Which quays get money?", 0),
        ("", "Which quays are being renewed?", 0),
    ],
)
def test_what_a_sentence_counts(sentence: str, question: str, number: int) -> None:
    assert counted(sentence, analyse(question, "en")) == number


def rows(question: str, *sentences: str) -> list[int]:
    lines = [each if each.endswith(".") else f"- {each}" for each in sentences]
    shown = evidence(*sentences, text="\n".join(lines))
    return counted_rows(shown, 0, analyse(question, "en"), "Harbour works")


def test_the_rows_of_the_next_list_are_read_with_what_counts_them() -> None:
    assert rows("Which quays are being renewed?", COUNTS, "Ferries go on sailing.", *QUAYS) == [2, 3, 4]


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ("How many quays are being renewed?", (COUNTS, *QUAYS)),
        ("Which quays are being renewed?", (COUNTS, *QUAYS[:2])),
        ("Which quays are being renewed?", (COUNTS, "May: descent", "June: departure", "July: return")),
        ("Which quays are being renewed?", (COUNTS,)),
    ],
)
def test_a_list_of_something_else_is_not(question: str, sentences: tuple[str, ...]) -> None:
    assert rows(question, *sentences) == []
