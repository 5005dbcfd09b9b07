"""Many announcements worded alike: is it the right one that answers, or none?

A newsroom has a hundred notices of new bus lines, and a question means one of them by its place. Each is a
headline that names the place and three sentences, of which the last two do not name it again
(``speed_corpus``). Its question asks for a figure, a date or a name; in one of three cases its announcement does
not give it, while those of other places give theirs.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.benchmarks import own
from eval.benchmarks.graded import ANSWERABLE, NEAR_MISS, ask
from eval.benchmarks.herald import NAME, Workshop
from eval.benchmarks.method import Method
from eval.benchmarks.speed_corpus import Generated, announcements, write_source
from eval.benchmarks.table import Part, Row, Table
from eval.case import Case, Expectation

ANNOUNCEMENTS, ASKED = 2_000, 600
SEED = 4711
"""Not the one of the corpus for measuring speed, on which was tried what to do with names."""
COLUMNS = tuple(column for column in own.COLUMNS if column.key != "out_of_scope_refused")


def measure(workshop: Workshop, others: Sequence[Method], say: Callable[[str], None]) -> Part:
    """Ask about some of the announcements over an index of all."""
    say("announcements worded alike")
    cases = [_case(each) for each in announcements(0, ASKED, SEED)]
    with TemporaryDirectory() as folder:
        source = Path(folder) / "announcements.jsonl"
        write_source(source, 0, ANNOUNCEMENTS, SEED)
        graded = ask([source], cases, workshop, others)
    rows = tuple(Row(name, own.figures(each, calibrated=name == NAME)) for name, each in graded.items())
    given = sum(case.tags[0] == ANSWERABLE for case in cases)
    title = f"{given} answerable questions and {ASKED - given} near misses on {ANNOUNCEMENTS:,} announcements"
    text = (
        "Made by a generator: a headline that names a place, and three sentences of a few dozen patterns. A chunk of"
        " the quickstart's is the whole announcement, and so holds every answer there is."
    )
    return Part("alike", "Announcements worded alike", text, (Table("alike", title, COLUMNS, rows),))


def _case(made: Generated) -> Case:
    expect = Expectation(refusal=True) if made.answer is None else Expectation(any_of=(made.answer,))
    verdict = NEAR_MISS if made.answer is None else ANSWERABLE
    return Case(made.id, expect, made.question, source=made.id, tags=(verdict,))
