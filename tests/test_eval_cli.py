"""`herald eval` as it is run: what it prints and writes, its exit codes, and going on after a kill."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from eval.case import Case, Expectation, schema, written
from eval.case_file import read_cases
from eval.run import ANSWERS, PARTIAL, read_run
from service.cli import main
from tests.running import wait_until

ROOT = Path(__file__).resolve().parents[1]
COST = Case(
    "cost",
    Expectation(any_of=("184.5 million",)),
    "What did the rebuilding of the east quay cost?",
    source="quay-2031",
    tags=("figure",),
)
NONE = Case("none", Expectation(refusal=True), "What is the capital of Mongolia?", tags=("out-of-scope",))
WRONG = replace(COST, id="wrong", expect=Expectation(any_of=("9 million",)))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return kept(tmp_path / "good.jsonl", COST, NONE)


def kept(path: Path, *cases: Case) -> Path:
    path.write_text("".join(json.dumps(written(case)) + "\n" for case in cases), "utf-8")
    return path


def evaluate(cases: Path, index: Path, run: Path, *rest: str) -> int:
    return main(["eval", str(cases), "--index", str(index), "--out", str(run), *rest])


def test_a_run_that_passes_its_gates(
    good: Path, announcements_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, junit = tmp_path / "run", tmp_path / "junit.xml"
    gates = ["--fail-under", "pass_rate=1", "--fail-under", "citation_exactness=1", "--fail-over", "errors=0"]
    assert evaluate(good, announcements_folder, run, *gates, "--junit", str(junit)) == 0
    said = capsys.readouterr().out
    assert "3 of 3 gates passed" in said
    assert "Right answers" in said
    assert "out-of-scope" in said
    assert {path.name for path in run.iterdir()} == {
        "run.json",
        "cases.jsonl",
        "answers.jsonl",
        "report.html",
    }
    assert "All 3 gates passed" in (run / "report.html").read_text("utf-8")
    assert len(ET.parse(junit).findall("testsuite/testcase")) == 5  # noqa: S314


def test_a_gate_that_fails_is_in_the_exit_code(
    announcements_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = kept(tmp_path / "bad.jsonl", COST, WRONG)
    assert evaluate(cases, announcements_folder, tmp_path / "run", "--fail-under", "pass_rate=0.9") == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "failed pass_rate at least 0.9: it is 0.500" in said
    assert "the quotes lack “9 million”" in said


def test_what_is_not_done_is_told_in_one_line(
    good: Path, announcements_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(good, announcements_folder, tmp_path / "a", "--fail-under", "grace=1") == 2
    assert evaluate(good, announcements_folder, tmp_path / "a", "--model", "m") == 2
    assert evaluate(good, tmp_path / "nowhere", tmp_path / "a") == 2
    assert evaluate(good, announcements_folder, tmp_path / "a", "--no-worse-than", str(tmp_path)) == 2
    (tmp_path / "flawed.jsonl").write_text('{"id": "a", "question": "?", "expect": {"any": 1}}\n')
    assert evaluate(tmp_path / "flawed.jsonl", announcements_folder, tmp_path / "a") == 2
    lines = capsys.readouterr().err.splitlines()
    assert all(line.startswith("herald: ") for line in lines)
    assert "flawed.jsonl:1: expect.any" in lines[-1]
    assert not (tmp_path / "a").exists()


def test_an_endpoint_that_fails_is_amiss_and_json_says_so(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = ["--openai-url", "http://127.0.0.1:1/v1", "--model", "m"]
    assert main(["eval", str(good), *url, "--out", str(tmp_path / "run"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["metrics"]["errors"] == 2
    assert told["metrics"]["pass_rate"] == 0
    assert told["outcomes"] == {"error": 2}


def test_runs_are_compared_and_a_drop_fails(
    announcements_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = kept(tmp_path / "many.jsonl", *(replace(COST, id=f"c{n}") for n in range(20)))
    assert evaluate(cases, announcements_folder, tmp_path / "before") == 0
    monkeypatch.setenv("HERALD_THRESHOLD", "1")
    after = tmp_path / "after"
    assert evaluate(cases, announcements_folder, after, "--no-worse-than", str(tmp_path / "before")) == 1
    assert "failed answer_accuracy no worse than in before: 1.000 before, 0.000 now" in " ".join(
        capsys.readouterr().out.split()
    )
    page = tmp_path / "compared.html"
    assert main(["eval", "compare", str(tmp_path / "before"), str(after), "--html", str(page)]) == 0
    said = capsys.readouterr().out
    assert "before → after: 0 better, 20 worse, McNemar p = 0.000" in said
    assert "Against before" in page.read_text("utf-8")
    assert main(["eval", "report", str(after), "--against", str(tmp_path / "before")]) == 0
    assert "Against before" in (after / "report.html").read_text("utf-8")


def test_a_run_that_is_killed_goes_on_where_it_was(announcements_folder: Path, tmp_path: Path) -> None:
    cases = kept(tmp_path / "many.jsonl", *(replace(COST, id=f"c{n}") for n in range(300)))
    run = tmp_path / "run"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "service.cli",
            "eval",
            str(cases),
            "--index",
            str(announcements_folder),
            "--out",
            str(run),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    partial = run / PARTIAL
    wait_until(lambda: partial.exists() and partial.read_bytes().count(b"\n") >= 5)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept_lines = partial.read_bytes().count(b"\n")
    assert not (run / ANSWERS).exists()
    before = {json.loads(line)["id"]: line for line in partial.read_text("utf-8").splitlines()[:kept_lines]}
    assert evaluate(cases, announcements_folder, run) == 0
    after = (run / ANSWERS).read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in after] == [f"c{n}" for n in range(300)]
    # The time that a reply took differs whenever it is asked anew: what was kept was not.
    assert set(before.values()) <= set(after)
    assert len(read_run(run).entries) == 300


def test_a_draft_can_be_asked_as_it_is(
    announcements_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "draft.jsonl"
    assert main(["eval", "draft", str(ROOT / "tests/announcements/quay.md"), "--out", str(draft)]) == 0
    assert f"{len(read_cases([draft]))} cases to review" in capsys.readouterr().out
    assert {case.answerable for case in read_cases([draft])} == {True, False}
    assert evaluate(draft, announcements_folder, tmp_path / "run") == 0


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()
