"""What the verifier says about one sentence: kept, or withdrawn and why."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why a claim is withdrawn."""

    NO_CITATION = "no_citation"
    EMPTY = "empty"
    LENGTH = "length"
    LANGUAGE = "language"
    MARKUP = "markup"
    FIGURE = "figure"
    UNIT = "unit"
    CURRENCY = "currency"
    PERCENT_POINT = "percent_point"
    DATE = "date"
    DURATION = "duration"
    ORDINAL = "ordinal"
    RANGE = "range"
    BOUND = "bound"
    DERIVATION = "derivation"
    ATTACHMENT = "attachment"
    """A figure, date or name that the quotes have, but of another thing."""
    DIRECTION = "direction"
    NEGATION = "negation"
    NAME = "name"
    QUOTATION = "quotation"
    SPEAKER = "speaker"
    STRENGTH = "strength"
    SCOPE = "scope"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``fault`` is None for a claim that is kept. ``detail`` says what the quotes lack.

    ``derived`` marks a claim with a figure that was computed from two cited ones.
    """

    fault: Fault | None
    detail: str = ""
    derived: bool = False

    @property
    def kept(self) -> bool:
        return self.fault is None
