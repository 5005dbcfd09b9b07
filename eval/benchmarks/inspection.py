"""Whether a sentence has a figure, a date or a name that its quotes lack: read with other eyes than the verifier's.

Nothing of ``service`` is used here, so that what the verifier overlooks is not overlooked twice. The reading
is coarse and errs on the side of complaint: every number, digit or word, every month, weekday and name of
the sentence has to be in the quotes.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SCALES = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "hundred": 100,
    "dozen": 12,
    "천": 10**3,
    "만": 10**4,
    "백만": 10**6,
    "천만": 10**7,
    "억": 10**8,
    "천억": 10**11,
    "조": 10**12,
}
_SCALE = re.compile(r" ?(" + "|".join(sorted(_SCALES, key=len, reverse=True)) + ")")
_WORDS = {
    word: value
    for value, word in enumerate(
        str.split(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen twenty"
        )
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_UNCOUNTED = {"one"}
"""Number words that are pronouns as often as not."""
_CALENDAR = str.split(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
)
_NAME = re.compile(r"[^\W\d_]+(?:['.-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something of a sentence that its quotes do not have."""

    kind: str
    text: str


def lacking(sentence: str, quotes: Sequence[str]) -> tuple[Lacking, ...]:
    """What the quotes of a sentence lack; a computed figure too, as it stands in none of them."""
    said, told = _plain(sentence), _plain(" ".join(quotes))
    found = [Lacking("figure", text) for text, value in _numbers(said) if value not in _values(told)]
    words = set(re.findall(r"[^\W\d_]+", told.lower()))
    found += [
        Lacking("date", word)
        for word in _CALENDAR
        if re.search(rf"\b{word}\b", said, re.IGNORECASE) and not _has_date(word, words, said)
    ]
    return (*found, *(Lacking("name", name) for name in _names(said) if not _has_name(name, words)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("’", "'")


def _numbers(text: str) -> list[tuple[str, Fraction]]:
    found = []
    for match in _NUMBER.finditer(text):
        value = Fraction(match.group().replace(",", "").rstrip("."))
        scale = _SCALE.match(text, match.end())
        while scale is not None:
            value *= _SCALES[scale[1]]
            scale = _SCALE.match(text, scale.end())
        found.append((match.group(), value))
    for match in re.finditer(r"[a-z]+", text.lower()):
        word = match.group()
        if word in _WORDS and word not in _UNCOUNTED:
            found.append((word, Fraction(_WORDS[word])))
    return found


def _values(text: str) -> set[Fraction]:
    """All values of a text: each number with its scale and without."""
    found = {value for _, value in _numbers(text)}
    found |= {Fraction(match.group().replace(",", "").rstrip(".")) for match in _NUMBER.finditer(text)}
    return found | {
        Fraction(1) if word == "one" else Fraction(0) for word in ("one",) if word in text.lower()
    }


def _has_date(word: str, words: set[str], said: str) -> bool:
    if word in {"may", "march"} and not re.search(rf"(?<!^)\b{word.capitalize()}\b", said):
        return True
    return word in words or word[:3] in words or (word == "september" and "sept" in words)


def _names(text: str) -> list[str]:
    """Capitalised words but for those that open a sentence."""
    return [
        match.group()
        for match in _NAME.finditer(text)
        if match.group()[0].isupper() and not re.search(r"(?:^|[.!?:]\s*|[\"“(]\s*)$", text[: match.start()])
    ]


def _has_name(name: str, words: set[str]) -> bool:
    parts = re.findall(r"[^\W\d_]+", name.lower().removesuffix("'s"))
    return all(part in words or part + "s" in words or part.removesuffix("s") in words for part in parts)
