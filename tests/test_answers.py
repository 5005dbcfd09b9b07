"""Which sentences a question gets, asked of the whole service without a language model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.builder import build
from service.answer import Answer, Reason, Refusal
from service.answering.assistant import Assistant
from service.settings import EMBEDDED, Settings
from service.wiring import open_assistant

ONLY_COUNTS = "a sentence that only counts is read not to say which, with the list below it, too"
HARBOUR = """# Harbour works begin on 4 May

The works at Tallow harbour begin on Monday, 4 May 2026, and take two years. The city is renewing three quays with \
immediate effect. The ferries go on sailing meanwhile.

## What is done where

- North Quay: 4 million crowns for new cranes
- South Quay: 7 million crowns for a ferry landing
- Grain Quay: 2 million crowns for fresh paving

## Reactions

"Ask the harbour master where your boat can lie," says a leaflet. Harbour Master Ines Falk said that yachts would be \
moved to Weller. "There is room for forty," she added. Mayor Tom Arden said that the repairs of the last ten years had \
cost more.

## Customs

The customs house gets solar panels. The customs house keeps its opening hours. Two roads meet in front of it.
"""


@pytest.fixture
def assistant(index_folder: Path, tmp_path: Path) -> Iterator[Assistant]:
    source = tmp_path / "harbour.md"
    source.write_text(HARBOUR, "utf-8")
    build([source], index_folder)
    with open_assistant(Settings(index=index_folder, store=f"{EMBEDDED}{tmp_path}/store.db")) as (opened, _):
        yield opened


def answered(assistant: Assistant, question: str) -> str:
    reply = assistant.ask(question).reply
    assert isinstance(reply, Answer), reply
    return reply.text


@pytest.mark.parametrize(
    "question",
    [
        "What does the announcement say about the customs house?",
        "What is said about the customs house?",
        "Tell me about the customs house.",
        "Does it mention a customs house?",
        "Is the customs house mentioned?",
        "Is there anything about the customs house?",
    ],
)
def test_all_that_is_said_about_a_thing(assistant: Assistant, question: str) -> None:
    said = "The customs house gets solar panels. The customs house keeps its opening hours."
    assert answered(assistant, question) == said


@pytest.mark.parametrize("question", ["Is the lighthouse mentioned?", "What is said about the lighthouse?"])
def test_of_what_is_not_mentioned_nothing_is_said(assistant: Assistant, question: str) -> None:
    reply = assistant.ask(question).reply
    assert isinstance(reply, Refusal)
    assert reply.reason in {Reason.NOT_IN_ANNOUNCEMENTS, Reason.OUT_OF_SCOPE}


@pytest.mark.xfail(strict=True, reason=ONLY_COUNTS)
def test_what_is_only_counted_is_named_by_the_list_that_follows(assistant: Assistant) -> None:
    lines = answered(assistant, "Which quays are being renewed?").split("\n")
    assert lines[0] == "The city is renewing three quays with immediate effect."
    assert [line.partition(":")[0] for line in lines[1:]] == ["North Quay", "South Quay", "Grain Quay"]


@pytest.mark.parametrize(
    "question",
    [
        "How many instruments are working?",
        pytest.param(
            "Which instruments are working?", marks=pytest.mark.xfail(strict=True, reason=ONLY_COUNTS)
        ),
    ],
)
def test_a_list_of_something_else_is_left_out(index_folder: Path, tmp_path: Path, question: str) -> None:
    source = tmp_path / "probe.md"
    source.write_text(
        "# Mission update\n\nAll three instruments are working. The camera is warm.\n\n## Next\n\n"
        "- May: the lander descends\n- June: departure\n- July: return to Earth\n",
        "utf-8",
    )
    build([source], index_folder)
    with open_assistant(Settings(index=index_folder, store=f"{EMBEDDED}{tmp_path}/store.db")) as (opened, _):
        assert answered(opened, question) == "All three instruments are working."


def test_of_a_list_asked_about_by_what_introduces_it_all_is_told(index_folder: Path, tmp_path: Path) -> None:
    items = ["Bookbinding, with Nell Corry, £10", "Drum making, with Jabu Stokes, £14"]
    source = tmp_path / "festival.md"
    source.write_text(
        "# Three days of music\n\n"
        + "The festival opens on Friday with a parade that starts at the lighthouse. " * 6
        + "\n\nWorkshops are offered on Saturday:\n\n- "
        + "\n- ".join(items),
        "utf-8",
    )
    build([source], index_folder)
    with open_assistant(Settings(index=index_folder, store=f"{EMBEDDED}{tmp_path}/store.db")) as (opened, _):
        assert answered(opened, "How much are the workshops?").split("\n")[-2:] == items
        assert answered(opened, "How much is the drum making workshop?").split("\n")[-1:] == items[1:]


def test_a_notice_that_was_lifted_is_no_more_in_force(index_folder: Path, tmp_path: Path) -> None:
    for name, text in {
        "notice": "# Boil water before drinking in Marram\n\nEllery, 8 June 2026. Residents of Marram must boil"
        " tap water before drinking it until further notice.",
        "lifted": "# Tap water in Marram is safe again\n\nEllery, 15 June 2026. The council has lifted the"
        " boil-water notice for Marram with immediate effect.",
    }.items():
        (tmp_path / f"{name}.md").write_text(text, "utf-8")
    build([tmp_path / "notice.md", tmp_path / "lifted.md"], index_folder)
    with open_assistant(Settings(index=index_folder, store=f"{EMBEDDED}{tmp_path}/store.db")) as (opened, _):
        said = answered(opened, "Do I still have to boil the water in Marram?")
    assert said == "The council has lifted the boil-water notice for Marram with immediate effect."


@pytest.mark.parametrize(
    "question",
    [
        "What do North Quay and Grain Quay get?",
        "How much do North Quay and Grain Quay get?",
    ],
)
def test_each_of_several_that_are_named_together_is_told_of(assistant: Assistant, question: str) -> None:
    assert answered(assistant, question).split("\n") == [
        "North Quay: 4 million crowns for new cranes",
        "Grain Quay: 2 million crowns for fresh paving",
    ]


def test_a_headline_is_no_answer_where_the_body_says_it(assistant: Assistant) -> None:
    reply = assistant.ask("When do the harbour works begin?").reply
    assert isinstance(reply, Answer)
    assert reply.text == "The works at Tallow harbour begin on Monday, 4 May 2026, and take two years."
    quote = reply.citations[0].quote
    assert "4 May 2026" in quote.text[quote.highlight_start : quote.highlight_end]


@pytest.mark.parametrize(
    ("who", "words"),
    [("the harbour master", "yachts would be moved"), ("Mayor Arden", "had cost more"), ("Falk", "yachts")],
)
def test_who_is_asked_for_is_heard(assistant: Assistant, who: str, words: str) -> None:
    assert words in answered(assistant, f"What did {who} say?")


def test_another_year_than_the_one_told_of_is_named_as_missing(index_folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "tulips.md"
    source.write_text(
        "# Tulips\n\nThe city will plant 20,000 tulips next year. Their bulbs come from Weller.", "utf-8"
    )
    build([source], index_folder)
    with open_assistant(Settings(index=index_folder, store=f"{EMBEDDED}{tmp_path}/store.db")) as (opened, _):
        assert isinstance(opened.ask("How many tulips will the city plant next year?").reply, Answer)
        reply = opened.ask("How many tulips did the city plant last year?").reply
    assert isinstance(reply, Refusal)
    assert "last year" in reply.text


FARES = """# New fares at Coastlink from 6 April

Coastlink raises its fares on Sunday, 6 April 2025. Fuel and wages cost nine per cent more than a year ago.

The new fares are:

| Ticket | Until now | From 6 April |
| --- | --- | --- |
| Train single, adult | £8.20 | £8.60 |
| Train day return, adult | £13.50 | £14.00 |
| Ferry single, foot passenger | £6.40 | £6.70 |
| Monthly pass, train and ferry | £196.00 | £199.00 |

Bins on the platforms are emptied as follows.

- General waste (grey bin): every three weeks
- Recycling (blue bin): every two weeks
- Garden waste (green bin): every ten days

Dogs travel free but must be kept on a lead.
"""
HEADER = "Ticket | Until now | From 6 April"


@pytest.fixture
def coastlink(index_folder: Path, tmp_path: Path) -> Iterator[Assistant]:
    source = tmp_path / "fares.md"
    source.write_text(FARES, "utf-8")
    build([source], index_folder)
    with open_assistant(Settings(index=index_folder, store=f"{EMBEDDED}{tmp_path}/store.db")) as (opened, _):
        yield opened


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("How much is the train single?", "Train single, adult | £8.20 | £8.60"),
        ("how much is a day return on the train", "Train day return, adult | £13.50 | £14.00"),
        ("How much is the ferry single?", "Ferry single, foot passenger | £6.40 | £6.70"),
        ("What does the monthly pass cost?", "Monthly pass, train and ferry | £196.00 | £199.00"),
    ],
)
def test_a_line_of_a_table_answers_under_its_columns_names(
    coastlink: Assistant, question: str, row: str
) -> None:
    assert answered(coastlink, question) == f"{HEADER}\n{row}"


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("How often will the grey bin be emptied?", "General waste (grey bin): every three weeks"),
        ("How often is the blue bin emptied?", "Recycling (blue bin): every two weeks"),
        ("How often is garden waste collected?", "Garden waste (green bin): every ten days"),
    ],
)
def test_an_item_answers_and_not_the_one_beside_it(coastlink: Assistant, question: str, row: str) -> None:
    assert answered(coastlink, question) == row


def test_what_announces_a_table_is_followed_by_all_of_it(coastlink: Assistant) -> None:
    lines = answered(coastlink, "What are the new fares?").splitlines()
    assert lines[-5:] == [
        line.strip("| ") for line in FARES.splitlines() if "£" in line or "Ticket |" in line
    ]


def test_what_is_marked_in_a_row_is_one_cell(coastlink: Assistant) -> None:
    reply = coastlink.ask("What will the monthly pass cost from 6 April?").reply
    assert isinstance(reply, Answer)
    quote = reply.citations[-1].quote
    assert quote.text[slice(quote.highlight_start, quote.highlight_end)] in {"£196.00", "£199.00"}


def test_one_of_the_rows_just_shown_is_meant_by_its_place(coastlink: Assistant) -> None:
    shown = coastlink.ask("What are the new fares?")
    turn = coastlink.ask("How much is the last one?", conversation_id=shown.conversation_id)
    assert turn.standalone_question == "How much is Monthly pass?"
    assert isinstance(turn.reply, Answer)
    assert turn.reply.text.startswith(f"{HEADER}\nMonthly pass")


def test_both_parts_of_a_question_are_answered(assistant: Assistant) -> None:
    told = answered(assistant, "When do the works begin and what does the customs house get?")
    assert "4 May 2026" in told
    assert "solar panels" in told
