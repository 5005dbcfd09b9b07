"""What every metric gives for replies that are perfect, useless, missing, or all refusals."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.case import Case, Day, Expectation, Figure, Pattern
from eval.metrics.calibration import area_under_risk_coverage, auroc, expected_calibration_error, reliability
from eval.metrics.catalogue import BY_NAME, METRICS
from eval.metrics.latency import percentile
from eval.metrics.refusal import conditioned, refusal_f1, refusal_precision, refusal_recall
from eval.metrics.retrieval import retrieval_scores
from eval.response import Failure, Response, Status
from eval.runner import run_cases
from eval.score import Score, score
from eval.summary import scored, summarise
from eval.verdict import Outcome, judge
from tests.fake_target import (
    SENTENCES,
    FakeTarget,
    answer,
    answerable,
    cases,
    perfect,
    refusal,
    refusing,
    unanswerable,
    useless,
    wrong,
)

CASES = cases(30)
NAN = math.nan
"""Stands for a metric that nothing bears on."""

# fmt: off
#                       perfect  useless  wrong   refusing  failing
KNOWN = {
    "pass_rate":          (1.0,   0.0,    0.0,    0.5,      0.0),
    "answer_accuracy":    (1.0,   0.0,    0.0,    0.0,      0.0),
    "selective_accuracy": (1.0,   0.0,    0.0,    NAN,      NAN),
    "conditioned_score":  (1.0,   0.0,    0.0,    0.5,      0.0),
    "refusal_precision":  (1.0,   0.0,    NAN,    0.5,      NAN),
    "refusal_recall":     (1.0,   0.0,    0.0,    1.0,      0.0),
    "refusal_f1":         (1.0,   0.0,    0.0,    2 / 3,    0.0),
    "citation_exactness": (1.0,   0.0,    0.0,    NAN,      NAN),
    "citation_recall":    (1.0,   0.0,    0.0,    NAN,      NAN),
    "citation_precision": (1.0,   0.0,    0.0,    NAN,      NAN),
    "faithfulness":       (1.0,   0.0,    0.0,    NAN,      NAN),
    "evidence_recall":    (1.0,   NAN,    0.0,    NAN,      NAN),
    "evidence_precision": (1.0,   NAN,    0.0,    NAN,      NAN),
    "auroc":              (1.0,   0.0,    0.5,    0.5,      NAN),
    "ece":                (0.01,  0.99,   0.99,   0.0,      NAN),
    "aurc":               (0.0,   1.0,    1.0,    NAN,      NAN),
    "R@1":                (1.0,   NAN,    0.0,    NAN,      NAN),
    "R@5":                (1.0,   NAN,    0.0,    NAN,      NAN),
    "RR":                 (1.0,   NAN,    0.0,    NAN,      NAN),
    "nDCG@10":            (1.0,   NAN,    0.0,    NAN,      NAN),
    "latency_p50":        (0.015, 0.015,  0.02,   0.01,     NAN),
    "latency_p95":        (0.02,  0.02,   0.02,   0.01,     NAN),
    "latency_p99":        (0.02,  0.02,   0.02,   0.01,     NAN),
    "tokens":             (NAN,   NAN,    NAN,    NAN,      NAN),
    "cost":               (NAN,   NAN,    NAN,    NAN,      NAN),
    "errors":             (0.0,   0.0,    0.0,    0.0,      60.0),
    "judge":              (NAN,   NAN,    NAN,    NAN,      NAN),
}
# fmt: on
REPLIES: list[Callable[[Case], Response | Failure]] = [
    perfect,
    useless,
    wrong,
    refusing,
    lambda _: Failure("out of order"),
]
SQUAD = {"exact_match", "token_f1"}


def scores_of(reply: Callable[[Case], Response | Failure]) -> list[Score]:
    return [score(case, reply(case)) for case in CASES]


def test_every_metric_has_a_known_answer() -> None:
    assert set(KNOWN) | SQUAD == set(BY_NAME)


@pytest.mark.parametrize("name", KNOWN)
def test_known_answers(name: str) -> None:
    found = [BY_NAME[name].value(scores_of(reply)) for reply in REPLIES]
    expected = [None if math.isnan(value) else pytest.approx(value, abs=1e-9) for value in KNOWN[name]]
    assert found == expected


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_of_nothing_a_metric_is_none(metric: object) -> None:
    assert metric.value([]) is None
    assert metric.count([]) == 0


def test_squad_metrics_of_a_run_take_a_refusal_for_the_empty_answer() -> None:
    case = Case("c", Expectation(answers=("4 crowns",)), "How much?")
    right, half = answer("4 crowns", "4 crowns"), answer("4 crowns each way", "4 crowns")
    values = [
        [BY_NAME[name].value([score(case, reply)]) for name in ("exact_match", "token_f1")]
        for reply in (right, half, refusal(0.9))
    ]
    assert values == [[1.0, 1.0], [0.0, pytest.approx(2 / 3)], [0.0, 0.0]]
    assert BY_NAME["exact_match"].value([score(unanswerable(1), refusal(0.9))]) == 1.0
    assert BY_NAME["token_f1"].value([score(unanswerable(1), right)]) == 0.0


@pytest.mark.parametrize("referenced", [True, False])
def test_without_reference_answers_there_is_no_overlap_to_speak_of(tmp_path: Path, referenced: bool) -> None:
    """Refusals alone would be all of it, and the figure the refusal's recall by another name."""
    known = Expectation(any_of=("4 crowns",), answers=("4 crowns",) if referenced else ())
    asked = [Case("c", known, "How much?"), unanswerable(1)]
    run = run_cases(asked, FakeTarget(refusing), tmp_path / "run")
    found = summarise(run, scored(run)).value("token_f1")
    assert (found.value if found else None) == (0.5 if referenced else None)


def test_the_interval_of_all_or_none_is_no_certainty(tmp_path: Path) -> None:
    run = run_cases(CASES, FakeTarget(perfect), tmp_path / "run")
    found = summarise(run, scored(run))
    passed, answered, late = (found.value(n) for n in ("pass_rate", "answer_accuracy", "latency_p99"))
    # 60 of 60 and 30 of 30: Clopper and Pearson's tables.
    assert (passed.low, passed.high) == (pytest.approx(0.9404, abs=1e-4), 1.0)
    assert (answered.low, answered.high) == (pytest.approx(0.8843, abs=1e-4), 1.0)
    assert late.low <= late.value <= late.high
    run = run_cases(CASES, FakeTarget(lambda _: "out of order"), tmp_path / "none")
    passed = summarise(run, scored(run)).value("pass_rate")
    assert (passed.low, passed.high) == (0.0, pytest.approx(1 - 0.9404, abs=1e-4))


def test_all_that_is_lacking_is_named_in_one_sentence() -> None:
    case = Case("c", Expectation(all_of=("4 crowns", "Orrin", "May", "last year")), "?")
    verdict = judge(case, answer(SENTENCES[1], SENTENCES[1]))
    assert verdict.reasons == ("the quotes lack “Orrin”, “May” and “last year”",)
    verdict = judge(Case("c", Expectation(any_of=("a fair", "b")), "?"), Response(Status.ANSWERED, "no", 0.1))
    assert verdict.reasons == ("the answer lacks “a fair” or “b”",)


def test_a_share_is_weighted_by_the_case() -> None:
    heavy = Case("heavy", Expectation(any_of=("4 crowns",)), "How much?", weight=3.0)
    scores = [score(heavy, answer("4 crowns", "4 crowns")), score(answerable(0), refusal(0.9))]
    assert BY_NAME["pass_rate"].value(scores) == 0.75


def test_tokens_and_cost_are_added_up() -> None:
    used = Response(Status.ANSWERED, "4 crowns", 0.1, tokens_in=100, tokens_out=7, cost=0.25)
    scores = [score(answerable(1), used), score(answerable(2), used), score(answerable(3), refusal(1.0))]
    assert BY_NAME["tokens"].value(scores) == 214
    assert BY_NAME["cost"].value(scores) == 0.5


def test_every_metric_states_itself() -> None:
    for metric in METRICS:
        assert all((metric.title, metric.about, metric.source))


def test_reliability_bins_and_calibration_error() -> None:
    confidences, right = [0.95, 0.95, 0.15, 1.0], [True, False, False, True]
    bins = reliability(confidences, right)
    assert [(b.low, b.count, b.accuracy) for b in bins] == [(0.1, 1, 0.0), (0.9, 3, pytest.approx(2 / 3))]
    # |0.15 - 0| once, and three times |(0.95 + 0.95 + 1) / 3 - 2/3|.
    assert expected_calibration_error(confidences, right) == pytest.approx((0.15 + 2.9 - 2) / 4)
    assert expected_calibration_error([], []) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        reliability([1.2], [True])
    with pytest.raises(ValueError, match="2 confidences and 1 outcomes"):
        reliability([0.1, 0.2], [True])


def test_auroc_counts_ties_half() -> None:
    assert auroc([0.9, 0.5, 0.5, 0.1], [True, True, False, False]) == pytest.approx(3.5 / 4)
    assert auroc([0.1, 0.9], [True, False]) == 0.0
    assert auroc([0.1, 0.9], [True, True]) is None


def test_risk_over_coverage_does_not_depend_on_the_order_of_ties() -> None:
    # Risks: 0, then the tied pair half wrong: 0.5 / 2 and 1 / 3.
    expected = (0 + 0.25 + 1 / 3) / 3
    assert area_under_risk_coverage([0.9, 0.5, 0.5], [True, True, False]) == pytest.approx(expected)
    assert area_under_risk_coverage([0.9, 0.5, 0.5], [True, False, True]) == pytest.approx(expected)
    assert area_under_risk_coverage([], []) is None


def test_refusal_metrics() -> None:
    refused, unanswerable_ = [True, True, True, False, False], [True, True, False, True, False]
    assert refusal_precision(refused, unanswerable_) == pytest.approx(2 / 3)
    assert refusal_recall(refused, unanswerable_) == pytest.approx(2 / 3)
    assert refusal_f1(refused, unanswerable_) == pytest.approx(2 / 3)
    assert refusal_precision([False], [True]) is None
    assert refusal_recall([True], [False]) is None
    assert refusal_f1([False], [False]) is None


def test_the_score_conditioned_on_answerability() -> None:
    table = [
        conditioned(0.7, refused, answerable_) for refused in (True, False) for answerable_ in (True, False)
    ]
    assert table == [0.0, 1.0, 0.7, 0.0]


def test_retrieval() -> None:
    found = retrieval_scores(
        ["no", "It is held in Orrin.", "Entry costs 4 crowns."], [SENTENCES[1], SENTENCES[3]]
    )
    assert found["R@1"] == 0.0
    assert found["R@5"] == 1.0
    assert found["RR"] == 0.5
    assert found["nDCG@10"] == pytest.approx((1 / math.log2(3) + 1 / 2) / (1 + 1 / math.log2(3)))
    assert retrieval_scores([], [SENTENCES[0]]) == {"R@1": 0.0, "R@5": 0.0, "RR": 0.0, "nDCG@10": 0.0}
    assert retrieval_scores(["anything"], []) == {}


def test_percentiles() -> None:
    assert percentile([0.1, 0.2, 0.3, 0.4], 0.5) == pytest.approx(0.25)
    assert percentile([0.3], 0.99) == 0.3
    assert percentile([], 0.5) is None


@pytest.mark.parametrize(
    ("fact", "said", "holds"),
    [
        ("4  CROWNS", "Entry costs 4 crowns.", True),
        ("4 crowns", "Entry costs 40 crowns.", False),
        (Pattern(r"cost\w* \d"), "Entry costs 4 crowns.", True),
        (Pattern(r"^\d"), "Entry costs 4 crowns.", False),
        (Figure("1.1 trillion won"), "KRW 1,100 billion", True),
        (Figure("1.1 trillion won"), "1조 1천억 원", True),
        (Figure("1.1 trillion won"), "1.1 trillion dollars", False),
        (Figure("3%"), "by 3 percentage points", False),
        (Figure(100, tolerance="5%"), "104 people", True),
        (Figure(100, tolerance="5%"), "106 people", False),
        (Figure(100, unit="KRW", tolerance=1), "101 won", True),
        (Figure(100, unit="USD"), "100 won", False),
        (Day("2027-05-03"), "on 3 May 2027", True),
        (Day("2027-05-03"), "on May 3", True),
        (Day("2027-05-03"), "on 4 May 2027", False),
        (Day("2027-05"), "in May 2027", True),
        (Day("2027"), "in 2027", True),
        (Day("2027"), "in May", False),
    ],
)
def test_facts(fact: object, said: str, holds: bool) -> None:
    case = Case("c", Expectation(any_of=(fact,)), "?")
    verdict = judge(case, Response(Status.ANSWERED, said, 0.1))
    assert (verdict.outcome is Outcome.CORRECT) == holds


def test_facts_are_looked_for_in_quotes_where_there_are_quotes() -> None:
    case = Case("c", Expectation(any_of=("4 crowns",)), "How much?")
    verdict = judge(case, answer("It is 4 crowns.", "It is held in Orrin."))
    assert verdict.outcome is Outcome.WRONG
    assert verdict.reasons == ("the quotes lack “4 crowns”",)


@pytest.mark.parametrize(
    ("expect", "reply", "outcome", "passed"),
    [
        ({"refusal": "out_of_scope"}, refusal(0.9), Outcome.REFUSED, False),
        ({"refusal": "not_in_announcements"}, refusal(0.9), Outcome.REFUSED, True),
        ({"any_of": ("4 crowns",), "refusal": True}, refusal(0.9), Outcome.REFUSED, True),
        ({"any_of": ("4 crowns",), "forbidden": ("each way",)}, answer("4 crowns each way", "4 crowns"), Outcome.WRONG, False),
        ({"courtesy": True}, refusal(0.9), Outcome.COURTEOUS, True),
        ({"courtesy": True}, answer("4 crowns", "4 crowns"), Outcome.UNFOUNDED, False),
        ({"quotes": (SENTENCES[1],)}, answer(SENTENCES[1], SENTENCES[1]), Outcome.CORRECT, True),
        ({"quotes": (SENTENCES[1],)}, answer(SENTENCES[0], SENTENCES[0]), Outcome.WRONG, False),
        ({"all_of": ("4 crowns", "Orrin")}, answer(SENTENCES[1], SENTENCES[1]), Outcome.WRONG, False),
        ({"forbidden": ("9 crowns",)}, refusal(0.9), Outcome.REFUSED, True),
        ({"any_of": ("x",)}, Response(Status.CLARIFY, "Which?", 0.1, cites=True), Outcome.OVER_REFUSED, False),
    ],
)  # fmt: skip
def test_verdicts(expect: dict[str, object], reply: Response, outcome: Outcome, passed: bool) -> None:
    verdict = judge(Case("c", Expectation(**expect), "?"), reply)
    assert (verdict.outcome, verdict.passed) == (outcome, passed)
    assert passed or verdict.reasons
