"""Gates and comparisons: what is broken on purpose is noticed, what is not is left alone."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from eval.case import Case
from eval.comparison import compare, mcnemar
from eval.errors import GateInvalid, RunUnusable
from eval.gate import check_limits, check_no_worse, read_limit
from eval.metrics.catalogue import BY_NAME, METRICS, Better, Unit
from eval.response import Failure, Response
from eval.run import Entry, Manifest, Run
from eval.score import Score, score
from eval.summary import Summary, summarise
from tests.fake_target import SENTENCES, answer, cases, perfect, refusal, wrong

CASES = cases(20)
GATING = [m.name for m in METRICS if m.gates]


def response(case: Case) -> Response:
    """Perfect, and using what a model would, so that every metric has a value."""
    reply = perfect(case)
    return replace(reply, tokens_in=10, tokens_out=5, cost=0.01)


def broken(name: str, case: Case) -> Response | Failure:  # noqa: PLR0911
    """The reply to a case, broken in the way that a metric is there to notice."""
    sentence = case.sentences[0] if case.sentences else ""
    if name == "errors":
        return Failure("out of order")
    if name in {"refusal_recall", "refusal_f1", "exact_match", "auroc", "ece"}:
        return answer(SENTENCES[3], SENTENCES[3]) if case.answerable is False else response(case)
    if name == "refusal_precision":
        return refusal(0.9)
    if case.answerable is False:
        return response(case)
    if name == "citation_exactness":
        return answer(sentence, sentence, exact=False)
    if name in {"citation_recall", "citation_precision"}:
        return answer(sentence, SENTENCES[3])
    if name == "faithfulness":
        return answer(sentence.replace("4", "9").replace("3", "8").replace("12", "13"), sentence)
    if name in {"R@1", "R@5", "RR", "nDCG@10"}:
        return replace(response(case), passages=(SENTENCES[3],))
    if name == "latency_p50":
        return replace(response(case), seconds=9.0)
    return wrong(case)


def scores(breaking: str = "", share: int = 1) -> list[Score]:
    """Every case scored; of those that a metric is about, each ``share``-th is broken."""
    return [
        score(
            case,
            broken(breaking, case) if breaking and (number // 2) % share == 0 else response(case),
            judged=float(not breaking or (number // 2) % share != 0),
        )
        for number, case in enumerate(CASES)
    ]


def summary(scored: list[Score]) -> Summary:
    run = Run(
        Manifest("fake", {}, ""),
        tuple(s.case for s in scored),
        tuple(Entry(s.result) for s in scored),
    )
    return summarise(run, scored)


@pytest.fixture(scope="module")
def sound() -> list[Score]:
    return scores()


@pytest.mark.parametrize("name", [m.name for m in METRICS])
def test_a_limit_holds_for_sound_answers_and_fails_for_one_broken(name: str, sound: list[Score]) -> None:
    metric = BY_NAME[name]
    value = metric.value(sound)
    assert value is not None
    limit = read_limit(f"{name}={value!r}", under=metric.better is Better.HIGHER)
    assert [gate.passed for gate in check_limits([limit], summary(sound))] == [True]
    if metric.unit in {Unit.COUNT, Unit.MONEY, Unit.SECONDS} and name != "errors":
        worse = [score(s.case, replace(s.result, seconds=9.0, tokens_in=99, cost=9.0)) for s in sound]
    else:
        worse = scores(name, share=10)
    assert [gate.passed for gate in check_limits([limit], summary(worse))] == [False]


def test_the_gates_of_a_release_can_be_applied() -> None:
    makefile = (Path(__file__).parents[1] / "Makefile").read_text("utf-8")
    asked = re.findall(r"--fail-(under|over) (\S+=[\d.]+)", makefile)
    limits = [read_limit(text, under=way == "under") for way, text in asked]
    assert {"citation_exactness", "faithfulness", "answer_accuracy", "refusal_recall"} < {
        limit.metric.name for limit in limits
    }


@pytest.mark.parametrize("name", GATING)
def test_a_significant_drop_fails_the_gate_of_its_metric(name: str, sound: list[Score]) -> None:
    gates = {g.name.split()[0]: g.passed for g in check_no_worse(compare(sound, scores(name)), "before")}
    assert not gates[name]


def test_one_case_of_twenty_is_no_significant_drop(sound: list[Score]) -> None:
    once = [*sound[:1], score(CASES[1], wrong(CASES[1])), *sound[2:]]
    found = compare(sound, once)
    assert (found.passed.better, found.passed.worse) == (0, 1)
    assert all(gate.passed for gate in check_no_worse(found, "before"))


def test_a_run_is_no_worse_than_itself_and_better_is_no_worse(sound: list[Score]) -> None:
    for before in (sound, scores("pass_rate")):
        found = compare(before, sound)
        assert all(gate.passed for gate in check_no_worse(found, "before"))
    assert len(found.better) == 20
    assert found.worse == ()
    change = next(d for d in found.differences if d.metric.name == "answer_accuracy")
    assert (change.before, change.after, change.low, change.high) == (0.0, 1.0, 1.0, 1.0)


def test_a_metric_that_has_vanished_fails_its_gate(sound: list[Score]) -> None:
    silent = [score(case, refusal(0.9)) for case in CASES]
    gates = {g.name.split()[0]: g for g in check_no_worse(compare(sound, silent), "before")}
    assert not gates["citation_exactness"].passed
    assert gates["citation_exactness"].why == "nothing is left to measure it by"


def test_a_limit_on_what_nothing_bears_on_fails() -> None:
    limit = read_limit("faithfulness=0", under=True)
    assert [g.passed for g in check_limits([limit], summary([score(c, refusal(0.9)) for c in CASES]))] == [
        False
    ]


@pytest.mark.parametrize(
    ("text", "under", "why"),
    [
        ("grace=0.5", True, "no metric"),
        ("pass_rate", True, "not metric=value"),
        ("pass_rate=high", True, "not metric=value"),
        ("pass_rate=nan", True, "not a number"),
        ("pass_rate=95", True, "from 0 to 1"),
        ("pass_rate=0.9", False, "use --fail-under"),
        ("ece=0.1", True, "use --fail-over"),
        ("latency_p95=2", True, "use --fail-over"),
    ],
)
def test_gates_that_cannot_be_applied(text: str, under: bool, why: str) -> None:
    with pytest.raises(GateInvalid, match=why):
        read_limit(text, under=under)


def test_mcnemar_is_the_exact_binomial_test() -> None:
    # 2 · (C(8,0) + C(8,1)) / 2^8
    found = mcnemar([True] * 7 + [False] + [True] * 5, [False] * 7 + [True] + [True] * 5)
    assert (found.better, found.worse) == (1, 7)
    assert found.p == pytest.approx(2 * 9 / 256)
    assert mcnemar([True, False], [True, False]).p == 1.0


def test_only_cases_that_both_runs_have_alike_are_compared(sound: list[Score]) -> None:
    altered = replace(CASES[0], question="Asked otherwise?")
    after = [score(altered, response(altered)), *sound[1:30]]
    found = compare(sound, after)
    assert len(found.pairs) == 29
    assert found.left_out == 12
    with pytest.raises(RunUnusable, match="no case in common"):
        compare(sound[:5], sound[5:])
