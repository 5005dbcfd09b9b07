"""What part a figure plays beside its neighbours: the new value, the old one, the change, a part."""

import re
from enum import StrEnum


class Role(StrEnum):
    """The part that a figure plays."""

    LEVEL = "level"
    TO = "to"
    OLD = "old"
    """From, compared with, instead of, than, 에서, 보다."""
    CHANGE = "change"
    """By 5, an increase of 5."""
    PART = "part"
    """Two of the seven."""


_FILL = r"(?: (?:in|at|about|around|the|an|a|nearly|some|almost|up to|at least|more than))*"
_BETWEEN = re.compile(r"\bbetween (?:[^,;.]{1,30} and (?:the )?)?$", re.IGNORECASE)
_OLD = re.compile(
    rf"\b(?:from|after|compared with|compared to|against|instead of|(?<!more )(?<!less )(?<!fewer )(?<!er )than|\d[\w.,%]* (?:\w+ ){{0,2}}(?:more|less|fewer|\w+er) than|rather than|originally|previously){_FILL} ?$",
    re.IGNORECASE,
)
_OLD_KOREAN = re.compile(r"(?:에서(?! 열)|보다|이던|였던)")
_CHANGE = re.compile(
    rf"\b(?:by|up|down|rose|grew|climbed|jumped|gained|increased|fell|declined|dropped|shrank|decreased|(?:increase|rise|gain|growth|fall|drop|decline|decrease|cut|reduction) of){_FILL} ?$",
    re.IGNORECASE,
)
_CHANGE_AFTER = re.compile(
    r" (?:more than|less|fewer|higher|lower|longer|shorter)\b| ?(?:원 )?(?:늘|줄|증가|감소|많|적|오르|오른|올라|내리|내린|상승|하락|높|낮|단축|연장|확대|축소|인상|인하)"
)
_TO = re.compile(rf"\b(?:to|at|reach(?:ed|es)?|into){_FILL} ?$", re.IGNORECASE)
_PART = re.compile(r" of (?:the|its|it|their|them|these|those|all|which|whom)\b")


def role(text: str, start: int, end: int, *, counts: bool = True) -> Role:
    """The role of the figure at ``text[start:end]`` by the words around it.

    ``counts`` says that it is a bare number: only of those is "two of the" a part.
    """
    before, after = text[max(start - 40, 0) : start], text[end : end + 12]
    if _BETWEEN.search(before):
        return Role.LEVEL
    if counts and _PART.match(after):
        return Role.PART
    if _OLD.search(before) or _OLD_KOREAN.match(after):
        return Role.OLD
    if _CHANGE.search(before) or _CHANGE_AFTER.match(after):
        return Role.CHANGE
    return Role.TO if _TO.search(before) else Role.LEVEL
