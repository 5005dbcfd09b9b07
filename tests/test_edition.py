"""A year that a question means tells this year's fair from last year's."""

from dataclasses import replace

import numpy as np
import pytest
from test_answerability import asked

from indexer.announcement import Announcement
from service.answering.disambiguation.edition import (
    Editions,
    editions,
    numbers_of,
    without_edition,
    without_year,
    year_of,
)
from service.answering.question import analyse
from service.answering.scoring import Inquiry

FAIRS = [
    Announcement(
        f"fair-{year}",
        f"{day} May {year}\n\nTickets for the fair are sold at the {place}. Dogs are welcome.",
        f"The fair is back: {place}",
        "en",
    )
    for year, day, place in ((2025, 12, "town hall"), (2026, 14, "harbour office"))
]
OLD, NEW = FAIRS
HALL = Announcement("hall", "3 June 2027\n\nThe bath is shut.", "The bath is shut", "en")


def inquiry(question: str) -> Inquiry:
    return asked(question)[0]


def meant(question: str, announcements: list[Announcement] | None = None) -> Editions:
    found = editions(inquiry(question), announcements or [*FAIRS, HALL])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("Are dogs allowed at the fair in 2025?", 2025),
        ("Are dogs allowed at the fair this year?", 2026),
        ("Were dogs allowed at the fair last year?", 2025),
        ("Will dogs be allowed at the fair next year?", 2027),
    ],
)
def test_a_year_is_counted_from_the_latest_announcement_about_the_same(question: str, year: int) -> None:
    assert meant(question).meant == year


def test_no_year_two_years_or_one_edition_tell_nothing_apart() -> None:
    assert editions(inquiry("Are dogs allowed at the fair?"), FAIRS) is None
    assert editions(inquiry("Are dogs allowed at the fair in 2025 or 2026?"), FAIRS) is None
    assert editions(inquiry("Are dogs allowed at the fair in 2025?"), [OLD, replace(OLD, id="other")]) is None


def test_what_tells_of_another_year_is_told_where_another_sentence_tells_of_the_one_meant() -> None:
    told = meant("Were dogs allowed at the fair last year?")
    sentences = ["Dogs are welcome.", "Dogs are welcome.", "Last year dogs were not allowed."]
    logits = np.array([1.0, 2.0, 0.5], np.float32)
    assert told.of_another([OLD, NEW, NEW], sentences, logits) == [False, True, False]
    far_behind = np.array([-9.0, 2.0, -9.0], np.float32)
    assert told.of_another([OLD, NEW, NEW], sentences, far_behind) == [False, False, False]


def test_a_sentence_is_of_its_announcements_year_unless_it_names_an_earlier_one() -> None:
    told = meant("Are dogs allowed at the fair this year?")
    assert told.is_own(NEW, "Dogs are welcome.")
    assert not told.is_another(NEW, "Dogs are welcome until 2027.")
    assert told.is_another(NEW, "In 2024 dogs were welcome.")
    assert told.is_another(OLD, "Dogs are welcome.")
    assert not told.is_another(replace(OLD, text=""), "In 2026 dogs are welcome.")


def test_the_year_in_a_title_goes_before_that_of_its_day() -> None:
    assert year_of(NEW) == 2026
    assert year_of(replace(NEW, title="The fair of 2027")) == 2027
    assert year_of(replace(NEW, title="From 2027 to 2028")) == 2026
    assert year_of(replace(NEW, title="The fair", text="Welcome.")) is None


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("Where can I buy tickets for the fair in 2026?", "Where can I buy tickets for the fair?"),
        ("Are dogs allowed at the 2026 fair?", "Are dogs allowed at the fair?"),
        ("When was last year's fair?", "When was the fair?"),
        ("how many came to the fair last year", "how many came to the fair"),
        ("fair 2026 tickets", "fair tickets"),
        ("2026년 행사는 어디서 해요?", "행사는 어디서 해요?"),
        ("작년 축제는 언제였어요?", "축제는 언제였어요?"),
        ("축제 요금 작년이랑 올해", "축제 요금"),
        ("Were there 12,026 visitors?", "Were there 12,026 visitors?"),
    ],
)
def test_a_question_is_left_without_its_year(question: str, left: str) -> None:
    assert without_year(question) == left


NUMBERED = [replace(fair, title=f"The {number}th harbour fair") for fair, number in ((OLD, 11), (NEW, 12))]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("The 12th fair follows the 11th.", {11, 12}),
        ("제8회 등불축제와 7회 축제", {7, 8}),
        ("It was held 12 times, for 1,200 people.", set()),
        ("10.5회", set()),
    ],
)
def test_the_numbers_of_editions_are_told_from_other_figures(text: str, numbers: set[int]) -> None:
    assert numbers_of(text) == numbers


def test_the_number_of_an_edition_means_the_year_that_it_is_of() -> None:
    told = meant("Are dogs allowed at the 11th fair?", NUMBERED)
    assert told.meant == 2025
    assert told.is_own(NUMBERED[0], "Dogs are welcome.")
    assert told.is_another(NUMBERED[1], "Dogs are welcome.")
    assert editions(inquiry("Are dogs allowed at the 10th fair?"), NUMBERED) is None
    assert editions(inquiry("Are dogs allowed at the 11th or the 12th fair?"), NUMBERED) is None


def test_a_question_is_left_without_the_number_of_the_edition_that_answers_alone() -> None:
    question = "Where can I buy tickets for the 12th fair by 14 May?"
    assert (
        without_year(question, "The 12th harbour fair") == "Where can I buy tickets for the fair by 14 May?"
    )
    assert without_year(question, "The 11th harbour fair") == question
    kept = without_edition(analyse(question, "en"), "The 12th harbour fair").quantities
    assert [each.text for each in kept] == ["14 May"]
