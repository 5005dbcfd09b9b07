"""Which units of a text are body, which headings, and which page chrome.

The text proper is found first: it reaches from its first sentence to its last. Short lines without a
sentence's end are headlines before it and leftovers of the page after it; inside it they are
headings. The rules are conservative: what might be said nowhere else is kept as body.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from indexer.announcement import Kind
from indexer.chrome import is_chrome, is_control, is_menu, opens_footer, opens_links
from indexer.layout import Form, Unit, width

_LONGEST_HEADING = 150
_LONGEST_CAPTION = 400
_LONGEST_ENTRY = 30
_SAMPLE = 50

_CLOSERS = r"[\"'”’»」』）)\]】*_]*"
_ENDED = re.compile(rf"[.!?。！？…‽؟।॥۔]{_CLOSERS}\s*(?:\[\d+\]|[¹²³])?$")
_ENDED_LOOSELY = re.compile(
    rf"(?:[.!?。！？…‽؟।॥۔]|[가-힣]다|[세어아해네까]요|니까){_CLOSERS}\s*(?:\[\d+\])?$"
)
_STOPPED = re.compile(r"[.!。]\s")
_INNER_STOP = re.compile(r"[^\W\d_]{4}[\"'”’)]?[.!?][\"'”’)]?\s+[A-Z“\"가-힣]|[。！？]")
_ASKED = re.compile(r"[?？؟][\"'”’»」』)]*$")
_EXCLAIMED = re.compile(r"[!！…][\"'”’»」』)]*$|\.\.\.[\"'”’»」』)]*$")
_FIELD = re.compile(r"[^:：.!?\n]{1,40}?\s?[:：](?!//)\s*(?=\S)(?P<value>.*)", re.DOTALL)
_QUOTED = re.compile(r"[\"'“‘«「『]")
_DATED = re.compile(r"\W*\d|.*\d:\d\d", re.DOTALL)
_CAPTION = re.compile(
    r"""
      ^\W*(?:photo|image|picture|figure|credit|caption|사진|그림|자료|写真|图|foto|bild)\s*\d*\s?[:：=|/]
    | \b(?:photo|image|picture|photograph)s?(?:\ (?:by|courtesy|credit)\b|:\ |\ ?[/|=])
    | \b(?:image|photo)\ credit\b | \((?:photo|image)\b[^)]*\)$
    | [/=\[(]\s?사진\s?(?:=|제공|:)? | 사진\s?[=:/] | (?:[가-힣A-Za-z]+)\s제공[\])]?$
    | [\[(/](?:연합뉴스|뉴시스|뉴스1|로이터|게티이미지)[^\])]*[\])]?$
    | (?:yonhap|reuters|afp|getty\ images)[\])]?$
    """,
    re.IGNORECASE | re.VERBOSE,
)


def kinds(text: str, units: Sequence[Unit]) -> list[Kind]:
    """The kind of each unit; a text with any unit at all has at least one that is body."""
    return _Outline(text, units).kinds()


class _Outline:
    """One text's units while their kinds are being found.

    ``_first`` and ``_last`` are where the text proper begins and ends: the first and the last unit
    that is running text.
    """

    def __init__(self, text: str, units: Sequence[Unit]) -> None:
        self._units = units
        self._lines = [text[unit.start : unit.end] for unit in units]
        self._chrome = [is_chrome(line) for line in self._lines]
        running = self._running(_ENDED)
        # A Korean headline ends as a sentence does, its full stop aside: "3공장 짓는다".
        loose = self._running(_ENDED_LOOSELY)
        proper = running if any(running) else loose
        places = [index for index, each in enumerate(proper) if each]
        self._has_text = bool(places)
        self._first = places[0] if places else 0
        self._last = places[-1] if places else len(units) - 1
        self._is_running = [
            loosely if index > self._first else strictly
            for index, (strictly, loosely) in enumerate(zip(proper, loose, strict=True))
        ]

    def _running(self, ended: re.Pattern[str]) -> list[bool]:
        return [
            not chrome and unit.form is not Form.HEADING and _is_running(line, ended)
            for unit, line, chrome in zip(self._units, self._lines, self._chrome, strict=True)
        ]

    def kinds(self) -> list[Kind]:
        self._find_controls()
        if self._has_text:
            self._find_links()
        kept = [index for index, chrome in enumerate(self._chrome) if not chrome]
        found = [Kind.CHROME] * len(self._units)
        for run in self._runs(kept):
            listed = len(run) >= 3 and self._is_list(run)
            for index in run:
                found[index] = Kind.BODY if listed else self._unended_kind(index, len(run))
        for index, after in zip_longest(kept, kept[1:]):
            found[index] = self._kind(index, after, index == kept[0], found[index])
        return _with_body(found)

    def _find_controls(self) -> None:
        """Buttons and menus are chrome before the first sentence and after the last one."""
        outside = list(range(len(self._units)))
        if self._has_text:
            outside = [i for i in outside if not self._first <= i <= self._last]
        for index in outside:
            marked = self._units[index].form is Form.HEADING
            if not marked and (is_control(self._lines[index]) or len(self._lines[index]) == 1):
                self._chrome[index] = True

        def key(index: int) -> tuple[int, bool]:
            return self._units[index].block, len(self._lines[index]) <= _LONGEST_ENTRY

        for _, run in groupby(outside, key):
            menu = [i for i in run if self._units[i].form is not Form.NUMBERED]
            if self._has_text and is_menu([self._lines[i] for i in menu]):
                for index in menu:
                    # "Published 23 April" stands among the buttons and may answer a question.
                    self._chrome[index] |= not any(map(str.isdigit, self._lines[index]))

    def _find_links(self) -> None:
        """What stands under "Related articles" or a copyright notice is chrome, up to the next sentence."""
        opened: int | None = None
        footer = False
        for index, (unit, line) in enumerate(zip(self._units, self._lines, strict=True)):
            if self._chrome[index]:
                if opens_links(line) or opens_footer(line):
                    opened, footer = unit.block, index > self._last
            elif opened is not None:
                if self._is_running[index] or not (footer or unit.block <= opened + 1):
                    opened = None
                elif len(line) <= _LONGEST_CAPTION:
                    self._chrome[index] = True

    def _runs(self, kept: Sequence[int]) -> Iterator[list[int]]:
        """Neighbouring short lines of one block, as many as there are."""

        def key(index: int) -> tuple[int, bool, bool]:
            plain = self._units[index].form is Form.PLAIN and not self._is_running[index]
            return self._units[index].block, plain, index < self._first

        for (_, plain, _), run in groupby(kept, key):
            if plain:
                yield list(run)

    def _kind(self, index: int, after: int | None, headline: bool, unended: Kind) -> Kind:
        """The kind of a unit; ``after`` is the next one, ``unended`` its kind if it is a short line."""
        line, form = self._lines[index], self._units[index].form
        if form is Form.HEADING:
            return Kind.HEADING
        if form in {Form.ITEM, Form.ROW}:
            return Kind.BODY
        if form is Form.NUMBERED:
            heading = after is not None and self._is_numbered_heading(index, after)
            return Kind.HEADING if heading else Kind.BODY
        if len(line) <= _LONGEST_CAPTION and _CAPTION.search(line):
            return Kind.HEADING
        if self._is_running[index]:
            heading = after is not None and self._is_shouted(index, after, headline)
            return Kind.HEADING if heading else Kind.BODY
        return Kind.HEADING if headline and after is not None else unended

    def _is_list(self, run: Sequence[int]) -> bool:
        """Whether most of the neighbouring short lines begin with a figure or hold a time of day."""
        sample = run[:_SAMPLE]
        return sum(bool(_DATED.match(self._lines[index])) for index in sample) >= 0.6 * len(sample)

    def _unended_kind(self, index: int, neighbours: int) -> Kind:
        """The kind of a short line that does not end as a sentence does, one of so many."""
        line = self._lines[index]
        field = _FIELD.match(line)
        introduced = index > 0 and self._lines[index - 1].endswith((":", "："))
        if field is not None and not _QUOTED.match(field["value"]):
            return Kind.BODY
        if line.endswith((":", "：")) and line.count(" ") >= 4:
            return Kind.BODY
        if index > self._first and _INNER_STOP.search(line):
            return Kind.BODY
        if self._has_text and index < self._first:
            return Kind.HEADING
        loose_end = index > self._last and bool(_DATED.match(line))
        return Kind.BODY if neighbours >= 3 or introduced or loose_end else Kind.HEADING

    def _is_numbered_heading(self, index: int, after: int) -> bool:
        """A short numbered line is a heading where running text follows, and an item among others."""
        line, unit = self._lines[index], self._units[index]
        if self._units[after].form is Form.NUMBERED or _ENDED.search(line):
            return False
        if index and self._units[index - 1].block == unit.block:
            return False
        return width(line) <= _LONGEST_HEADING // 2

    def _is_shouted(self, index: int, after: int, headline: bool) -> bool:
        """A headline with an exclamation or a question, or the question that the next lines answer."""
        line = self._lines[index]
        if width(line) > _LONGEST_HEADING or _STOPPED.search(line):
            return False
        alone = line.count("?") + line.count("？") == 1 and not _QUOTED.match(line)
        if alone and _ASKED.search(line) and not _ASKED.search(self._lines[after]):
            return True
        return headline and bool(_EXCLAIMED.search(line))


def _with_body(found: list[Kind]) -> list[Kind]:
    """``found``, except that the best there is becomes body where nothing is."""
    for kind in (Kind.HEADING, Kind.CHROME):
        if Kind.BODY in found:
            break
        found = [Kind.BODY if each is kind else each for each in found]
    return found


def _is_running(line: str, ended: re.Pattern[str]) -> bool:
    """Whether ``line`` is running text: it ends as a sentence does, or is too long for a heading."""
    if len(line) > _LONGEST_CAPTION or width(line) > _LONGEST_HEADING:
        return True
    if not ended.search(line):
        return False
    return line.count(" ") >= 2 or width(line) >= 2 * len(line) - 2 >= 10
