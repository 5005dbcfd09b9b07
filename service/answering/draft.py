"""A model's text, as it streams, in sentences with the numbers of what they cite.

A sentence is given out when it is certain to have ended, its markers included, so that nobody ever
sees half a marker. What a marker says is never repaired: an unknown number is the writer's to refuse.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_SENTENCE = 2_000
"""Characters without an end after which a text is no sentence any more."""

_NUMBERS = r"\^?\d{1,6}(?:\s*[,，、;·]\s*\^?\d{1,6})*"
_MARKER = re.compile(rf"[\[［【]\s*(?P<numbers>{_NUMBERS})\s*[\]］】]")
_END = re.compile(
    rf"(?P<stop>[.!?…]+[\"'”’»)]*|[。！？]+[」』”’）]*)(?P<markers>(?:[ \t]*{_MARKER.pattern.replace('?P<numbers>', '?:')})*)"
    r"|(?P<line>[\n\r]+)"
)
_BARE_END = re.compile(r"(?P<stop>[.!?…]+[\"'”’»)]*|[。！？]+[」』”’）]*)|(?P<line>[\n\r]+)")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(\[\"“‘'])(?:Mr|Mrs|Ms|Mx|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|St|Mt|vs|cf|approx|e\.g|i\.e|Nos?|Art|Fig|Vol|Sec"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|(?:[A-Za-z]\.)*[A-Za-z])\.$"
)
_COUNTER = re.compile(r"\s*\(?\d{1,2}\.")
_LAYOUT = re.compile(r"^\s*(?:(?:[-*•‣◦·#>]+|\(?\d{1,2}[.)])\s+)+")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1")
_SPACE_BEFORE_STOP = re.compile(r"\s+(?=[.,;:!?。！？](?:\s|$|[\"'”’]))")
_THOUGHT = ("<think>", "</think>")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence without its markers, and their numbers in order, each once.

    ``finished`` is false for the rest of a text that was cut off.
    """

    text: str
    markers: tuple[int, ...]
    finished: bool = True


class Draft:
    """Takes a text piece by piece and gives its sentences out. One text, one draft."""

    def __init__(self) -> None:
        self._rest = ""
        self._begun = False
        self._leading = False
        """Whether markers stand before their sentences, as in the list that the model was given."""

    def feed(self, piece: str) -> Iterator[Drafted]:
        """The sentences that are known to have ended with this piece."""
        self._rest += piece
        if not self._begin():
            return
        while (end := self._next_end()) is not None:
            sentence, self._rest = self._rest[:end], self._rest[end:]
            if (drafted := drafted_of(sentence)) is not None:
                yield drafted

    def finish(self) -> Iterator[Drafted]:
        """What is left when nothing more comes: whole where it ends like a sentence, else unfinished."""
        rest, self._rest = self._rest, ""
        if (drafted := drafted_of(rest, finished=_stops(rest))) is not None:
            yield drafted

    @property
    def overlong(self) -> bool:
        """Whether what has come since the last sentence is too long to become one."""
        return len(self._rest) > LONGEST_SENTENCE

    def _begin(self) -> bool:
        """Whether the text proper has begun: what a model thinks aloud before it is left out."""
        if self._begun:
            return True
        self._rest = self._rest.lstrip()
        opening, closing = _THOUGHT
        if opening.startswith(self._rest[: len(opening)].lower()):
            thought = self._rest.lower().find(closing)
            if thought < 0:
                return False
            self._rest = self._rest[thought + len(closing) :].lstrip()
        if not self._rest or (self._rest[0] in "[［【" and not re.search("[]］】]", self._rest)):
            return False
        self._begun = True
        self._leading = _MARKER.match(self._rest) is not None
        return True

    def _next_end(self) -> int | None:
        """Where the first sentence of the rest ends, if that is certain."""
        for match in (_BARE_END if self._leading else _END).finditer(self._rest):
            if match["line"]:
                return match.end()
            ends = self._is_end(match, self._rest[match.end() :])
            if ends is None:
                return None
            if ends:
                return match.end()
        return None

    def _is_end(self, match: re.Match[str], after: str) -> bool | None:
        """Whether a stop ends its sentence; None where only what comes next will tell."""
        wide = match["stop"][0] in "。！？"
        following = after.lstrip(" \t")
        if not following:
            # More markers, or the rest of a figure, may be on their way.
            return None
        if not self._leading and following[0] in "[［【":
            return True if _is_no_marker(following) else None
        if wide or (not self._leading and match["markers"]):
            return True
        before = self._rest[: match.end("stop")]
        spaced = after[0].isspace() or (self._leading and after[0] in "[［【")
        goes_on = following[0].islower() or _ABBREVIATED.search(before[-24:]) or _COUNTER.fullmatch(before)
        return spaced and not goes_on


def drafted_of(sentence: str, *, finished: bool = True) -> Drafted | None:
    """A sentence with its markers taken out and its layout (bullets, emphasis) removed; None for a blank."""
    markers = dict.fromkeys(
        int(number) for match in _MARKER.finditer(sentence) for number in re.findall(r"\d+", match["numbers"])
    )
    text = " ".join(_MARKER.sub(" ", sentence[: 2 * LONGEST_SENTENCE]).split())
    text = _EMPHASIS.sub(r"\2", _LAYOUT.sub("", text))
    text = _SPACE_BEFORE_STOP.sub("", text).strip()
    return Drafted(text, tuple(markers), finished) if re.search(r"\w", text) else None


def _stops(text: str) -> bool:
    """Whether a text ends as a sentence does: with a stop, markers aside, and not inside a marker."""
    bare = _MARKER.sub("", text).rstrip()
    return bool(re.search(r"[.!?…。！？][\"'”’»)」』）]*$", bare)) and not _ABBREVIATED.search(bare[-24:])


def _is_no_marker(text: str) -> bool:
    """Whether a bracket that opens a text, and is no marker yet, will not become one either."""
    closing = re.search("[]］】]", text)
    return closing is not None or len(text) > 40 or "\n" in text
