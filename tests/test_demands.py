"""What a question demands beyond its words."""

import pytest

from service.answering.demands import unmet
from service.answering.question import analyse


def lacking(question: str, sentence: str, everything: str = "", language: str = "en") -> dict[str, float]:
    return unmet(analyse(question, language), sentence, sentence, everything or sentence)


@pytest.mark.parametrize(
    ("demand", "question", "unanswered", "answered"),
    [
        (
            "reason lacking",
            "Why is the quay closed?",
            "The quay is closed.",
            "The quay is closed because of the storm.",
        ),
        (
            "outcome lacking",
            "Which site was chosen?",
            "The site will be chosen in July.",
            "The site was chosen in July: Aldmoor.",
        ),
        (
            "topic lacking",
            "What did the mayor say about parking?",
            "The mayor said trams matter.",
            "The mayor said parking costs too little.",
        ),
        (
            "comparison lacking",
            "Are fares higher than in Norwold?",
            "Fares are higher.",
            "Fares are higher than Norwold's.",
        ),
        (
            "contrary",
            "Which line grew the slowest?",
            "Line 4 grew the fastest.",
            "Line 4 grew the slowest.",
        ),
        (
            "focus lacking",
            "What is the barcode of the fillets?",
            "The fillets weigh 200 g.",
            "The fillets have the barcode 55.",
        ),
    ],
)
def test_a_demand_that_is_not_met_is_seen(demand: str, question: str, unanswered: str, answered: str) -> None:
    assert lacking(question, unanswered)[demand] > lacking(question, answered)[demand]


def test_a_korean_noun_that_occurs_nowhere_is_seen_whatever_its_particle() -> None:
    text = "청람도에서 환자 163명이 신고되었습니다."
    assert lacking("북울도에서는 환자가 몇 명인가요?", text, language="ko")["noun nowhere"] == 1
    assert lacking("청람도는 환자가 몇 명인가요?", text, language="ko")["noun nowhere"] == 0


def test_a_question_that_demands_nothing_lacks_nothing() -> None:
    assert set(lacking("Is it?", "It is.").values()) == {0.0}
