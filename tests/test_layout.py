"""Lines put together into paragraphs, items, rows and headings."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.layout import Form, units, width


def shapes(text: str) -> list[tuple[str, Form]]:
    return [(text[unit.start : unit.end], unit.form) for unit in units(text)]


PLAIN, HEADING, ITEM, NUMBERED, ROW = Form.PLAIN, Form.HEADING, Form.ITEM, Form.NUMBERED, Form.ROW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Heading #", [("Heading", HEADING)]),
        ("Heading\n=======", [("Heading", HEADING)]),
        ("Heading\n-------", [("Heading", HEADING)]),
        ("- one\n* two\n• three\n", [("one", ITEM), ("two", ITEM), ("three", ITEM)]),
        ("○ 사업 개요\n※ 참고", [("사업 개요", ITEM), ("참고", ITEM)]),
        ("1. one\n2) two\n(3) three", [("1. one", NUMBERED), ("2) two", NUMBERED), ("(3) three", NUMBERED)]),
        ("가. 하나\n나. 둘", [("가. 하나", NUMBERED), ("나. 둘", NUMBERED)]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", [("a | b", ROW), ("1 | 2", ROW)]),
        ("a\tb\nc\td", [("a\tb", ROW), ("c\td", ROW)]),
        ("> quoted\n> 90% of all", [("quoted", PLAIN), ("> 90% of all", PLAIN)]),
        ("+ 5 points\n+ item", [("+ 5 points", PLAIN), ("item", ITEM)]),
        ("- [x] done\n- [ ] open", [("done", ITEM), ("open", ITEM)]),
        ("one\n\n---\n\ntwo\n***\n", [("one", PLAIN), ("two", PLAIN)]),
        ("2.5 million people\n", [("2.5 million people", PLAIN)]),
        ("", []),
        (" \n\t\n", []),
        ("***\n---\n• \n|||\n", []),
    ],
)  # fmt: skip
def test_markup_is_no_part_of_a_unit(text: str, expected: list[tuple[str, Form]]) -> None:
    assert shapes(text) == expected
    assert shapes(text.replace("\n", "\r\n")) == expected


def test_lines_wrapped_at_a_column_are_one_paragraph() -> None:
    text = """The Port of Orrin opens its rebuilt east quay on the third of May
after four years of work, which the city and the harbour authority
paid for together with a loan.

Boats moor free of charge until the end of the year, and the harbour
master expects more of them than before."""
    first, second = shapes(text)
    assert first[0].startswith("The Port") and first[0].endswith("a loan.")  # noqa: PT018
    assert second[0].endswith("than before.")


def test_lines_of_a_list_without_marks_are_units_of_their_own() -> None:
    text = "Budget: 40 million\nDate: 3 May\nPlace: Orrin"
    assert [line for line, _ in shapes(text)] == text.split("\n")


def test_an_item_goes_on_where_it_is_indented() -> None:
    text = "- fourteen berths, three of\n  which have shore power\n- five cranes"
    assert [line.split() for line, _ in shapes(text)] == [
        ["fourteen", "berths,", "three", "of", "which", "have", "shore", "power"],
        ["five", "cranes"],
    ]


def test_a_paragraph_a_line_stays_apart() -> None:
    text = "The quay opens in May.\nIt cost 40 million crowns.\nBoats moor free."
    assert len(shapes(text)) == 3


def test_width_counts_columns() -> None:
    assert width("quay") == 4
    assert width("부두") == 4
    assert width("부두 1") == 6


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(max_size=300)
    | st.lists(st.sampled_from(["# a", "- b", "===", "|c|d|", "1. e", "", "f,", "G.", "  h", "> i"])).map(
        "\n".join
    )
)
def test_units_are_disjoint_and_between_them_is_only_markup(text: str) -> None:
    found = units(text)
    for before, after in pairwise(found):
        assert before.end <= after.start
        assert before.block <= after.block
    for unit in found:
        piece = text[unit.start : unit.end]
        assert piece == piece.strip()
        assert any(map(str.isalnum, piece))
