"""Tables of figures with their intervals: for the terminal, for a document and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.benchmarks.intervals import Estimate

Cell = Estimate | int | str | None
"""None where a method does not have the figure."""


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` names the figure for programs; ``percent`` says how it is written."""

    key: str
    heading: str
    percent: bool = True
    interval: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A label and a cell for the key of each column that has one."""

    label: str
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    first: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One benchmark's outcome. ``skipped`` says why there is none; ``curves`` are for the plot."""

    key: str
    title: str
    text: str = ""
    tables: tuple[Table, ...] = ()
    skipped: str | None = None
    curves: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


def written(cell: Cell, column: Column) -> str:
    """A cell as a person reads it: the figure and, in brackets, its 95% interval."""
    if cell is None:
        return "–"
    if not isinstance(cell, Estimate):
        return str(cell)

    def figure(value: float) -> str:
        shown = f"{100 * value:.1f}" if column.percent else f"{value:.3f}"
        return shown.removeprefix("-") if not float(shown) else shown

    text = figure(cell.value) + ("%" if column.percent else "")
    return f"{text} ({figure(cell.low)} to {figure(cell.high)})" if column.interval else text


def markdown(table: Table) -> str:
    """The table in GitHub's Markdown, under its title."""
    heading = [table.first, *(column.heading for column in table.columns)]
    lines = [f"| {' | '.join(cells)} |" for cells in [heading, *_cells(table)]]
    lines.insert(1, "|" + "---|" * len(heading))
    note = f"\n\n{table.note}" if table.note else ""
    return f"**{table.title}**\n\n" + "\n".join(lines) + note


def plain(table: Table) -> str:
    """The table in columns of equal width, for a terminal."""
    grid = [[table.first, *(column.heading for column in table.columns)], *_cells(table)]
    widths = [max(len(row[i]) for row in grid) for i in range(len(grid[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in grid
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([table.title, *lines, *([table.note] if table.note else [])])


def record(table: Table) -> dict[str, Any]:
    """The table as JSON has it: by row and column, figure, interval and number of questions."""
    return {
        "title": table.title,
        "rows": {row.label: {key: _value(cell) for key, cell in row.cells.items()} for row in table.rows},
    }


def _cells(table: Table) -> Sequence[list[str]]:
    return [
        [row.label, *(written(row.cells.get(column.key), column) for column in table.columns)]
        for row in table.rows
    ]


def _value(cell: Cell) -> Any:
    if not isinstance(cell, Estimate):
        return cell
    return {
        "value": round(cell.value, 4),
        "low": round(cell.low, 4),
        "high": round(cell.high, 4),
        "questions": cell.count,
    }
