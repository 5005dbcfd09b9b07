"""Herald's own cases: right answers, and refusals of what an announcement does not say.

Each case asks about one announcement that lies beside it. Announcements are indexed alone, and then all
together. Cross-language cases are shown by their tag and are part of no other figure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.benchmarks import giveaway
from eval.benchmarks.confidence import ALLOWED, calibration_error, refused_at, separation
from eval.benchmarks.graded import ANSWERABLE, NEAR_MISS, Graded, ask, probabilities
from eval.benchmarks.herald import NAME, Workshop
from eval.benchmarks.intervals import estimate, share
from eval.benchmarks.method import Method
from eval.benchmarks.table import Cell, Column, Part, Row, Table
from eval.case import CROSS_LANGUAGE, Case
from eval.case_file import read_cases

OUT_OF_SCOPE = "out-of-scope"
VERDICTS = (ANSWERABLE, NEAR_MISS, OUT_OF_SCOPE, "courtesy")
COLUMNS = (
    Column("right", "answerable answered right"),
    Column("answerable_refused", "answerable refused"),
    Column("near_miss_refused", "near misses refused"),
    Column("out_of_scope_refused", "out of scope refused"),
    Column("auroc", "near-miss AUROC", percent=False),
    Column("calibration_error", "expected calibration error", percent=False),
    Column("refused_at_6", f"near misses refused when {ALLOWED:.0%} of the answerable are"),
)
BROKEN_DOWN = (
    Column("answerable", "answerable"),
    *(Column(column.key, column.heading, interval=False) for column in COLUMNS[:2]),
    Column("near_miss", "near misses"),
    Column(COLUMNS[2].key, COLUMNS[2].heading, interval=False),
)
OTHER_COLUMNS = (
    Column("cases", "cases"),
    Column("right", "answered right", interval=False),
    Column("refused", "refused", interval=False),
    Column("asked_back", "of these, asked back", interval=False),
)


@dataclass(frozen=True, slots=True)
class Sources:
    """Announcements and the cases on them. ``files[id]`` is the announcement with this id."""

    key: str
    title: str
    text: str
    files: dict[str, Path]
    cases: tuple[Case, ...]


def measure(
    sets: Sequence[Sources], workshop: Workshop, others: Sequence[Method], say: Callable[[str], None]
) -> list[Part]:
    """Ask every case of Herald and of the others: its announcement alone, and then all in one index."""
    alone: dict[str, dict[str, list[Graded]]] = {each.key: {} for each in sets}
    for each in sets:
        say(f"{each.title}: alone")
        for id, path in each.files.items():
            cases = [case for case in each.cases if case.source == id]
            for name, graded in ask([path], cases, workshop, others).items():
                alone[each.key].setdefault(name, []).extend(graded)
    say("all announcements together")
    paths = [path for each in sets for path in each.files.values()]
    every = [case for each in sets for case in each.cases]
    together = ask(paths, every, workshop, others)
    parts = []
    for each in sets:
        say(f"{each.title}: answers taken out")
        taken_out = giveaway.ask_taken_out(each.files, each.cases, workshop)
        parts.append(_part(each, alone[each.key], together, taken_out))
    return parts


def figures(graded: Sequence[Graded], *, calibrated: bool) -> dict[str, Cell]:
    """The figures of COLUMNS; ``calibrated`` where the method gives probabilities and refuses."""
    gating = [g for g in graded if CROSS_LANGUAGE not in g.case.tags]
    by_verdict = {verdict: [g for g in gating if g.verdict == verdict] for verdict in VERDICTS}
    yes, no = probabilities(by_verdict[ANSWERABLE]), probabilities(by_verdict[NEAR_MISS])
    sizes = [len(yes), len(no)]
    cells: dict[str, Cell] = {
        "right": share([g.right for g in by_verdict[ANSWERABLE]]),
        "auroc": estimate(lambda a, b: separation(yes[a], no[b]), sizes),
        "refused_at_6": estimate(lambda a, b: refused_at(yes[a], no[b]), sizes),
    }
    if calibrated:
        cells |= {
            "answerable_refused": share([not g.answered for g in by_verdict[ANSWERABLE]]),
            "near_miss_refused": share([not g.answered for g in by_verdict[NEAR_MISS]]),
            "out_of_scope_refused": share([not g.answered for g in by_verdict[OUT_OF_SCOPE]]),
            "calibration_error": estimate(lambda a, b: calibration_error(yes[a], no[b]), sizes),
        }
    return cells


def _part(
    each: Sources,
    alone: dict[str, list[Graded]],
    together: dict[str, list[Graded]],
    taken_out: Sequence[Graded],
) -> Part:
    ids = {case.id for case in each.cases}
    ours = alone[NAME]
    rows = [Row(name, figures(graded, calibrated=name == NAME)) for name, graded in alone.items()]
    rows += [
        Row(
            f"{name}, all announcements together",
            figures([g for g in graded if g.case.id in ids], calibrated=name == NAME),
        )
        for name, graded in together.items()
    ]
    count = sum(CROSS_LANGUAGE not in case.tags for case in each.cases)
    title = f"{count} cases on {len(each.files)} announcement{'s' if len(each.files) > 1 else ''}"
    gating = [g for g in ours if CROSS_LANGUAGE not in g.case.tags]
    tables = [
        Table(each.key, title, COLUMNS, tuple(rows)),
        giveaway.table(each.key, gating, taken_out),
        _kinds(each.key, ours),
        _groups(f"{each.key}_languages", "By language of the announcement", gating, lambda g: [g.language]),
    ]
    if len(each.files) > 1:
        tables.append(
            _groups(f"{each.key}_announcements", "By announcement", gating, lambda g: [g.case.source or ""])
        )
    tables.append(_groups(f"{each.key}_tags", "By tag", ours, lambda g: g.case.tags[1:]))
    return Part(each.key, each.title, each.text, tuple(tables))


def _kinds(key: str, graded: Sequence[Graded]) -> Table:
    """What becomes of each kind of case."""
    rows = []
    for verdict in VERDICTS:
        chosen = [g for g in graded if g.verdict == verdict and CROSS_LANGUAGE not in g.case.tags]
        if chosen:
            cells: dict[str, Cell] = {
                "cases": len(chosen),
                "right": share([g.right for g in chosen]) if verdict == ANSWERABLE else None,
                "refused": share([not g.answered for g in chosen]),
                "asked_back": share([g.asked_back for g in chosen]),
            }
            rows.append(Row(verdict, cells))
    note = "A courtesy (a greeting, thanks) gets a courteous line without a claim, counted as asked back."
    return Table(f"{key}_kinds", f"{NAME}, alone: by kind of case", OTHER_COLUMNS, tuple(rows), note=note)


def _groups(
    key: str, title: str, graded: Sequence[Graded], groups_of: Callable[[Graded], Sequence[str]]
) -> Table:
    groups: dict[str, list[Graded]] = {}
    for each in graded:
        for group in groups_of(each):
            groups.setdefault(group, []).append(each)
    rows = []
    for group, members in sorted(groups.items()):
        yes = [g for g in members if g.verdict == ANSWERABLE]
        no = [g for g in members if g.verdict == NEAR_MISS]
        if yes or no:
            cells: dict[str, Cell] = {
                "answerable": len(yes),
                "right": share([g.right for g in yes]),
                "answerable_refused": share([not g.answered for g in yes]),
                "near_miss": len(no),
                "near_miss_refused": share([not g.answered for g in no]),
            }
            rows.append(Row(group, cells))
    return Table(key, f"{NAME}, alone: {title[0].lower()}{title[1:]}", BROKEN_DOWN, tuple(rows))


def read_set(key: str, title: str, text: str, folder: Path) -> Sources:
    """The announcements of a folder and the cases beside them."""
    cases = read_cases([folder])
    sources = [path for path in sorted(folder.iterdir()) if path.suffix in {".md", ".txt"}]
    files = {_source(path): path for path in sources}
    return Sources(key, title, text, files, tuple(cases))


def _source(path: Path) -> str:
    """The id that the cases beside an announcement know it by."""
    (source,) = {case.source for case in read_cases([path.with_suffix(".jsonl")])}
    return source or path.stem
