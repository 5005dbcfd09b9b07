"""A case: a question, or a conversation whose last turn is graded, and what must come back."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from hashlib import sha256
from typing import Annotated, Any

from pydantic import ConfigDict, Discriminator, Field, Tag, TypeAdapter

from service.answer import Reason
from service.quantity import Quantity, quantities

STRICT = ConfigDict(extra="forbid", use_attribute_docstrings=True)
CROSS_LANGUAGE = "cross-language"
"""The tag of questions in another language than their source: reported apart, in no gate."""

_DAY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
_SHARE = re.compile(r"(?P<percent>\d+(?:\.\d+)?) ?%")

Filled = Annotated[str, Field(min_length=1, pattern=r"\S")]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that must match somewhere; letters match in either case."""

    __pydantic_config__ = STRICT

    regex: Filled

    def __post_init__(self) -> None:
        try:
            re.compile(self.regex)
        except re.error as error:
            raise ValueError(f"no regular expression: {error}") from error


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that must occur, compared by value: 1.1 trillion is 1,100 billion and 1조 1천억."""

    __pydantic_config__ = STRICT

    number: float | Filled
    """The value in ``unit``, or the figure as a text has it: ``"9.9 trillion won"``."""
    unit: str | None = None
    """An ISO 4217 code, ``%``, ``%p``, ``month``, ``second`` or a base unit; any where it is left out."""
    tolerance: float | str = 0.0
    """How far off the value may be: in the unit, or as a share of the value such as ``"1%"``."""

    def __post_init__(self) -> None:
        _ = self.value, self.slack
        if self.unit is not None and isinstance(self.number, str):
            raise ValueError("a figure written out has its unit within it")

    @property
    def value(self) -> Fraction:
        if isinstance(self.number, str):
            return _read(self.number).value
        if self.number != self.number or self.number in {float("inf"), float("-inf")}:
            raise ValueError("not a finite number")
        return Fraction(str(self.number))

    @property
    def measured_in(self) -> str | None:
        """The unit; None where any will do."""
        return _read(self.number).unit if isinstance(self.number, str) else self.unit

    @property
    def slack(self) -> Fraction:
        """The greatest difference that still counts as equal, in the unit."""
        if isinstance(self.tolerance, str):
            share = _SHARE.fullmatch(self.tolerance)
            if share is None:
                raise ValueError(f"tolerance {self.tolerance!r} is neither a number nor a share such as '1%'")
            return abs(self.value) * Fraction(share["percent"]) / 100
        if not 0 <= self.tolerance < float("inf"):
            raise ValueError("a tolerance is not below zero, and finite")
        return Fraction(str(self.tolerance))


@dataclass(frozen=True, slots=True)
class Day:
    """A date that must occur, however it is written: ``2026``, ``2026-03`` or ``2026-03-12``."""

    __pydantic_config__ = STRICT

    date: str

    def __post_init__(self) -> None:
        _ = self.fields

    @property
    def fields(self) -> dict[str, int]:
        """``year`` and, as far as given, ``month`` and ``day``."""
        match = _DAY.fullmatch(self.date)
        if match is None:
            raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")
        fields = {name: int(value) for name, value in match.groupdict().items() if value}
        if not 1 <= fields.get("month", 1) <= 12 or not 1 <= fields.get("day", 1) <= 31:
            raise ValueError(f"there is no {self.date}")
        return fields


def _kind(fact: object) -> str | None:
    if isinstance(fact, str):
        return "text"
    for name, type_ in (("regex", Pattern), ("number", Figure), ("date", Day)):
        if isinstance(fact, type_) or (isinstance(fact, dict) and name in fact):
            return name
    return None


Fact = Annotated[
    Annotated[Filled, Tag("text")]
    | Annotated[Pattern, Tag("regex")]
    | Annotated[Figure, Tag("number")]
    | Annotated[Day, Tag("date")],
    Discriminator(
        _kind,
        custom_error_type="fact",
        custom_error_message="a fact is a text, or an object with 'regex', 'number' or 'date'",
    ),
]
Facts = Annotated[tuple[Fact, ...], Field(min_length=1)]
Texts = Annotated[tuple[Filled, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a reply must be. ``refusal`` beside facts means that either is right.

    Facts and quotes are looked for in the quotes of an answer's citations; where a target cites
    nothing at all, in its text.
    """

    __pydantic_config__ = STRICT

    any_of: Facts = ()
    """One of these facts occurs."""
    all_of: Facts = ()
    """Each of these facts occurs."""
    quotes: Texts = ()
    """Each of these texts is quoted, whole or in its greater part; white space plays no part."""
    answers: Texts = ()
    """Reference answers, for token F1 and exact match; alone, they ask only that there is an answer."""
    refusal: bool | Reason = False
    """Nothing answers this: a refusal or a question back is right; a reason must be the one given."""
    courtesy: bool = False
    """A greeting or thanks: whatever claims nothing is right."""
    forbidden: Facts = ()
    """None of these facts occurs, in the text or in a quote."""

    def __post_init__(self) -> None:
        if self.courtesy and (self.wants_answer or self.refusal):
            raise ValueError("a courtesy expects neither facts nor a refusal")
        if not (self.wants_answer or self.refusal or self.courtesy or self.forbidden):
            raise ValueError("nothing is expected: name facts, a refusal, a courtesy or what is forbidden")

    @property
    def wants_answer(self) -> bool:
        return bool(self.any_of or self.all_of or self.quotes or self.answers)


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to ask and what must come back."""

    __pydantic_config__ = STRICT

    id: Filled
    expect: Expectation
    question: Filled | None = None
    turns: Texts = ()
    """A conversation's questions; the reply to the last is graded."""
    source: Filled | None = None
    """The id of the announcement that the case is about."""
    sentences: tuple[Filled, ...] = ()
    """The sentences of the source that hold the answer, for the metrics of evidence and retrieval."""
    tags: tuple[Filled, ...] = ()
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    note: str | None = None
    """For whoever reads the case."""

    def __post_init__(self) -> None:
        if (self.question is None) == (not self.turns):
            raise ValueError("a case has either a question or turns")

    @property
    def messages(self) -> tuple[str, ...]:
        """What is asked, in order."""
        return self.turns or (self.question or "",)

    @property
    def gates(self) -> bool:
        """Whether the case counts towards the headline and the gates."""
        return CROSS_LANGUAGE not in self.tags

    @property
    def answerable(self) -> bool | None:
        """Whether an answer is right (True), a refusal is (False), or either (None)."""
        if self.expect.courtesy:
            return None
        if self.expect.wants_answer:
            either = self.expect.refusal or CROSS_LANGUAGE in self.tags
            return None if either else True
        return False if self.expect.refusal else None


@cache
def adapter() -> "TypeAdapter[Case]":
    """Reads, checks and writes cases. Built when first needed: it takes a while."""
    return TypeAdapter(Case)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a case, which ``eval/cases/schema.json`` holds."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Herald case",
        **adapter().json_schema(),
    }


def written(case: Case) -> dict[str, Any]:
    """The case as JSON has it, defaults left out."""
    record: dict[str, Any] = adapter().dump_python(case, mode="json", exclude_defaults=True)
    return record


def fingerprint(cases: Sequence[Case]) -> str:
    """The hash, in hexadecimal, of the cases in their order."""
    lines = (json.dumps(written(case), ensure_ascii=False, sort_keys=True) for case in cases)
    return sha256("\n".join(lines).encode()).hexdigest()


def _read(figure: str) -> Quantity:
    found = quantities(figure)
    if len(found) != 1 or found[0].date is not None:
        raise ValueError(f"{figure!r} is not one figure")
    return found[0]
