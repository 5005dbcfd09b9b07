"""Of announcements that are much alike the one is answered from that the question's names mean."""

from pathlib import Path

import numpy as np
import pytest
from test_answerability import asked
from test_edition import FAIRS

from eval.benchmarks.speed_corpus import announcement, write_source
from indexer.announcement import Announcement
from indexer.builder import build
from service.answer import Answer
from service.answering.disambiguation.scope import narrowed, shortfalls, superseded
from service.answering.question import analyse
from service.settings import EMBEDDED, Settings
from service.wiring import open_assistant

MELBY = Announcement("melby", "A sports arena is built in Melby.", "Sports arena for Melby", "en")
NORHAM = Announcement("norham", "A sports arena is built in Norham.", "Sports arena for Norham", "en")
ALIKE = 40
QUESTION = "How much will the sports arena in Melby cost?"


def test_who_lacks_the_names_of_the_question_stands_back() -> None:
    inquiry, _, _ = asked(QUESTION)
    assert shortfalls(inquiry, [NORHAM, MELBY, NORHAM]) == [1.0, 0.0, 1.0]


def test_where_nobody_has_a_name_or_all_have_it_nobody_stands_back() -> None:
    inquiry, _, _ = asked("How much will the sports arena in Tollby cost?")
    assert shortfalls(inquiry, [NORHAM, MELBY]) == [0.0, 0.0]
    inquiry, _, _ = asked(QUESTION)
    assert shortfalls(inquiry, [MELBY, MELBY]) == [0.0, 0.0]
    inquiry, _, _ = asked("how much does it cost?")
    assert shortfalls(inquiry, [NORHAM, MELBY]) == [0.0, 0.0]
    assert shortfalls(inquiry, []) == []


def test_a_rare_name_counts_more_than_a_frequent_one() -> None:
    inquiry, _, _ = asked("What does Melby get from the Treasury?")
    inquiry.rarity.update({"melbi": 5.0, "treasuri": 1.0})  # type: ignore[attr-defined]
    treasury = Announcement("treasury", "The Treasury pays.", "Treasury", "en")
    both = shortfalls(inquiry, [MELBY, treasury])
    assert np.allclose(both, [0.0, 4 / 6])


def test_a_title_in_brackets_leaves_no_other_announcement() -> None:
    inquiry, _, _ = asked("What does it cost (Sports arena for Norham)?")
    assert shortfalls(inquiry, [MELBY, NORHAM]) == [float("inf"), 0.0]
    hall = Announcement("hall", "A hall is built in Norham.", "Hall (new) for Norham", "en")
    inquiry, _, _ = asked("What does it (the hall) cost (Hall (new) for Norham)?")
    assert shortfalls(inquiry, [MELBY, hall]) == [float("inf"), 0.0]
    inquiry, _, _ = asked("What does it cost (including tax)?")
    assert shortfalls(inquiry, [MELBY, NORHAM]) == [0.0, 0.0]


@pytest.mark.parametrize(
    ("question", "left"),
    [
        (QUESTION, "How much will it cost?"),
        ("Who runs an arena in Melby?", "Who runs it?"),
        ("Who rents the flats in Melby?", "Who rents the flats?"),
        ("When does the arena open in Melby?", "When does the arena open?"),
        ("Is there parking at the Melby Arena?", "Is there parking at the Melby Arena?"),
        ("How much does Melby pay?", "How much does Melby pay?"),
        ("How much does the arena in Norham cost?", "How much does the arena in Norham cost?"),
        ("How large is the arena in Melby 2?", "How large is the arena in Melby 2?"),
        ("What happened in May?", "What happened in May?"),
        ("How large is it (Sports arena for Melby)?", "How large is it"),
        ("How large is it (Sports arena for Norham)?", "How large is it (Sports arena for Norham)?"),
    ],
)
def test_the_place_that_a_title_names_is_not_asked_for_again(question: str, left: str) -> None:
    assert narrowed(analyse(question), MELBY, [MELBY, NORHAM]) == left


def test_a_lone_announcement_is_asked_all_of_the_question() -> None:
    assert narrowed(analyse(QUESTION), MELBY, [MELBY]) == QUESTION


def test_of_announcements_worded_alike_the_one_that_is_meant_answers(
    index_folder: Path, tmp_path: Path
) -> None:
    source = tmp_path / "announcements.jsonl"
    write_source(source, 0, ALIKE)
    build([source], index_folder)
    right, others = 0, 0
    with open_assistant(Settings(index=index_folder, store=f"{EMBEDDED}{tmp_path}/store.db")) as (
        assistant,
        _,
    ):
        for number in range(ALIKE):
            meant = announcement(number)
            reply = assistant.ask(meant.question).reply
            if isinstance(reply, Answer):
                sources = {citation.quote.source_id for citation in reply.citations}
                right += sources == {meant.id}
                others += sources != {meant.id}
    assert others == 0
    assert right >= ALIKE / 2


def test_who_lacks_the_year_of_the_question_stands_back() -> None:
    inquiry, _, _ = asked("Where can I buy tickets for the fair in 2026?")
    assert shortfalls(inquiry, FAIRS) == [1.0, 0.0]


def test_what_is_still_so_is_told_by_the_later_announcement() -> None:
    notice = Announcement(
        "notice", "8 June 2026. Residents of Marram must boil their water.", "Boil water", "en"
    )
    lifted = Announcement("lifted", "15 June 2026. The boil-water notice for Marram is lifted.", "Safe", "en")
    other = Announcement("other", "20 June 2026. The hall is open.", "Hall", "en")
    announcements = [notice, lifted, other]
    assert superseded(analyse("Do I still have to boil my water in Marram?"), announcements) == [
        True,
        False,
        False,
    ]
    assert superseded(analyse("Do I have to boil my water in Marram?"), announcements) == [False] * 3
    assert superseded(analyse("Is the hall still open?"), announcements) == [True, True, False]
    assert superseded(analyse("Is it still open?"), announcements) == [False] * 3
    assert superseded(analyse("Is the market still open?"), announcements) == [False] * 3
