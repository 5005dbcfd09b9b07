"""A text's lines put together into units: paragraphs, list items, table rows and marked headings.

Text arrives as people keep it: one paragraph a line, or lines wrapped at 72 columns, with bullets,
Markdown headings and tables. A unit is what a reader takes for one of these, without its markup.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise
from unicodedata import east_asian_width


class Form(Enum):
    """What the layout alone says about a unit."""

    PLAIN = auto()
    HEADING = auto()
    """Marked as one, by ``#`` or by an underline."""
    NUMBERED = auto()
    ITEM = auto()
    ROW = auto()


@dataclass(frozen=True, slots=True)
class Unit:
    """``text[start:end]``, without markup or white space at its ends.

    Units that no blank line, rule or change of indentation parts share their ``block``.
    """

    start: int
    end: int
    form: Form
    block: int


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    form: Form
    indent: int
    block: int
    width: int


# A mark before a figure may be its sign: "> 90%", "+ 5 points".
_QUOTE = r"(?:>(?!\s*\d)[ \t]?)*"
_BULLET = r"(?:(?:[-*•‣◦·∙▪▫–—※ㅇ]|\+(?!\s*\d))[ \t\u3000\xa0]+|[•□■○●◇◆▶▷►✔✓☞][ \t\u3000\xa0]*)"
_MARKUP = re.compile(
    rf"(?P<quote>{_QUOTE})(?P<indent>\s*)"
    rf"(?:(?P<heading>\#{{1,6}}\s+)|(?P<item>{_BULLET}(?:\[[ xX]\]\s+)?)|(?P<row>\|))?"
)
_NUMBER = re.compile(
    r"(?:\d{1,3}(?:\.\d{1,2}){0,3}[.)](?!\d)|\(\d{1,2}\)|[①-⑳⑴-⒇❶-❿]|[가나다라마바사아자차카타파하][.)]|\(?[a-zA-Z]\)|[ivxIVX]{1,4}[.)])"
    r"\s*(?=\S)"
)
_CELLS = re.compile(r"\S\s*(?:\||\t)\s*\S.*(?:\||\t)|\S[ ]*\t+[ ]*\S")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_LONG = 1_000
_CASELESS = re.compile(r"[\u0590-\u06ff\u0900-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ENDED = re.compile(r"[.!?。！？…‽؟।॥۔:;：；][\"'”’»」』）)\]】]*$")
_OPEN = re.compile(r"(?:,|\s(?:and|or|the|of|to|an?|for|in|with|by|at|from|on|und|der|die|et|de|y|e))$")
_TAIL = 40
_WIDE = frozenset("WF")

_NARROWEST_WRAP, _WIDEST_WRAP = 30, 130
_FULL_SHARE = 0.6


def units(text: str) -> list[Unit]:
    """The units of ``text``, in order and disjoint; what lies between them is markup or white space."""
    found: list[Unit] = []
    for block in _blocks(text):
        found.extend(_block_units(text, block))
    return found


def width(text: str) -> int:
    """How many columns ``text`` takes: an East Asian wide character takes two.

    Of a text too long for its layout to say anything, it is the number of characters.
    """
    if text.isascii() or len(text) > _LONG:
        return len(text)
    return len(text) + sum(east_asian_width(character) in _WIDE for character in text)


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Runs of lines with nothing between them; a rule and a heading's mark end a run."""
    block: list[_Line] = []
    number, position = 0, 0
    for raw in text.splitlines(keepends=True):
        line = _line(text, position, position + len(raw), number)
        position += len(raw)
        if line is not None and line.form is not Form.HEADING:
            block.append(line)
            continue
        heading = block.pop() if block and _underlines(raw.strip(), block) else None
        if block:
            yield block
            number += 1
        block = []
        if heading is not None:
            yield [replace(heading, form=Form.HEADING, block=number)]
            number += 1
        if line is not None:
            yield [replace(line, block=number)]
            number += 1
    if block:
        yield block


def _underlines(rule: str, block: Sequence[_Line]) -> bool:
    """Whether ``rule`` marks the line above it as a heading; dashes may also part two paragraphs."""
    if block[-1].form is not Form.PLAIN or not _UNDERLINE.fullmatch(rule):
        return False
    return rule[0] == "=" or (len(block) == 1 and 0.8 <= len(rule) / block[0].width <= 1.5)


def _line(text: str, start: int, end: int, block: int) -> _Line | None:
    """The line at ``text[start:end]`` without its markup; None where markup is all that it has."""
    stop = start + len(text[start:end].rstrip())
    markup = _MARKUP.match(text, start, stop)
    if markup is None:
        return None
    start = markup.end()
    form = Form.PLAIN
    if markup["heading"]:
        form = Form.HEADING
        stop = start + len(text[start:stop].rstrip("#").rstrip())
    elif markup["item"]:
        form = Form.ITEM
    elif markup["row"] or _CELLS.search(text, start, stop):
        form = Form.ROW
        stop = start + len(text[start:stop].rstrip("| \t"))
    elif _NUMBER.match(text, start, stop):
        form = Form.NUMBERED
    start += len(text[start:stop]) - len(text[start:stop].lstrip())
    content = text[start:stop]
    if not any(map(str.isalnum, content)):
        return None
    indent = len(markup["indent"])
    return _Line(start, stop, form, indent, block, indent + width(content))


def _block_units(text: str, block: Sequence[_Line]) -> Iterator[Unit]:
    """The block's lines, each joined with the lines that carry it on."""
    wrapped = _is_wrapped(text, block)
    column = max(line.width for line in block)
    first = block[0]
    for line, after in pairwise(block):
        hangs = _hangs(text, line, after, first)
        carried = hangs or _is_open(text, line, after) or (wrapped and _is_full(text, line, after, column))
        if after.form is not Form.PLAIN or not carried:
            yield Unit(first.start, line.end, first.form, first.block)
            first = after
    yield Unit(first.start, block[-1].end, first.form, first.block)


def _hangs(text: str, line: _Line, after: _Line, first: _Line) -> bool:
    """Whether ``after`` is indented under the list item ``first`` and carries on its ``line``."""
    if first.form not in {Form.ITEM, Form.NUMBERED} or after.indent <= first.indent:
        return False
    return not _is_ended(text, line) or text[after.start].islower()


def _is_open(text: str, line: _Line, after: _Line) -> bool:
    """Whether ``line`` stops in the middle of a sentence that ``after`` goes on with."""
    if _OPEN.search(text, max(line.start, line.end - _TAIL), line.end):
        return True
    lower = line.width >= _NARROWEST_WRAP and text[after.start].islower()
    return lower and not _is_ended(text, line)


def _is_ended(text: str, line: _Line) -> bool:
    return bool(_ENDED.search(text, max(line.start, line.end - _TAIL), line.end))


def _is_full(text: str, line: _Line, after: _Line, column: int) -> bool:
    """Whether the next line's first word would not have fitted on this line any more."""
    word = text[after.start : after.end].split(maxsplit=1)[0]
    room = 2 if _CASELESS.match(word) and len(word) > 12 else width(word)
    return line.width + 1 + room > column


def _is_wrapped(text: str, block: Sequence[_Line]) -> bool:
    """Whether lines were broken to fit a column, and not because something ends with each of them.

    Most lines have to be full, and one has to stop in the middle of a sentence: the next goes on in
    lower case or, in a script that has none, only the last line ends as a sentence does.
    """
    column = max(line.width for line in block)
    pairs = [(line, after) for line, after in pairwise(block) if after.form is Form.PLAIN]
    if not pairs or not _NARROWEST_WRAP <= column <= _WIDEST_WRAP:
        return False
    full = [pair for pair in pairs if _is_full(text, *pair, column)]
    if len(full) < _FULL_SHARE * len(pairs):
        return False
    open_ended = [pair for pair in full if not _is_ended(text, pair[0])]
    if any(text[after.start].islower() for _, after in open_ended):
        return True
    caseless = all(_CASELESS.search(text, line.start, line.end) for line in block)
    return caseless and bool(open_ended) and _is_ended(text, block[-1])
