"""Whether a sentence tells of the time that a question means."""

import re
from collections.abc import Sequence

from service.answering.expected import figures
from service.answering.question import Question
from service.quantity import Quantity

_DATE_PARTS = ("year", "month", "day", "quarter", "half", "weekday")
_OUTDATED = re.compile(
    r"\W*(?:until now|up to now|so far,|지금까지(?:는| )|종전에?는|기존에는|이제까지)", re.IGNORECASE
)
"""How a sentence begins that tells what is so no longer."""
_OF_BEFORE = re.compile(
    r"\b(?:before|until now|up to now|so far|was|were|did|used to|had|old (?:price|fee|fare|rate|rule|charge|limit|scheme)s?|previous\w*|earlier|former\w*|last|yet|already)\b"
    r"|지금까지|이전|예전|기존|종전|원래|전에|지난|작년|[았었했됐였렸졌]",
    re.IGNORECASE,
)


def of_another_time(question: Question, sentences: Sequence[str]) -> list[bool]:
    """For each sentence whether it tells of another time than the question: what was so until now where that is not
    asked for, or of other days than those asked for, where another sentence tells of these."""
    past = _OF_BEFORE.search(question.text) is not None
    outdated = [not past and _OUTDATED.match(sentence) is not None for sentence in sentences]
    days = [each for each in question.quantities if _is_day(each)]
    if not days:
        return outdated
    told = [all(is_dated(day, sentence) for day in days) for sentence in sentences]
    others = [any(_is_day(each) for each in figures(sentence)) for sentence in sentences]
    return [
        old or (any(told) and other and not own)
        for old, own, other in zip(outdated, told, others, strict=True)
    ]


def _is_day(asked: Quantity) -> bool:
    day = asked.date
    return day is not None and (day.day is not None or day.weekday is not None)


def is_dated(asked: Quantity, text: str) -> bool:
    """Whether a text has a date that lies within the one asked for: 3 June 2026 within June. True of what is no
    date."""
    day = asked.date
    if day is None:
        return True
    return any(
        other.date is not None
        and all(
            getattr(day, part) is None or getattr(day, part) == getattr(other.date, part)
            for part in _DATE_PARTS
        )
        for other in figures(text)
    )
