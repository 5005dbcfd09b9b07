"""How much of refusing is reading: what the wording of the cases gives away, and what is left without it.

Whoever writes cases words the answerable questions and the near misses apart, and a system may tell them by
that. So beside the near misses that were written, each answerable question is asked of its announcement without
the sentences that answer it: worded the same, it is now to be refused.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.benchmarks.confidence import ALLOWED, refused_at, separation
from eval.benchmarks.graded import ANSWERABLE, NEAR_MISS, Graded, ask, probabilities
from eval.benchmarks.herald import NAME, Workshop
from eval.benchmarks.intervals import estimate, share
from eval.benchmarks.partial_input import Wording, partial_input_logits
from eval.benchmarks.table import Column, Row, Table
from eval.case import CROSS_LANGUAGE, Case

COLUMNS = (
    Column("questions", "questions to refuse"),
    Column("auroc", "AUROC", percent=False),
    Column("refused", "refused"),
    Column("refused_at_6", f"refused when {ALLOWED:.0%} of the answerable are"),
)
TAKEN_OUT = f"{NAME}: answerable questions, their answer taken out"
NOTE = (
    "The wording alone: a model of words and pairs of words (in Korean, of characters) that sees the question and"
    " nothing else, fitted on the other announcements' cases."
)


def ask_taken_out(files: Mapping[str, Path], cases: Sequence[Case], workshop: Workshop) -> list[Graded]:
    """Every answerable case of one message, asked of its announcement without the sentences that hold its answer.

    Cases that do not name these sentences are left out. Raises ValueError where one is not in its source.
    """
    lacking: dict[tuple[str, tuple[str, ...]], list[Case]] = {}
    for case in cases:
        usual = len(case.messages) == 1 and CROSS_LANGUAGE not in case.tags and case.source in files
        if usual and case.tags[0] == ANSWERABLE and case.sentences:
            lacking.setdefault((case.source or "", case.sentences), []).append(case)
    graded = []
    for (id, sentences), asked in lacking.items():
        path = workshop.new_folder() / files[id].name
        path.write_text(_without(files[id], sentences), "utf-8")
        graded += ask([path], asked, workshop, [])[NAME]
    return graded


def _without(path: Path, sentences: Sequence[str]) -> str:
    text = path.read_text("utf-8")
    for sentence in sentences:
        if sentence not in text:
            raise ValueError(f"{path}: it does not hold {sentence!r}")
        text = text.replace(sentence, "")
    return text


def table(key: str, graded: Sequence[Graded], taken_out: Sequence[Graded]) -> Table:
    """The near misses as they were written, by Herald and by their wording alone, and those without an answer.

    ``graded`` are all cases that count, ``taken_out`` those asked without their answer.
    """
    answerable = [g for g in graded if g.verdict == ANSWERABLE]
    near = [g for g in graded if g.verdict == NEAR_MISS]
    yes, no, gone = (probabilities(each) for each in (answerable, near, taken_out))
    told = partial_input_logits(
        [
            Wording(g.case.source or "", g.language, g.case.messages[-1], g.verdict == ANSWERABLE)
            for g in (*answerable, *near)
        ]
    )
    worded, reworded = told[: len(answerable)], told[len(answerable) :]
    rows = []
    for name, left, right, refused in (
        (f"{NAME}: near misses as written", yes, no, near),
        ("the wording alone: near misses as written", worded, reworded, None),
        (TAKEN_OUT, yes, gone, taken_out),
    ):
        sizes = [len(left), len(right)]
        rows.append(
            Row(
                name,
                {
                    "questions": len(right),
                    "auroc": estimate(lambda a, b, x=left, y=right: separation(x[a], y[b]), sizes),
                    "refused": None if refused is None else share([not g.answered for g in refused]),
                    "refused_at_6": estimate(lambda a, b, x=left, y=right: refused_at(x[a], y[b]), sizes),
                },
            )
        )
    title = f"{NAME}, alone: what the wording gives away"
    return Table(f"{key}_wording", title, COLUMNS, tuple(rows), note=NOTE)
