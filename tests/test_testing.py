"""Cases as pytest tests: files of cases by the plugin, and cases in a test of one's own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.case import written
from eval.testing import CaseNotPassed, assert_passes, cases
from tests.fake_target import FakeTarget, answerable, perfect, refusing
from tests.test_eval_cli import COST, NONE, ROOT, WRONG, kept

OWN = """
import pytest
from eval.testing import assert_passes, cases

pytest_plugins = ["eval.testing"]

@pytest.mark.parametrize("case", cases({path!r}))
def test_answers(case, herald):
    assert_passes(case, herald)
"""


def run_pytest(folder: Path, index: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(folder), "-v",
         "--herald-index", str(index), *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_file_of_cases_runs_as_tests(announcements_folder: Path, tmp_path: Path) -> None:
    path = kept(tmp_path / "cases.jsonl", COST, NONE, WRONG)
    (tmp_path / "other.json").write_text(json.dumps(written(WRONG)))
    done = run_pytest(tmp_path, announcements_folder, "-p", "eval.testing", str(path))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "2 passed" in done.stdout
    assert "1 failed" in done.stdout
    assert "cases.jsonl::cost PASSED" in done.stdout
    assert "wrong answer: the quotes lack “9 million”" in done.stdout
    assert "CaseNotPassed" not in done.stdout


def test_cases_run_in_a_test_of_one_s_own(announcements_folder: Path, tmp_path: Path) -> None:
    path = kept(tmp_path / "cases.jsonl", COST, NONE)
    (tmp_path / "test_own.py").write_text(OWN.format(path=str(path)))
    done = run_pytest(tmp_path, announcements_folder, "-p", "eval.testing", str(tmp_path / "test_own.py"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_answers[cost] PASSED" in done.stdout


def test_what_did_not_pass_says_why_and_what_came_back() -> None:
    assert_passes(answerable(1), FakeTarget(perfect))
    with pytest.raises(CaseNotPassed, match=r"though the source says it\nQuestion 1\?\n→ It does not say"):
        assert_passes(answerable(1), FakeTarget(refusing))
    with pytest.raises(CaseNotPassed, match="error: out of order"):
        assert_passes(answerable(1), FakeTarget(lambda _: "out of order"))


def test_parameters_are_named_by_their_cases(tmp_path: Path) -> None:
    assert [p.id for p in cases(kept(tmp_path / "a.jsonl", COST, NONE))] == ["cost", "none"]
