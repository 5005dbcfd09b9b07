"""Asks a target every case, several at once, and keeps what has come as it comes."""

import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from eval.case import Case, fingerprint
from eval.errors import TargetFailed
from eval.judge import Judge
from eval.response import Failure
from eval.run import Entry, Manifest, Run, RunFolder
from eval.targets.target import Target


class Progress(Protocol):
    """Told how far a stage has come."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...


def run_cases(
    cases: Sequence[Case],
    target: Target,
    folder: Path,
    *,
    name: str = "",
    concurrency: int = 1,
    judge: Judge | None = None,
    progress: Progress | None = None,
) -> Run:
    """Every case asked and kept in ``folder``; what an interrupted run has there is not asked again.

    The order of the answers is that of the cases, whichever came first. A case whose endpoint fails
    becomes a Failure. Raises RunUnusable for a folder that holds something else, and TargetFailed
    where the target cannot be reached at all.
    """
    manifest = Manifest(
        name=name or folder.name,
        target=target.description(),
        cases=fingerprint(cases),
        judge=judge.description() if judge else None,
        code=code(),
    )
    kept = RunFolder(folder, manifest, cases)
    left = [case for case in cases if case.id not in kept.known]
    done = len(cases) - len(left)
    with ThreadPoolExecutor(concurrency) as pool:
        asked = {pool.submit(_entry, case, target, judge): case for case in left}
        try:
            for future in as_completed(asked):
                kept.add(asked[future], future.result())
                done += 1
                if progress:
                    progress("asking", done, len(cases))
        except BaseException:
            # Without this, leaving the block would wait for every case that is still to be asked.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return kept.finish()


def code() -> dict[str, str | None]:
    """The version of Herald that asks, and the commit where it runs from a checkout."""
    try:
        installed: str | None = version("herald")
    except PackageNotFoundError:
        installed = None
    return {"version": installed, "commit": _commit(Path(__file__).parent)}


def _commit(folder: Path) -> str | None:
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        # Not a checkout, or no git: the version alone has to do.
        return None
    return found.stdout.strip() or None


def _entry(case: Case, target: Target, judge: Judge | None) -> Entry:
    try:
        response = target.ask(case)
    except TargetFailed as error:
        return Entry(Failure(str(error)))
    return Entry(response, judge.judge(case, response) if judge else None)
