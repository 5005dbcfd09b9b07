"""Runs: kept as they come, taken up after an interruption, in a stable order, and read again."""

import json
import threading
import time
from pathlib import Path

import pytest

from eval.case import Case
from eval.errors import RunUnusable
from eval.judge import Judge
from eval.response import Failure, Response
from eval.run import ANSWERS, CASES, MANIFEST, PARTIAL, read_run
from eval.runner import run_cases
from tests.fake_target import FakeTarget, cases, perfect

ALL = cases(6)


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()]


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = run_cases(ALL, FakeTarget(perfect), tmp_path / "run", name="first")
    again = read_run(tmp_path / "run")
    assert again == run
    assert again.manifest.name == "first"
    assert again.manifest.target == {"kind": "fake", "where": "fake"}
    assert again.manifest.code["version"]
    assert again.manifest.finished


def test_answers_stand_in_the_order_of_the_cases_whichever_came_first(tmp_path: Path) -> None:
    def reply(case: Case) -> Response:
        time.sleep(0.002 * (len(ALL) - ALL.index(case)))
        return perfect(case)

    run_cases(ALL, FakeTarget(reply), tmp_path, concurrency=6)
    assert ids(tmp_path / ANSWERS) == [case.id for case in ALL]
    assert not (tmp_path / PARTIAL).exists()


def test_cases_are_asked_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(4, timeout=20)

    def reply(case: Case) -> Response:
        together.wait()
        return perfect(case)

    assert len(run_cases(ALL, FakeTarget(reply), tmp_path, concurrency=4).entries) == 12


def test_an_interrupted_run_is_taken_up(tmp_path: Path) -> None:
    def interrupted(case: Case) -> Response:
        if case == ALL[5]:
            raise KeyboardInterrupt
        return perfect(case)

    with pytest.raises(KeyboardInterrupt):
        run_cases(ALL, FakeTarget(interrupted), tmp_path)
    with pytest.raises(RunUnusable, match="interrupted"):
        read_run(tmp_path)
    known = ids(tmp_path / PARTIAL)
    assert known == [case.id for case in ALL[:5]]
    with (tmp_path / PARTIAL).open("a") as file:
        file.write('{"id": "no-00')  # as a kill in the middle of a write leaves it
    target = FakeTarget(perfect)
    run = run_cases(ALL, target, tmp_path)
    assert target.asked == [case.id for case in ALL[5:]]
    assert run.entries == run_cases(ALL, FakeTarget(perfect), tmp_path.with_name("whole")).entries


def test_what_failed_is_asked_again_and_what_is_known_is_not(tmp_path: Path) -> None:
    run = run_cases(ALL, FakeTarget(lambda c: "out of order" if c == ALL[3] else perfect(c)), tmp_path)
    assert run.entries[3].result == Failure("out of order")
    assert read_run(tmp_path) == run
    target = FakeTarget(perfect)
    assert not any(entry.failed for entry in run_cases(ALL, target, tmp_path).entries)
    assert target.asked == [ALL[3].id]


def test_a_bug_in_a_target_is_no_failure_of_a_case(tmp_path: Path) -> None:
    def reply(case: Case) -> Response:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_cases(ALL, FakeTarget(reply), tmp_path)


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"cases": ALL[1:]}, "other cases"),
        ({"target": FakeTarget(perfect, "elsewhere")}, "other target"),
        ({"judge": True}, "other judge"),
    ],
)
def test_a_folder_of_another_run_is_refused(tmp_path: Path, other: dict[str, object], what: str) -> None:
    run_cases(ALL, FakeTarget(perfect), tmp_path)
    judge = Judge(object(), "a model") if other.get("judge") else None
    with pytest.raises(RunUnusable, match=what):
        run_cases(other.get("cases", ALL), other.get("target", FakeTarget(perfect)), tmp_path, judge=judge)


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("private")
    with pytest.raises(RunUnusable, match="not empty"):
        run_cases(ALL, FakeTarget(perfect), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]
    with pytest.raises(RunUnusable, match="holds no run"):
        read_run(tmp_path)


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        (MANIFEST, "{", "cannot be read"),
        (MANIFEST, "[]", "cannot be read"),
        (CASES, "{}\n", "cannot be read"),
        (CASES, "", "do not belong together"),
        (ANSWERS, "", "do not belong together"),
        (ANSWERS, '{"id": "yes-000"}\n', "answers.jsonl:1"),
        (ANSWERS, "\x00\n", "answers.jsonl:1"),
        (ANSWERS, "[]\n", "answers.jsonl:1"),
    ],
)
def test_a_damaged_run_is_refused(tmp_path: Path, file: str, content: str, why: str) -> None:
    run_cases(ALL, FakeTarget(perfect), tmp_path)
    (tmp_path / file).write_text(content)
    with pytest.raises(RunUnusable, match=why):
        read_run(tmp_path)
