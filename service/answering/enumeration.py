"""Several of a kind that a question names together: "What do North Quay and Grain Quay get?"."""

import re

_NAME = r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*"
_JOINED = re.compile(
    rf"{_NAME}(?:, {_NAME})*,? (?:and|or) {_NAME}"
    r"|[가-힣A-Za-z\d]{2,}(?:(?:와|과|하고|이랑|랑|,) ?[가-힣A-Za-z\d]{2,}?)+(?=(?:에서는|에는|은|는|이|가|에|의) )"
)
_JOINT = re.compile(r",? (?:and|or) |, ?|(?<=[가-힣])(?:와|과|하고|이랑|랑) ")


def named_together(question: str) -> tuple[str, ...]:
    """The names that it joins; none where it names one thing, or two apart."""
    joined = _JOINED.search(question)
    return () if joined is None else _names(joined)


def of_those_in(question: str, row: str) -> str:
    """The question asked of those of its names alone that a row has: a row on one of them answers for that one.

    It is left as it is where it has all of them or none, and where it asks for one "or" the other.
    """
    joined = _JOINED.search(question)
    if joined is None or " or " in joined[0]:
        return question
    names = _names(joined)
    told = [name for name in names if name in row]
    if not told or len(told) == len(names):
        return question
    return question[: joined.start()] + " ".join(told) + question[joined.end() :]


def _names(joined: re.Match[str]) -> tuple[str, ...]:
    return tuple(name for name in _JOINT.split(joined[0]) if name)
