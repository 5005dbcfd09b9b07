"""One of the things that the last answer listed, meant by its place: "the second one", 두 번째 거."""

import re

from service.answering.follow_up.exchange import Exchange

_PLACES = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1,
    "첫": 0, "두": 1, "세": 2, "네": 3, "다섯": 4, "마지막": -1,
}  # fmt: skip
_ENGLISH = re.compile(r"\b(?:the )?(?P<place>first|second|third|fourth|fifth|last) one\b", re.IGNORECASE)
_KOREAN = re.compile(r"(?P<place>첫|두|세|네|다섯|마지막)(?: ?번째)? ?(?:거|것|건|게)[은는이가]?(?=\s|$)")
_CELLS = re.compile(r"\s*(?:\||[:：](?=\s)|\s[–-]\s)\s*")
_LABEL = re.compile(r"[^,;(]+(?=\s*[,;(])")


def resolve(text: str, before: Exchange) -> str | None:
    """The message with the name of what it means; None where it means nothing by its place, or nothing is there."""
    match = _ENGLISH.search(text) or _KOREAN.search(text)
    place = _PLACES[match["place"].lower()] if match else 0
    if match is None or not -len(before.listed) <= place < len(before.listed):
        return None
    return f"{text[: match.start()]}{_label(before.listed[place])}{text[match.end() :]}"


def _label(item: str) -> str:
    """What an item is called: its first part, or cell of a table, that has no figure, up to a comma."""
    cells = [cell for cell in _CELLS.split(item.strip("| ")) if cell]
    labels = [match[0].strip() if (match := _LABEL.match(cell)) else cell for cell in cells]
    return next((label for label in labels if not re.search(r"\d", label)), labels[0] if labels else item)
