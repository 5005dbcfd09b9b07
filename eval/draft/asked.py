"""Questions out of statements, without a model: what is asked for stands where the answer stood.

"The government is raising its AI budget to how much?" is no question that a reader would type, but it
is grammatical wherever the figure stands, and it has exactly one answer. A person rewords it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from eval.case import Day, Fact, Figure
from service.name import Name, NameKind, names
from service.quantity import Kind, Quantity, quantities

SHORTEST, LONGEST = 25, 320
"""Characters of a sentence that is asked about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one sentence. ``about`` is what was asked for, as the sentence has it."""

    question: str
    fact: Fact
    about: str
    kind: str
    sentence: str


_HOW = {
    Kind.MONEY: ("how much", "얼마"),
    Kind.PERCENT: ("what percentage", "몇 퍼센트"),
    Kind.POINT: ("how many percentage points", "몇 퍼센트포인트"),
    Kind.DURATION: ("how long", "얼마 동안"),
    Kind.NUMBER: ("how many", "몇"),
}
_BEFORE_DATE = re.compile(r"\b(?:in|on|by|until|from|since|at|before|after|during|to|for) $", re.IGNORECASE)
_SPEAKS = re.compile(
    r" (?:said|says|stressed|added|announced|answered|explained|promised|stated|warned|noted|declared|told)\b"
)
_VERB = re.compile(
    r" (?:is|are|was|were|has|have|had|will|would|can|could|may|must|should|plans?|wants?|opens?|closes?|"
    r"takes?|gives?|pays?|remains?|[a-z]+ed)\b"
)
_PREPOSITION = re.compile(
    r"(?:About|After|Against|Alongside|Among|As|At|Before|Besides?|Between|Beyond|By|Despite|During|For|From"
    r"|In|Like|Of|On|Over|Since|Through|To|Under|Unlike|Until|With|Within|Without)\b"
)
"""What opens an aside before the subject; its capital makes it look like the beginning of a name."""
_KOREAN_SUBJECT = re.compile(r"(?:은|는|이|가) ")


def asked(sentence: str, language: str) -> Iterator[Asked]:
    """Every question that a sentence answers with a figure, a date, a name or whoever said it."""
    if not SHORTEST <= len(sentence) <= LONGEST or not re.search(r"[.!?。]['\"’”)]*$", sentence):
        return
    for quantity in quantities(sentence):
        wh = _wh(quantity, sentence, language)
        if wh is not None and re.search(r"\d", quantity.text):
            kind = "date" if quantity.kind is Kind.DATE else "figure"
            yield Asked(
                _put(sentence, quantity.start, quantity.end, wh, language),
                _fact(quantity),
                quantity.text,
                kind,
                sentence,
            )
    for name in names(sentence, language):
        wh = _who(name, sentence, language)
        if wh is not None:
            kind = "who-said" if wh in {"Who", "누가"} else "who"
            yield Asked(
                _put(sentence, name.start, name.end, wh, language), name.text, name.text, kind, sentence
            )


def _wh(quantity: Quantity, sentence: str, language: str) -> str | None:  # noqa: PLR0911
    korean = language == "ko"
    if quantity.kind is not Kind.DATE:
        found = _HOW.get(quantity.kind)
        if found is None or quantity.per:
            return None
        if korean and quantity.kind is Kind.NUMBER:
            return f"몇 {quantity.counter}" if quantity.counter else None
        return found[korean]
    if korean:
        return "언제"
    if quantity.date is None or not _BEFORE_DATE.search(sentence[: quantity.start]):
        return None
    if quantity.date.day is not None:
        return "what date"
    return "which month" if quantity.date.month is not None else "which year" if quantity.date.year else None


def _who(name: Name, sentence: str, language: str) -> str | None:
    """Asks for a name that is its sentence's subject."""
    rest = sentence[name.end :]
    if language == "ko":
        subject = name.kind is NameKind.PROPER and name.start == 0 and _KOREAN_SUBJECT.match(rest)
        return "누가" if subject and re.search(r"(?:라고|며|다고)", rest) else None
    if (
        name.kind is not NameKind.PROPER
        or name.opens
        or _PREPOSITION.match(name.text)
        or not re.fullmatch(r"(?:The )?", sentence[: name.start])
    ):
        return None
    if _SPEAKS.match(rest):
        return "Who"
    return "Who or what" if _VERB.match(rest) else None


def _put(sentence: str, start: int, end: int, wh: str, language: str) -> str:
    """The sentence as a question, with ``wh`` for what stands from start to end."""
    if language == "ko":
        rest = sentence[end:]
        if wh == "누가":
            rest = _KOREAN_SUBJECT.sub(" ", rest, count=1)
        return _korean_question(sentence[:start] + wh + rest)
    before = "" if wh.startswith("Who") else sentence[:start]
    text = (before + wh + sentence[end:]).strip().rstrip(".!?。”\"’' ")
    if wh.startswith("Who"):
        return f"{text}?"
    return f"According to the announcement, {_lowered(text, sentence)}?"


def _lowered(text: str, sentence: str) -> str:
    """Without the capital of its first word, unless that is a name's."""
    first = names(sentence, "en")
    named = bool(first) and first[0].start == 0 and not first[0].opens
    return text if named or text[:2].isupper() else text[:1].lower() + text[1:]


def _korean_question(text: str) -> str:
    text = text.rstrip('.!? ”"')
    for ending, question in (("니다", "니까"), ("이다", "이라고 합니까"), ("다", "다고 합니까")):
        if text.endswith(ending):
            return text.removesuffix(ending) + question + "?"
    return text + "?"


def _fact(quantity: Quantity) -> Fact:
    """By value where that says all of it, or else the words themselves."""
    day = quantity.date
    if day is not None:
        if day.year and day.month and day.day:
            return Day(f"{day.year:04}-{day.month:02}-{day.day:02}")
        return quantity.text
    try:
        return Figure(quantity.text)
    except ValueError:
        return quantity.text
