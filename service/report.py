"""Groups of questions for people and programs: a table, CSV, JSON."""

import csv
import io
import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.questions import QuestionGroup

COLUMNS = ("question", "asked", "refused", "clarified", "up", "down", "first_asked", "last_asked", "wordings")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a cell for a formula by."""


def write_table(groups: Sequence[QuestionGroup], console: Console | None = None) -> None:
    """Print the groups. Nothing in a question is taken for markup, or moves the cursor."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("asked", "refused", "👎"):
        table.add_column(name, justify="right")
    table.add_column("last")
    table.add_column("question", overflow="fold", ratio=1)
    for group in groups:
        counts = (str(count) if count else "" for count in (group.asked, group.refused, group.down))
        table.add_row(*counts, group.last_asked.date().isoformat(), _cell(group))
    (console or Console(highlight=False)).print(table)


def as_csv(groups: Sequence[QuestionGroup]) -> str:
    """A line for each group, its wordings in one cell, one below the other; the last line is not ended."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for group in groups:
        wordings = "\n".join(map(printable, group.wordings))
        times = (group.first_asked.isoformat(), group.last_asked.isoformat())
        counts = (group.asked, group.refused, group.clarified, group.up, group.down)
        writer.writerow((_inert(printable(group.question)), *counts, *times, _inert(wordings)))
    return out.getvalue().removesuffix("\n")


def as_json(groups: Sequence[QuestionGroup]) -> str:
    """The groups as a list of objects."""
    return json.dumps(
        [
            {
                "question": group.question,
                "asked": group.asked,
                "refused": group.refused,
                "clarified": group.clarified,
                "up": group.up,
                "down": group.down,
                "first_asked": group.first_asked.isoformat(),
                "last_asked": group.last_asked.isoformat(),
                "wordings": list(group.wordings),
            }
            for group in groups
        ],
        ensure_ascii=False,
        indent=2,
    )


def printable(text: str) -> str:
    """The text on one line, without characters that command a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))


def _cell(group: QuestionGroup) -> Text:
    text = Text(printable(group.question))
    others = len(group.wordings) - 1
    if others:
        text.append(f"  (+{others} {'wording' if others == 1 else 'wordings'})", style="dim")
    return text


def _inert(cell: str) -> str:
    """The cell so that no spreadsheet computes it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
