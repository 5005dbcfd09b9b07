"""Cases as pytest tests.

Files of cases, collected as they are::

    pytest -p eval.testing --herald-index .herald cases.jsonl

or from a test of one's own, after ``pytest_plugins = ["eval.testing"]`` in ``conftest.py``::

    @pytest.mark.parametrize("case", cases("cases.jsonl"))
    def test_answers(case, herald):
        assert_passes(case, herald)
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from eval.case import Case
from eval.case_file import SUFFIXES, read_cases
from eval.errors import TargetFailed
from eval.response import Failure, Result
from eval.targets.opening import open_index, open_service
from eval.targets.target import Target
from eval.verdict import judge
from service.settings import read_settings

_OPENED = pytest.StashKey[ExitStack]()
_TARGET = pytest.StashKey[Target]()


class CaseNotPassed(AssertionError):
    """The reply is not what the case expects. Its text says why, and what came back."""


def cases(*paths: str | Path) -> list[Any]:
    """The cases of some files as parameters of a test, named by their ids. Raises CasesInvalid."""
    return [pytest.param(case, id=case.id) for case in read_cases([Path(path) for path in paths])]


def assert_passes(case: Case, target: Target) -> None:
    """Ask a case. Raises CaseNotPassed where its reply is not what it expects, or where there is none."""
    result: Result
    try:
        result = target.ask(case)
    except TargetFailed as error:
        result = Failure(str(error))
    verdict = judge(case, result)
    if not verdict.passed:
        said = result.error if isinstance(result, Failure) else result.text
        asked = " / ".join(case.messages)
        raise CaseNotPassed(f"{verdict.outcome.value}: {'; '.join(verdict.reasons)}\n{asked}\n→ {said}")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("herald", "cases of questions and answers as tests")
    group.addoption(
        "--herald-index", type=Path, metavar="DIR", help="the index that files of cases are asked of"
    )
    group.addoption("--herald-url", metavar="URL", help="the Herald service that files of cases are asked of")


@pytest.fixture(scope="session")
def herald(pytestconfig: pytest.Config) -> Target:
    """What ``--herald-index`` or ``--herald-url`` names; without either, the index of the settings."""
    return _opened(pytestconfig)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CaseFile | None":
    config = parent.config
    wanted = config.getoption("herald_index") or config.getoption("herald_url")
    # Only files that were named: a folder of tests may hold JSON of every kind.
    named = str(file_path) in {str(Path(arg).absolute()) for arg in config.args}
    if not wanted or not named or file_path.suffix not in SUFFIXES:
        return None
    return CaseFile.from_parent(parent, path=file_path)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _OPENED in config.stash:
        config.stash[_OPENED].close()


class CaseFile(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator["CaseItem"]:
        for case in read_cases([self.path]):
            yield CaseItem.from_parent(self, name=case.id, case=case)


class CaseItem(pytest.Item):
    """A case as a test."""

    def __init__(self, *, case: Case, **rest: Any) -> None:
        super().__init__(**rest)
        self._case = case

    def runtest(self) -> None:
        assert_passes(self._case, _opened(self.config))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CaseNotPassed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self._case.id


def _opened(config: pytest.Config) -> Target:
    """The target, opened once."""
    if _TARGET not in config.stash:
        stack = config.stash.setdefault(_OPENED, ExitStack())
        index, url = config.getoption("herald_index"), config.getoption("herald_url")
        config.stash[_TARGET] = stack.enter_context(
            open_service(url, None)
            if url
            else open_index(read_settings(**({"index": index} if index else {})))
        )
    return config.stash[_TARGET]
