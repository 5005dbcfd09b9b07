"""A follow-up that turns to what belongs together asks the question before it of that."""

import pytest
from test_relation import CITY

from service.answering.counterpart import counterpart, leans
from service.answering.disambiguation.relation import names_of
from service.answering.follow_up.exchange import Exchange
from service.answering.found import Found
from service.answering.question import analyse
from service.answering.scoring import rank

WARM, SNUG = (each for each in CITY if each.id in {"warm", "snug"})
BEFORE = Exchange("Does warm walls pay for new windows?", sources=("warm",))


def found() -> Found:
    """Nothing but the announcements among which it was looked for."""
    from test_answerability import asked

    from service.wiring import load_weights

    inquiry = asked(BEFORE.question)[0]
    return Found(inquiry, (), (), (), rank(inquiry, (), (), load_weights().scoring), tuple(CITY))


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("and snug lets?", "Does it pay for new windows (Snug Lets: a grant for landlords who insulate)?"),
        ("and the other one?", "Does it pay for new windows (Snug Lets: a grant for landlords who insulate)?"),
        ("what about the one for landlords?", "Does it pay for new windows (Snug Lets: a grant for landlords who insulate)?"),
        ("and compared to the other grant?", "Does warm walls pay for new windows, Warm Walls homeowners versus Snug Lets landlords?"),
    ],
)  # fmt: skip
def test_the_question_before_is_asked_of_the_other(message: str, meant: str) -> None:
    assert counterpart(analyse(message), BEFORE, found()) == meant


@pytest.mark.parametrize(
    "message",
    [
        "and heat pumps?",
        "and warm walls?",
        "and does snug lets pay for loft insulation?",
        "snug lets",
        "and in Marram?",
        "",
    ],
)
def test_another_message_turns_to_nothing(message: str) -> None:
    assert counterpart(analyse(message), BEFORE, found()) is None


def test_what_was_answered_from_nothing_or_from_several_has_no_counterpart() -> None:
    message = analyse("and the other one?")
    assert counterpart(message, Exchange(BEFORE.question), found()) is None
    assert counterpart(message, Exchange(BEFORE.question, sources=("warm", "snug")), found()) is None
    assert counterpart(message, Exchange(BEFORE.question, sources=("gone",)), found()) is None
    assert counterpart(message, Exchange(BEFORE.question, sources=("rules",)), found()) is None


def test_a_korean_message_leans_on_what_was_before() -> None:
    assert all(
        map(
            leans,
            ["면접수당은?", "그럼 창업 지원은요?", "다른 지원금은?", "and snug lets?", "the other card?"],
        )
    )
    assert not any(map(leans, ["면접수당 얼마예요", "does snug lets pay for windows", ""]))


def test_a_name_is_what_one_title_has_and_the_other_announcement_has_not_at_its_beginning() -> None:
    question = analyse("Which grant is bigger, warm walls or snug lets?")
    assert names_of(question, WARM, SNUG) == {"warm", "walls"}
    assert names_of(question, SNUG, WARM) == {"snug", "lets"}
    assert names_of(analyse("Is it 2026?"), WARM, SNUG) == frozenset()
