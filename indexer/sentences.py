"""Cutting a paragraph into sentences, exactly: the pieces are slices of the text and lose none of it.

``sentencex`` proposes the cuts. Those that it makes inside a date, after a title or between a quotation
and the words that report it are undone, and a sentence that would be a wall of text is cut at a clause.
"""

import re
from collections.abc import Iterator

import sentencex

LONGEST_SENTENCE = 1_000
"""Characters; a wide character (Hangul, Han, Kana) counts as three, a line's end as two."""

_SHORTEST_SHARE = 0.4
_WORDLESS = re.compile(r"[\W_]*")
_COUNTER = re.compile(r"\W*(?:\d{1,4}|[a-zA-Z]|[가나다라마바사아자차카타파하]|[ivxIVX]{1,4})[.)]\s*")
_NUMBER_STOP = re.compile(r"\d{1,4}\.\s*$")
_TITLE = re.compile(
    r"(?:^|[\s(\"“‘'])(?:Mr|Mrs|Ms|Mx|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|Cmdr|Maj|Adm|Rev|Hon|Msgr|St|Mt|Ft"
    r"|vs|cf|e\.g|i\.e|Hr|Fr|Dipl|Ing|Sr|Sra|Srta|Mme|Mlle|M)\.\s*$"
)
_ABBREVIATED_NUMBER = re.compile(
    r"(?:^|[\s(\"“‘'])(?:[Nn]os?|[Nn]r|[Ff]igs?|[Aa]rts?|[Pp]p?|[Vv]ol|[Cc]h|[Ss]ec|[Ee]d|[Ee]q|[Pp]ara|[Cc]a|[Aa]pprox"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|[Tt]el|[Nn]úm|[Aa]bs|[Bb]d)\.\s*$"
)
_EXCLAIMED = re.compile(r"\W*\w+!\s*")
_MISSED = re.compile(r"\.\s+(?=[\"“][A-Z])|(?:(?<=/h)|(?<=\bMay))\.\s+(?=[A-Z])")
"""Ends that ``sentencex`` takes for those of an abbreviation: *80 km/h. “We …*, *by 29 May. A leaflet …*"""
_INITIAL = re.compile(r"(?<!\w)[A-Z]\.\s*$")
_PENDING = re.compile(r"(?:When|While|As|After|Asked)\b[^,“\"]{0,120},\s*[“\"][^“”\"]+[?!][”\"]\s*")
"""A clause that waits for its main clause: *When she asked, “Why?”* he said."""
_CLOSED = re.compile(r"[\"'”’」』）)\]》〉]$")
_REPORTED_KO = re.compile(r"(?:이?라(?:고|며|면서|는|던)|이?란|고|며|하고|면서|는|라|이라)(?=[\s가-힣,.]|$)")
_HIRAGANA = re.compile(r"[ぁ-ゖ]")
_LOWER = re.compile(r"[^\w\s]*[a-zß-öø-ÿа-яα-ω]")
_LATIN = re.compile(r"[A-Za-z]")
_TRAILED = re.compile(r"(?:\.\.\.|…|[?!？！][\"'”’]?)\s*$")

_WIDE = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")
_INNER_ENDS = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(]?[^\W\d_a-z])|[。！？][」』”’）]?")
_CLAUSES = re.compile(r"[;；:：]\s+|[；：]|\s[–—]\s|—")
_COMMAS = re.compile(r"[,،]\s+|[、，]")
_SPACES = re.compile(r"\s+")
_EXTENDERS = re.compile(
    r"[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u1160-\u11ff\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]"
)


def cut(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """The sentences of the paragraph ``text[start:end]`` as spans of ``text``, white space trimmed."""
    # A line break inside a paragraph is a space: sentencex would take some of them for an end.
    paragraph = re.sub(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", " ", text[start:end])
    for joined in _joined(sentencex.segment(language, paragraph), language):
        for sentence in _parted(joined):
            yield from shortened(text, start, start + len(sentence))
            start += len(sentence)


def shortened(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span ``text[start:end]``, in parts where it is too long to be quoted, white space trimmed."""
    written = text[start:end]
    if "\r\n" not in written:
        yield from _shortened(text, start, end)
        return
    # A line's end counts once, however it is written, so that the same words are cut alike.
    kept = [i for i, each in enumerate(written) if each != "\r" or written[i + 1 : i + 2] != "\n"]
    for first, last in _shortened("".join(written[i] for i in kept), 0, len(kept)):
        yield start + kept[first], start + kept[last - 1] + 1


def _shortened(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = _reach(text, start, end)
        if stop < end:
            stop = _best_break(text, start, stop)
        piece = text[start:stop]
        blank = len(piece) - len(piece.lstrip())
        if blank < len(piece):
            yield start + blank, start + len(piece.rstrip())
        start = stop


def _joined(pieces: list[str], language: str) -> Iterator[str]:
    """The pieces, with those put together that belong to one sentence."""
    parts: list[str] = []
    # Only the end of what was gathered decides; joining it anew for each piece would take n² time.
    for piece in pieces:
        if parts and not _belongs(parts[-1], piece, language):
            yield "".join(parts)
            parts = []
        parts.append(piece)
    if parts:
        yield "".join(parts)


def _parted(sentence: str) -> Iterator[str]:
    """The sentence, in two where a quotation begins behind what only looks like an abbreviation."""
    begun = 0
    for match in _MISSED.finditer(sentence):
        before = sentence[begun : match.end()]
        inside = before.count('"') % 2 or before.count("“") > before.count("”")
        if not (inside or _TITLE.search(before) or _INITIAL.search(before)):
            yield before
            begun = match.end()
    yield sentence[begun:]


def _belongs(before: str, after: str, language: str) -> bool:
    """Whether ``after`` goes on with the sentence that ``before`` ends."""
    if any(_WORDLESS.fullmatch(piece) for piece in (before, after)):
        return True
    if _COUNTER.fullmatch(before) or (_EXCLAIMED.fullmatch(before) and _LATIN.match(after)):
        return True
    tail, opening = before[-40:], after.lstrip()[:40]
    return (
        bool(_TITLE.search(tail) or _PENDING.fullmatch(before))
        or bool(_NUMBER_STOP.search(tail) and _COUNTER.fullmatch(after))
        or bool(_ABBREVIATED_NUMBER.search(tail) and opening[:1].isdigit())
        or bool(_TRAILED.search(tail) and _LOWER.match(opening))
        or bool(tail.endswith("!") and _LATIN.match(after))  # a name: "E!Online"
        or _is_reported(tail, after, opening, language)
    )


def _is_reported(tail: str, after: str, opening: str, language: str) -> bool:
    """Whether ``after`` is the "he said" of the quotation that has just been closed."""
    if not _CLOSED.search(tail.rstrip()):
        return False
    attached = not tail[-1:].isspace() and not after[:1].isspace()
    if language == "ko":
        return bool(_REPORTED_KO.match(opening)) or (attached and "가" <= opening[:1] <= "힣")
    if language == "ja":
        return attached and bool(_HIRAGANA.match(opening))
    return language == "zh" and attached and len(after) <= 15


def _reach(text: str, start: int, end: int) -> int:
    """Where the longest sentence that may begin at ``start`` has to end."""
    head = text[start : min(end, start + LONGEST_SENTENCE)]
    if len(head) + 2 * len(_WIDE.findall(head)) + head.count("\n") <= LONGEST_SENTENCE:
        return start + len(head)
    room = LONGEST_SENTENCE
    for index, character in enumerate(head):
        # A line's end may have been written as two characters, and all writings are to be cut alike.
        room -= 3 if _WIDE.match(character) else 2 if character == "\n" else 1
        if room < 0:
            return start + index
    return start + len(head)


def _best_break(text: str, start: int, reach: int) -> int:
    """Where to cut between ``start`` and ``reach``: the last of the best kind of place that there is."""
    least = start + int((reach - start) * _SHORTEST_SHARE)
    for pattern in (_INNER_ENDS, _CLAUSES, _COMMAS, _SPACES):
        stops = [found.end() for found in pattern.finditer(text, least, reach)]
        if stops:
            return stops[-1]
    stop = reach
    while stop > least and (_EXTENDERS.match(text, stop) or text[stop - 1] == "\u200d"):
        stop -= 1
    return stop if stop > least else reach
