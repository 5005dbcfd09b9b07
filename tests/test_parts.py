"""Questions that ask for two things become two questions; others stay one."""

import time

import pytest

from service.answering.parts import parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "how big is the budget and where does the money come from?",
            ("how big is the budget", "where does the money come from?"),
        ),
        (
            "which workshops are there and what do they cost",
            ("which workshops are there", "what do the workshops cost"),
        ),
        ("when and where is the parade?", ("when is the parade?", "where is the parade?")),
        ("When does it open and what does it cost?", ("When does it open", "what does it cost?")),
        ("how much does it cost and who pays", ("how much does it cost", "who pays")),
        (
            "Is parking free on Sunday and what about saturday?",
            ("Is parking free on Sunday", "Is parking free on saturday?"),
        ),
        ("공장 언제 완공되고 몇 명 뽑아요", ("공장 언제 완공되나요?", "공장 몇 명 뽑아요")),
        (
            "체험 프로그램 뭐뭐 있고 얼마예요?",
            ("체험 프로그램 뭐뭐 있나요?", "체험 프로그램 얼마예요?"),
        ),
        (
            "어디서 신청해요? 대신 신청해도 되나요?",
            ("어디서 신청해요?", "대신 신청해도 되나요?"),
        ),
    ],
)
def test_two_things_are_asked_for(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "What did the minister say about rents and prices?",
        "How many people and companies are affected?",
        "Who presented the budget and when?",
        "How high was the rate at its peak, and when was that?",
        "Why were schools and shops shut?",
        "사과와 배는 얼마인가요?",
        "",
    ],
)
def test_one_thing_is_asked_for(question: str) -> None:
    assert parts_of(question) == ()


@pytest.mark.parametrize(
    "text", ["what and what " * 4_000, "who and when " * 4_000, "뭐 있고 " * 8_000, "is a? " * 8_000]
)
def test_hostile_questions_take_no_time(text: str) -> None:
    begun = time.perf_counter()
    parts_of(text)
    assert time.perf_counter() - begun < 1
