"""Several things that a question names together, and what is left to ask of a row on some of them."""

import pytest

from service.answering.enumeration import named_together, of_those_in


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("How much do North Quay and Grain Quay get?", ("North Quay", "Grain Quay")),
        ("What do Tallow, Weller and Ossel pay?", ("Tallow", "Weller", "Ossel")),
        ("서관이랑 동관은 몇 시까지 열어요?", ("서관", "동관")),
        ("How much does North Quay get?", ()),
        ("", ()),
    ],
)
def test_names_that_are_joined(question: str, names: tuple[str, ...]) -> None:
    assert named_together(question) == names


@pytest.mark.parametrize(
    ("question", "row", "left"),
    [
        (
            "How much do North Quay and Grain Quay get?",
            "Grain Quay: 2 million",
            "How much do Grain Quay get?",
        ),
        ("서관이랑 동관은 몇 시까지 열어요?", "동관: 18시", "동관은 몇 시까지 열어요?"),
        ("How much do North Quay and Grain Quay get?", "South Quay: 7 million", None),
        ("How much do North Quay and Grain Quay get?", "North Quay and Grain Quay: 6 million", None),
        ("Does North Quay or Grain Quay get more?", "Grain Quay: 2 million", None),
        ("How much does it get?", "Grain Quay: 2 million", None),
    ],
)
def test_a_row_is_asked_of_what_it_tells_of_alone(question: str, row: str, left: str | None) -> None:
    assert of_those_in(question, row) == (question if left is None else left)
