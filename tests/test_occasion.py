"""Sentences that tell of another time than the question means."""

import pytest

from service.answering.occasion import of_another_time
from service.answering.question import analyse

BEFORE, NOW = "Until now an hour has cost 2.50 euros.", "From May an hour costs 3.80 euros."


@pytest.mark.parametrize(
    ("asked", "outdated"),
    [
        ("How much is an hour?", True),
        ("how much is parking in the old town", True),
        ("How much was an hour before?", False),
        ("What did an hour cost?", False),
        ("what was the old price", False),
    ],
)
def test_what_was_so_until_now_is_of_another_time(asked: str, *, outdated: bool) -> None:
    assert of_another_time(analyse(asked), [BEFORE, NOW]) == [outdated, False]


def test_what_was_so_until_now_is_known_in_korean() -> None:
    told = ["지금까지는 30분 요금이 1,300원이었다.", "30분 요금은 1,800원이다."]
    assert of_another_time(analyse("30분 얼마예요?", "ko"), told) == [True, False]
    assert of_another_time(analyse("30분 요금이 원래 얼마였나요?", "ko"), told) == [False, False]


def test_other_days_stand_back_where_the_day_is_told() -> None:
    told = ["8 October | Parade", "9 October | Concert", "The festival costs nothing."]
    assert of_another_time(analyse("What is on on 9 October?"), told) == [True, False, False]
    assert of_another_time(analyse("What is on on 7 October?"), told) == [False, False, False]
    assert of_another_time(analyse("What is on?"), told) == [False, False, False]
    rows = ["10월 8일(목) | 개막식", "10월 9일(금) | 그림 대회"]
    assert of_another_time(analyse("10월 9일 행사", "ko"), rows) == [True, False]
