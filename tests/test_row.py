"""Which lines are rows, and what introduces them."""

import time

import numpy as np
import pytest

from service.answering.row import cells, introduction, is_header, is_item, is_row
from service.answering.scoring import Evidence

TABLE = "Fares:\n\n| Ticket | Price |\n|---|:--|\n| Single | 2 |\n| Return | 3 |\n\n- Dogs: free\n- Bicycles travel free.\n\nEnd."


def evidence(*sentences: str, text: str = TABLE) -> Evidence:
    starts = [text.index(each) for each in sentences]
    spans = tuple((start, start + len(each)) for start, each in zip(starts, sentences, strict=True))
    none = np.zeros((0, 4), np.float32)
    empty = np.zeros(0, np.int32)
    return Evidence(text, spans, (False,) * len(spans), none, empty, np.zeros((0, 2), np.int32))


SHOWN = evidence(
    "Fares:", "Ticket | Price", "Single | 2", "Return | 3", "Dogs: free", "Bicycles travel free.", "End."
)


def test_rows_are_items_that_are_no_sentences() -> None:
    assert [is_row(SHOWN, number) for number in range(7)] == [False, True, True, True, True, False, False]


def test_what_introduces_rows_is_the_sentence_before_them() -> None:
    assert introduction(SHOWN, 3) == 0
    assert introduction(evidence("Return | 3", "Dogs: free"), 1) is None


def test_cells_have_the_names_of_their_columns() -> None:
    assert cells(SHOWN, 3) == (("Ticket", (0, 6)), ("Price", (9, 10)))
    assert [cells(SHOWN, number) for number in (0, 1, 4, 5)] == [()] * 4
    assert cells(evidence("Single | 2", "Return | 3"), 1) == (), "the header is in another passage"


def test_the_names_of_rows_may_stand_under_nothing() -> None:
    text = "| | Now | From May |\n|---|---|---|\n| Single | 2 | 3 |"
    spans = tuple(
        (text.index(each), text.index(each) + len(each)) for each in ("Now | From May", "Single | 2 | 3")
    )
    empty = np.zeros(0, np.int32)
    table = Evidence(
        text, spans, (False, False), np.zeros((0, 4), np.float32), empty, np.zeros((0, 2), np.int32)
    )
    assert [(name, table.sentence(1)[slice(*place)]) for name, place in cells(table, 1)] == [
        ("", "Single"),
        ("Now", "2"),
        ("From May", "3"),
    ]


def test_a_header_has_a_rule_under_it() -> None:
    headers = [is_header(TABLE, *span) for span in SHOWN.sentences]
    assert headers == [False, True, False, False, False, False, False]


@pytest.mark.parametrize("mark", ["- ", "• ", "1. ", "(2) ", "③ ", "ㅇ ", "| ", "  * "])
def test_marks_begin_items(mark: str) -> None:
    assert is_item(f"{mark}Dogs", len(mark))
    assert not is_item("Dogs - cats", 7)


@pytest.mark.parametrize("tail", ["-" * 50_000 + "x", "|" * 50_000, "- " * 50_000, ":-|" * 20_000 + "x"])
def test_time_is_linear_on_hostile_rules(tail: str) -> None:
    begun = time.perf_counter()
    is_header(f"| a |\n{tail}", 2, 5)
    assert time.perf_counter() - begun < 1
