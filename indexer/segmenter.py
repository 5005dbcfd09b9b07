"""Text into passages and their sentences, with exact offsets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.announcement import Kind, Passage, Sentence
from indexer.introduction import introduces
from indexer.layout import Form, Unit, units
from indexer.outline import kinds
from indexer.sentences import cut, shortened

VERSION = "3"
"""Names the rules of ``segment``. Texts that were cut by others are cut anew when they are indexed again."""
TARGET_SIZE = 150
"""How many word pieces a passage put together from several paragraphs may have, as ``size`` estimates."""
LARGEST_SIZE = 215
"""How many word pieces a paragraph may have that is kept whole, by the same estimate.

An encoder that takes 256 sees the whole of such a paragraph in 99 of 100 cases.
"""

_LETTERS_AND_SPACES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ \t\n\r"
_ASCII = bytes(range(128))
_ROWS = frozenset({Form.ITEM, Form.ROW})


@dataclass(frozen=True, slots=True)
class _Cut:
    """A sentence and the number of the paragraph that it comes from.

    ``row``: that is a line of a list or table. ``introducing``: the sentence introduces what follows.
    """

    sentence: Sentence
    paragraph: int
    size: float
    row: bool
    introducing: bool


def segment(
    text: str, language: str, *, target: float = TARGET_SIZE, largest: float = LARGEST_SIZE
) -> tuple[Passage, ...]:
    """The passages of ``text``, in order and disjoint, without page chrome.

    A paragraph of at most ``largest`` stays whole; neighbouring small ones share a passage of at most
    ``target``; a larger one is divided evenly between sentences. The lines of a list or table stay with
    each other and with what introduces them, up to ``largest``. No passage crosses a heading, and the
    headings over a section belong to its first passage. Only a passage of one sentence is ever larger
    than ``largest``. Any text that is not blank has a passage.
    """
    numbered = [
        _Cut(
            sentence,
            paragraph,
            size(text[sentence.start : sentence.end]),
            unit.form in _ROWS,
            introduces(text[sentence.start : sentence.end]),
        )
        for paragraph, unit, sentence in _numbered(text, language)
    ]
    return tuple(
        Passage(run[0].sentence.start, run[-1].sentence.end, tuple(each.sentence for each in run))
        for section in _sections(numbered)
        for run in _passages(section, target, largest)
    )


def sentences(text: str, language: str) -> tuple[Sentence, ...]:
    """Every sentence, heading and line of chrome of ``text``, in order and disjoint.

    What lies between them is white space or markup (bullets, ``#``, table pipes, rules).
    """
    return tuple(sentence for _, _, sentence in _numbered(text, language))


def size(text: str) -> float:
    """About how many word pieces all-MiniLM-L6-v2's vocabulary makes of ``text``.

    A linear fit over English and Korean articles: five and a half letters or spaces a piece, one for a
    digit or a mark, and 0.6 for each byte outside ASCII.
    """
    raw = text.encode("utf-8", "surrogatepass")
    foreign = len(raw.translate(None, _ASCII))
    marks = len(raw.translate(None, _LETTERS_AND_SPACES)) - foreign
    return 0.18 * (len(raw) - marks - foreign) + 0.93 * marks + 0.6 * foreign


def _numbered(text: str, language: str) -> Iterator[tuple[int, Unit, Sentence]]:
    """Every sentence with its paragraph and the number of that."""
    found = units(text) or _whole(text)
    for number, (unit, kind) in enumerate(zip(found, kinds(text, found), strict=True)):
        if kind is Kind.BODY and unit.form is not Form.ROW:
            spans = cut(text, unit.start, unit.end, language)
        else:
            spans = shortened(text, unit.start, unit.end)
        for start, end in spans:
            yield number, unit, Sentence(start, end, kind)


def _whole(text: str) -> list[Unit]:
    """A text of marks alone as one unit: an announcement may be three emoji."""
    start = len(text) - len(text.lstrip())
    return [Unit(start, len(text.rstrip()), Form.PLAIN, 0)] if text.strip() else []


def _sections(cuts: Sequence[_Cut]) -> Iterator[list[_Cut]]:
    """Stretches without chrome, each with the headings that stand over it."""
    section: list[_Cut] = []
    for each in cuts:
        chrome = each.sentence.kind is Kind.CHROME
        begins = each.sentence.kind is Kind.HEADING and bool(section)
        if section and (chrome or (begins and section[-1].sentence.kind is Kind.BODY)):
            yield section
            section = []
        if not chrome:
            section.append(each)
    if section:
        yield section


def _passages(section: Sequence[_Cut], target: float, largest: float) -> Iterator[list[_Cut]]:
    passage: list[_Cut] = []
    filled = 0.0
    for number, paragraph in enumerate(_blocks(_paragraphs(section, target, largest), largest)):
        added = sum(each.size for each in paragraph)
        limit = largest if number == 1 and passage[-1].sentence.kind is Kind.HEADING else target
        if passage and filled + added > limit:
            yield passage
            passage, filled = [], 0.0
        passage.extend(paragraph)
        filled += added
    if passage:
        yield passage


def _blocks(paragraphs: Iterable[list[_Cut]], largest: float) -> Iterator[list[_Cut]]:
    """The paragraphs, the lines of each list or table joined with each other and with what introduces them; only with
    the first of them where all would be larger than ``largest``."""
    introduction: list[_Cut] = []
    for rows, group in groupby(paragraphs, lambda each: each[0].row):
        runs = list(group)
        if rows:
            whole = introduction + [each for run in runs for each in run]
            if sum(each.size for each in whole) <= largest:
                runs = [whole]
            elif introduction and sum(each.size for each in introduction + runs[0]) <= largest:
                runs[0] = introduction + runs[0]
            elif introduction:
                yield introduction
            introduction = []
        elif runs[-1][-1].introducing:
            introduction = runs.pop()
        yield from runs
    if introduction:
        yield introduction


def _paragraphs(section: Sequence[_Cut], target: float, largest: float) -> Iterator[list[_Cut]]:
    """The section's headings as one, then its paragraphs, those too large in parts of equal size."""
    for _, group in groupby(section, lambda each: (each.sentence.kind is Kind.HEADING, each.paragraph)):
        paragraph = list(group)
        total = sum(each.size for each in paragraph)
        if total <= largest:
            yield paragraph
        else:
            yield from _parts(paragraph, total / -(-total // target), largest)


def _parts(paragraph: Sequence[_Cut], share: float, largest: float) -> Iterator[list[_Cut]]:
    part: list[_Cut] = []
    filled = 0.0
    for each in paragraph:
        over = filled + each.size
        if part and (over > largest or over - share > share - filled):
            yield part
            part, filled = [], 0.0
        part.append(each)
        filled += each.size
    yield part
