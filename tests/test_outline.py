"""Which lines of a text are body, headings or page chrome."""

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.announcement import Kind
from indexer.layout import units
from indexer.outline import kinds

BODY, HEADING, CHROME = Kind.BODY, Kind.HEADING, Kind.CHROME


def outline(text: str) -> list[tuple[str, Kind]]:
    found = units(text)
    return [(text[unit.start : unit.end], kind) for unit, kind in zip(found, kinds(text, found), strict=True)]


def of(kind: Kind, text: str) -> list[str]:
    return [line for line, each in outline(text) if each is kind]


PAGE = """Skip to main content

Home
News
Contact

The quay opens in May

Text Size

The Port of Orrin opens its east quay on 3 May 2027. It cost 40 million crowns.

Costs and dates

Boats moor free of charge until the end of 2028.

Related articles

Ferry timetable for the winter
New cranes arrive at the harbour

© 2027 The Daily. All rights reserved.

Privacy policy
Top
"""


def test_a_saved_page() -> None:
    assert of(BODY, PAGE) == [
        "The Port of Orrin opens its east quay on 3 May 2027. It cost 40 million crowns.",
        "Boats moor free of charge until the end of 2028.",
    ]
    assert of(HEADING, PAGE) == ["The quay opens in May", "Costs and dates"]
    assert len(of(CHROME, PAGE)) == 11


def test_a_control_between_paragraphs_may_be_a_heading() -> None:
    text = "The quay opens in May this year.\n\nTop\n\nThe roof is of slate and copper."
    assert outline(text)[1] == ("Top", HEADING)


def test_a_line_with_a_figure_among_buttons_is_kept() -> None:
    text = "Print\nShare\nPublished 23 April 2027\nHome\nNews\n\nThe quay opens in May this year."
    assert "Published 23 April 2027" not in of(CHROME, text)


def test_marked_headings_and_lists() -> None:
    text = "# Quay\n\nIt opens in May this year.\n\n## Berths\n\n- fourteen berths\n- five cranes\n\n1. Apply\n2. Wait\n"
    assert outline(text) == [
        ("Quay", HEADING),
        ("It opens in May this year.", BODY),
        ("Berths", HEADING),
        ("fourteen berths", BODY),
        ("five cranes", BODY),
        ("1. Apply", BODY),
        ("2. Wait", BODY),
    ]


def test_a_field_is_body_and_a_caption_is_a_heading() -> None:
    text = "The quay opens in May this year.\n\nTelephone: 02 123 4567\n\n[Photo: Port of Orrin]\n\nIt cost a lot of money."
    assert outline(text)[1:3] == [("Telephone: 02 123 4567", BODY), ("[Photo: Port of Orrin]", HEADING)]


def test_korean() -> None:
    text = "본문 바로가기\n\n동쪽 부두 5월 개장\n\n오린항은 5월 3일 동쪽 부두의 문을 연다고 밝혔다.\n\n홍길동 기자\n\n무단 전재 및 재배포 금지\n"
    assert outline(text) == [
        ("본문 바로가기", CHROME),
        ("동쪽 부두 5월 개장", HEADING),
        ("오린항은 5월 3일 동쪽 부두의 문을 연다고 밝혔다.", BODY),
        ("홍길동 기자", CHROME),
        ("무단 전재 및 재배포 금지", CHROME),
    ]


def test_a_question_over_its_answer_is_a_heading() -> None:
    text = "Why is the quay rebuilt?\n\nThe old one was too short for new ships.\n\nWhat does it cost?\n\nIt costs 40 million crowns."
    assert of(HEADING, text) == ["Why is the quay rebuilt?", "What does it cost?"]


def test_a_text_of_chrome_alone_is_kept_as_body() -> None:
    assert of(BODY, "Home\nNews\nContact\n")
    assert of(BODY, "© 2027 The Daily. All rights reserved.")


LINES = st.sampled_from(
    [*PAGE.split("\n"), "- item", "# H", "1. n", "| a | b |", "Top", "한국어 제목", "끝났다."]
) | st.text(max_size=40)


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(LINES, max_size=30))
def test_any_text_that_has_units_has_body(lines: list[str]) -> None:
    found = outline("\n".join(lines))
    assert not found or BODY in {kind for _, kind in found}
