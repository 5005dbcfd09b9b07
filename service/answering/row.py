"""Rows: lines of a list or a table, each of which names a thing and tells something of it."""

import re
from collections.abc import Iterator
from itertools import takewhile

from service.answering.question import Span
from service.answering.scoring import Evidence

_MARKER = re.compile(r"^[ \t]*(?:\|(?:[ \t]*\|)*|[-*•‣◦·∙▪–—○●□■◇◆▶▷►✔※ㅇ]|\(?\d{1,2}[.)]|[①-⑳])[ \t]*$")
_CELL = re.compile(r"[^|\s](?:[^|]*[^|\s])?")
_RULE = re.compile(r"[ \t|]*\n(?=[^\n]*---)[ \t|:-]+(?:\n|\Z)")
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "？", "！")


def is_item(text: str, start: int) -> bool:
    """Whether what begins there is an item of a list, or a line of a table."""
    line = text.rfind("\n", 0, start) + 1
    return _MARKER.match(text[line:start]) is not None


def is_row(evidence: Evidence, sentence: int) -> bool:
    """Whether it is an item that is no sentence: without those beside it, it says as much as with them."""
    start, end = evidence.sentences[sentence]
    return is_item(evidence.text, start) and not evidence.text[start:end].endswith(_SENTENCE_ENDS)


def is_header(text: str, start: int, end: int) -> bool:
    """Whether it names a table's columns: a rule is drawn under it."""
    return is_item(text, start) and _RULE.match(text, end) is not None


def cells(evidence: Evidence, sentence: int) -> tuple[tuple[str, Span], ...]:
    """The cells of a table's row, each with the name of its column and its place in the row; none of what is no such
    row, or of a table whose header its passage lacks."""
    above = _upwards(evidence, sentence)
    header = next(
        (number for number in above if is_header(evidence.text, *evidence.sentences[number])), sentence
    )
    if header == sentence:
        return ()
    names = [cell[0] for cell in _CELL.finditer(evidence.sentence(header))]
    spans = [cell.span() for cell in _CELL.finditer(evidence.sentence(sentence))]
    if len(names) == len(spans) - 1:
        names = ["", *names]  # nothing stands over the names of the rows
    return tuple(zip(names, spans, strict=True)) if len(names) == len(spans) > 1 else ()


def introduction(evidence: Evidence, sentence: int) -> int | None:
    """The sentence before the rows that this one is among, which says what they are; None where none is shown."""
    before = sentence - len(list(_upwards(evidence, sentence)))
    return before if before >= 0 else None


def _upwards(evidence: Evidence, sentence: int) -> Iterator[int]:
    """A row and those right above it, upwards; none of what is no row."""
    return takewhile(lambda number: is_row(evidence, number), range(sentence, -1, -1))
