"""The figures of several methods side by side, and Herald's lead over each."""

from eval.benchmarks.herald import NAME
from eval.benchmarks.intervals import Estimate, difference
from eval.benchmarks.table import Cell, Column, Row, Table

Cells = dict[str, Cell]


def compared(
    key: str, title: str, columns: tuple[Column, ...], rows: dict[str, Cells]
) -> tuple[Table, Table]:
    """A table of the figures by method, and one of the paired differences."""
    others = [name for name in rows if name != NAME]
    return (
        Table(key, title, columns, tuple(Row(name, cells) for name, cells in rows.items())),
        Table(
            f"{key}_difference",
            f"{title}; {NAME} less the other, paired",
            columns,
            tuple(Row(f"less {name}", less(rows[NAME], rows[name])) for name in others),
        ),
    )


def less(ours: Cells, theirs: Cells) -> Cells:
    """The differences of all figures that both have."""
    return {
        key: difference(cell, other)
        for key, cell in ours.items()
        if isinstance(cell, Estimate) and isinstance(other := theirs.get(key), Estimate)
    }
