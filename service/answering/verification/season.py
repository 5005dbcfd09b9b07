"""Seasons: a claim's must be in its quotes, or a date that lies in it."""

import re
from collections.abc import Iterable
from datetime import date

from service.quantity import Quantity

_MONTHS = {"spring": (3, 4, 5, 6), "summer": (6, 7, 8, 9), "autumn": (9, 10, 11, 12), "winter": (12, 1, 2, 3)}
"""Seasons by the weather and by the sun both, north of the equator."""
_NAMES = {
    "spring": "spring", "summer": "summer", "autumn": "autumn", "fall": "autumn", "winter": "winter",
    "봄": "spring", "여름": "summer", "가을": "autumn", "겨울": "winter",
    "춘계": "spring", "하계": "summer", "추계": "autumn", "동계": "winter",
}  # fmt: skip
_ENGLISH = re.compile(
    r"(?:\b(?i:in|one|by|until|till|since|from|this|next|last|early|late|mid|the|coming|following|previous|every|each|before|after)[ -])"
    r"(?P<name>spring|summer|autumn|winter)\b(?! [A-Z])"
    r"|\b(?P<dated>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)(?= (?:of )?(?:19|20)\d\d)"
)
_KOREAN = re.compile(
    r"(?:(?<![가-힣])|(?<=지난)|(?<=올)|(?<=한)|(?<=초)|(?<=늦))(?P<name>봄|여름|가을|겨울)(?=철|방학|[은는이을의]? |에|까지|부터|[,.]|$)"
)
_ANY = re.compile(r"\b(?:spring|summer|autumn|fall|winter)|봄|여름|가을|겨울|[춘하추동]계", re.IGNORECASE)


def foreign_season(
    text: str, quotes: Iterable[str], dates: Iterable[Quantity], published: date | None
) -> str:
    """The first season of a claim in which nothing of the quotes lies; empty where there is none."""
    said = [match for pattern in (_ENGLISH, _KOREAN) for match in pattern.finditer(text)]
    if not said:
        return ""
    known = {_NAMES[match.group().lower()] for quote in quotes for match in _ANY.finditer(quote)}
    months = {day.date.month for day in dates if day.date is not None and day.date.month}
    if published is not None and not known and not months:
        months.add(published.month)
    for match in said:
        groups = match.groupdict()
        name = _NAMES[(groups["name"] or groups["dated"]).lower()]
        if name not in known and not months & set(_MONTHS[name]):
            return match.group()
    return ""
