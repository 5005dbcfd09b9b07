"""Small counts that no quote writes as a figure: one of something, a first, the members of a list."""

import re
from collections.abc import Iterator, Sequence

from service.answering.verification.alignment import Aligned, Source
from service.answering.verification.word import root_of
from service.quantity import Kind, Quantity

SMALL = 12
"""Up to this figure things are counted by looking at them."""
_JOINER = re.compile(r", (?:and|or) |,? (?:and|or|&) |, |·|(?<=[가-힣])[와과] | 및 ")
_LONGEST_ITEM = 60
_ONE = re.compile(r"one|한 ?[가-힣]{1,3}|하나", re.IGNORECASE)
_AT_FIRST = re.compile(r"\b(?:at|in the|for the|those|when|once) $", re.IGNORECASE)
_FIRST_OF_ALL = re.compile(
    r"(?:$|[.,;]| (?:step|of all|and foremost|place|few|months|weeks|days|years|decades|two|three|registered)\b)"
)
_FIRST_KOREAN = re.compile(r" ?(?:삽|걸음|날|선을)")
_FIRST = re.compile(
    r"\b(?:first|initial\w*|beg[aiu]n\w*|start\w*|open\w*|launch\w*|inaugura\w*|origin\w*|earliest|new(?:ly)?|never|unprecedented|join\w*|debut\w*|repeat\w*|until now|so far)\b"
    r"|처음|최초|당초|시작|신설|신규|새로|개통|착공|출범|도입",
    re.IGNORECASE,
)
_SECOND = re.compile(
    r"\b(?:again|another|further|other|dual|next|follow\w*|repeat\w*|two|twice)\b|다시|또|추가", re.IGNORECASE
)
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|(?:eleve|twelve|thirtee|fourtee|fiftee|sixtee|seventee|eightee|ninetee)n?|twenty|\\d[\\d,]*"
_NOUN = re.compile(
    rf"(?:[ -](?:of|the|its|their|our|more|new|other|further|different|{_NUMBERS})\b)*[ -](?P<noun>[a-z]{{3,}})"
)
_LEADS_ON = frozenset(
    str.split(
        "and are but for from had has have into more less fewer most not now than that the this those took was were "
        "is be been can could may might must should would did does them others today percent per which while who will with would each every per between during until over under since after before"
    )
)


def noun_after(text: str, end: int) -> str:
    """The root of the noun that a figure counts, where one stands behind it; empty otherwise."""
    match = _NOUN.match(text, end)
    return "" if match is None or match["noun"] in _LEADS_ON else root_of(match["noun"])


def is_one(figure: Quantity, one: Aligned, sources: Sequence[Source]) -> bool:
    """Whether "one" only says that there is such a thing: no quote counts more of them."""
    if figure.kind is not Kind.NUMBER or figure.value != 1 or not _ONE.fullmatch(figure.text):
        return False
    noun = noun_after(one.clause.text, figure.end - one.clause.start)
    return not any(
        other.kind is Kind.NUMBER
        and 1 < other.value <= SMALL
        and (
            (noun and noun_after(s.reading.text, other.end) == noun)
            or (other.counter and other.counter == figure.counter)
        )
        and not re.match(r"[^.]{0,40}(?:\bone\b|하나|한 )", s.reading.text[other.end :], re.IGNORECASE)
        for s in sources
        for other in s.clause.figures
    )


def ranks_nothing(figure: Quantity, one: Aligned, sources: Sequence[Source]) -> bool:
    """Whether "first" and "second" are no places in an order, or the order is told in another word."""
    if figure.kind is not Kind.ORDINAL or figure.value > 2 or figure.text[0].isdigit():
        return False
    text, start = one.clause.text, figure.start - one.clause.start
    after = text[figure.end - one.clause.start :]
    told = " ".join(source.reading.text for source in sources)
    if figure.value == 2:
        return _SECOND.search(told) is not None
    if _AT_FIRST.search(text[:start]) or _FIRST_OF_ALL.match(after) or _FIRST_KOREAN.match(after):
        return True
    return _FIRST.search(told) is not None


_PAIR = re.compile(r"[A-Z]\w*$|[가-힣]$")


def listed(text: str) -> Iterator[int]:
    """How many things lists of the text may name. Where a list begins is not told, only where it may.

    "And" joins much that nobody counts, so that two things must both be named.
    """
    run, last = 1, 0
    for joiner in _JOINER.finditer(text):
        run = run + 1 if joiner.start() - last <= _LONGEST_ITEM else 2
        last = joiner.end()
        if joiner.group().strip() != ",":
            yield from range(3, run + 1)
            if _PAIR.search(text[: joiner.start()]) and re.match(
                r"(?:the )?[A-Z가-힣]", text[joiner.end() :]
            ):
                yield 2
            run = 2
