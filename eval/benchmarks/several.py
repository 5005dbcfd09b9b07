"""Several announcements of one body asked together: two editions of a fair, two grants, a notice and its correction.

Each folder of ``eval/cases/together`` is one body: nine announcements at the most, and cases on them. A case passes
as in ``herald eval``: what it expects is quoted and what it forbids is not, or it is refused; a question that several
announcements answer is asked back, or answered of each.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from eval.benchmarks.intervals import share
from eval.benchmarks.table import Column, Part, Row, Table
from eval.case import Case
from eval.case_file import read_cases
from eval.targets.opening import open_sources
from eval.verdict import judge
from service.settings import Settings

SPLITS = {"test": "Held out: never looked at.", "development": "Looked at while the rules were written."}
KINDS = {
    "answerable": "answerable",
    "near-miss": "near misses",
    "ambiguous": "ambiguous",
    "multi-turn": "conversations",
    "edition": "of one of two editions",
    "relative-year": "naming a year, or this or last year",
    "superseded": "of what changed",
    "comparison": "comparing two announcements",
}
COLUMNS = (Column("cases", "cases", percent=False), Column("passed", "passed"))
Asked = list[tuple[Case, bool]]


def measure(cases: Path, threads: int, say: Callable[[str], None]) -> Part:
    """Every case of each body, over an index of that body's announcements."""
    say("several announcements of one body")
    tables = []
    for split, note in SPLITS.items():
        asked = {folder.name: _asked(folder, threads) for folder in sorted((cases / split).iterdir())}
        tables.append(_table(split, note, asked))
    text = "All announcements of a body are in one index, and nothing else is."
    return Part("several", "Several announcements of one body", text, tuple(tables))


def _asked(folder: Path, threads: int) -> Asked:
    sources = sorted(folder.glob("*.md"))
    with open_sources(sources, Settings(), alone=False, threads=threads) as target:
        return [(case, judge(case, target.ask(case)).passed) for case in read_cases([folder / "cases.jsonl"])]


def _table(split: str, note: str, asked: dict[str, Asked]) -> Table:
    every = [each for of_one in asked.values() for each in of_one]
    rows = [_row("all", every)]
    rows += [_row(name, [each for each in every if tag in each[0].tags]) for tag, name in KINDS.items()]
    rows += [_row(body, of_one) for body, of_one in asked.items()]
    return Table(f"several_{split}", f"The {split} split. {note}", COLUMNS, tuple(rows))


def _row(label: str, asked: Sequence[tuple[Case, bool]]) -> Row:
    return Row(label, {"cases": len(asked), "passed": share([passed for _, passed in asked])})
