"""The figures that count, in one table."""

from collections.abc import Sequence

from eval.benchmarks.baselines import BM25, BM25_SENTENCES, QUICKSTART, QUICKSTART_SENTENCES
from eval.benchmarks.giveaway import TAKEN_OUT
from eval.benchmarks.herald import NAME
from eval.benchmarks.table import Cell, Column, Part, Row, Table, written

HELD_OUT, THRESHOLD, TEST = "xquad_held_out", "xquad_threshold", "own_test"
WORDING = f"{TEST}_wording"
FIGURES = (
    ("XQuAD, held-out articles", HELD_OUT, "r_at_1"),
    ("XQuAD, held-out articles", HELD_OUT, "r_at_5"),
    ("XQuAD, held-out articles", HELD_OUT, "sentence_holds_answer"),
    ("XQuAD, held-out articles", HELD_OUT, "auroc"),
    ("XQuAD, held-out articles", HELD_OUT, "area"),
    ("XQuAD, held-out articles", THRESHOLD, "near_miss_refused"),
    ("XQuAD, held-out articles", THRESHOLD, "answerable_refused"),
    ("XQuAD, held-out articles", THRESHOLD, "calibration_error"),
    ("MTRAG subset", "mtrag", "r_at_5"),
    ("MTRAG subset", "mtrag", "any_at_5"),
    ("MTRAG subset", "mtrag", "auroc"),
    ("KorQuAD sample", "korquad", "r_at_1"),
    ("KorQuAD sample", "korquad", "sentence_holds_answer"),
    ("our test split", TEST, "right"),
    ("our test split", TEST, "auroc"),
    ("our test split", TEST, "near_miss_refused"),
    ("our test split", TEST, "answerable_refused"),
    ("our test split", TEST, "out_of_scope_refused"),
    ("our test split", TEST, "calibration_error"),
    ("our test split, answers taken out", WORDING, "auroc"),
    ("our test split, answers taken out", WORDING, "refused"),
    ("several announcements of one body, test split", "several_test", "passed"),
    ("announcements worded alike", "alike", "right"),
    ("announcements worded alike", "alike", "auroc"),
    ("announcements worded alike", "alike", "near_miss_refused"),
    ("announcements worded alike", "alike", "answerable_refused"),
    ("a real announcement", "announcement_questions", "share"),
)
"""Where a figure comes from: what it is called, its table, its column."""

ROWS = {
    NAME: (NAME, "held-out articles", "all", TAKEN_OUT),
    QUICKSTART: (
        *(QUICKSTART, QUICKSTART_SENTENCES),
        *(f"{QUICKSTART}, last turn", f"{QUICKSTART_SENTENCES}, last turn"),
    ),
    BM25: (BM25, BM25_SENTENCES, f"{BM25}, last turn", f"{BM25_SENTENCES}, last turn"),
}
"""The rows of the other tables that stand for a method: the first that has the figure."""


def summary(parts: Sequence[Part]) -> Table:
    """Each figure beside those of the other methods; what was not measured is left out."""
    tables = {table.key: table for part in parts for table in part.tables}
    rows = []
    for label, key, figure in FIGURES:
        if key in tables:
            column = next(column for column in tables[key].columns if column.key == figure)
            cells: dict[str, Cell] = {
                method: _shown(tables[key], column, names) for method, names in ROWS.items()
            }
            rows.append(Row(f"{label}: {column.heading}", cells))
    columns = tuple(Column(method, method) for method in ROWS)
    return Table("summary", "The figures that count", columns, tuple(rows))


def _shown(table: Table, column: Column, names: Sequence[str]) -> str:
    cells = {row.label: row.cells.get(column.key) for row in table.rows}
    return written(next((cells[name] for name in names if cells.get(name) is not None), None), column)
