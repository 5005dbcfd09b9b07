"""The judging model: its votes, its agreement with itself, and its failures, which are never scores."""

from pathlib import Path

import pytest
from langchain_core.language_models import FakeListChatModel

from eval.errors import JudgeFailed
from eval.judge import Judge, Judgement, agreement, expected, open_judge
from eval.runner import run_cases
from eval.summary import scored, summarise
from tests.fake_target import FakeTarget, answerable, cases, perfect, unanswerable


def judge(*said: str, times: int = 3) -> Judge:
    return Judge(FakeListChatModel(responses=list(said)), "fake", times)


def test_votes_make_a_score() -> None:
    found = judge("YES", "no.", " Yes ").judge(answerable(1), perfect(answerable(1)))
    assert found == Judgement((True, False, True))
    assert found.score == pytest.approx(2 / 3)


@pytest.mark.parametrize("said", ["", "maybe", "YES and NO", "9/10", "yes\nno"])
def test_what_is_no_verdict_is_an_error_and_no_score(said: str) -> None:
    found = judge("YES", said).judge(answerable(1), perfect(answerable(1)))
    assert found.score is None
    assert found.error is not None
    assert "neither YES nor NO" in found.error


def test_a_model_that_fails_is_an_error_and_no_score() -> None:
    found = judge().judge(answerable(1), perfect(answerable(1)))
    assert found.votes == ()
    assert found.error is not None


def test_a_failing_judge_fails_its_run_and_every_gate(tmp_path: Path) -> None:
    run = run_cases(cases(2), FakeTarget(perfect), tmp_path, judge=judge("YES", "YES", "YES", "what?"))
    summary = summarise(run, scored(run))
    assert summary.judge_failures > 0
    found = summary.value("judge")
    assert found is not None
    assert found.count == 4 - summary.judge_failures
    assert any(entry.failed for entry in run.entries)


def test_agreement_by_hand() -> None:
    votes = [(True, True, True), (True, True, False), (False, False, False), (False, True, False)]
    found = agreement([Judgement(v) for v in votes])
    assert found is not None
    assert found.observed == pytest.approx((1 + 1 / 3 + 1 + 1 / 3) / 4)
    # 6 of 12 votes are yes: chance agreement is a half.
    assert found.kappa == pytest.approx((2 / 3 - 1 / 2) / (1 / 2))
    assert found.cases == 4


def test_agreement_of_votes_that_are_all_alike_has_no_kappa() -> None:
    found = agreement([Judgement((True, True))])
    assert found is not None
    assert (found.observed, found.kappa) == (1.0, None)
    assert agreement([Judgement((True,)), Judgement(error="broken")]) is None


def test_what_is_expected_is_told_in_words() -> None:
    assert expected(answerable(1)) == "one of: “4 crowns”; an answer such as: Entry costs 4 crowns."
    assert expected(unanswerable(1)) == "a refusal"


def test_a_judge_is_named_by_langchain() -> None:
    with pytest.raises(JudgeFailed, match="nobody:nothing"):
        open_judge("nobody:nothing", 3)
    with pytest.raises(ValueError, match="at least once"):
        judge("YES", times=0)
