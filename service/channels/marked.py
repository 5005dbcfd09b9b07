"""An answer's text with a marker such as ``[1]`` behind each sentence, and where the sentences then stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


class Mark(Protocol):
    """The part of a citation that marking needs, of the value and of its wire form alike."""

    @property
    def marker(self) -> int: ...

    @property
    def answer_start(self) -> int: ...

    @property
    def answer_end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Marked:
    """``text`` with its markers; ``spans[i]`` is where the sentence of citation ``i`` stands in it.

    A span counts code points, is half open, and leaves out the markers behind its sentence.
    """

    text: str
    spans: tuple[tuple[int, int], ...]


def mark(text: str, citations: Sequence[Mark]) -> Marked:
    """``text`` with each sentence's markers behind it: "It opens in May. [1] [2]"."""
    behind: dict[int, set[int]] = {}
    for citation in citations:
        behind.setdefault(citation.answer_end, set()).add(citation.marker)
    pieces, position, added = [], 0, 0
    shifts: list[tuple[int, int]] = []
    for end, markers in sorted(behind.items()):
        inserted = markers_text(markers)
        pieces += [text[position:end], inserted]
        position, added = end, added + len(inserted)
        shifts.append((end, added))
    spans = tuple(
        (
            # Markers that stand where a sentence begins belong to the one before; those that stand
            # where it ends are its own and come after it.
            citation.answer_start
            + max((by for end, by in shifts if end <= citation.answer_start), default=0),
            citation.answer_end + max((by for end, by in shifts if end < citation.answer_end), default=0),
        )
        for citation in citations
    )
    return Marked("".join([*pieces, text[position:]]), spans)


def markers_text(markers: Iterable[int]) -> str:
    """What goes behind a sentence: its markers in order, each after a space."""
    return "".join(f" [{marker}]" for marker in sorted(set(markers)))
