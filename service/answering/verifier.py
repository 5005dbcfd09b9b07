"""Whether the quotes that a sentence cites prove it: pure, and without any model unless one is given.

Everything that cannot be told fails closed: a sentence is kept only where each check finds what it
looks for in the quotes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from indexer.language import detect
from service.answer import Quote
from service.answering.verification.verdict import Fault, Verdict
from service.folding import fold
from service.name import NameKind, names
from service.quantity import Kind, Quantity, quantities

__all__ = ["Claim", "Fault", "Meaning", "Verdict", "verify"]

LONGEST_CLAIM = 2000
"""Characters of one sentence at the most: nothing longer was ever meant to be one."""
BAR = 0.6
"""How well the quotes must support a claim, by ``Meaning``."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that a language model wrote, without markers, and the quotes that it cites."""

    text: str
    quotes: tuple[Quote, ...]


class Meaning(Protocol):
    """How well the quotes support a text, 0 to 1."""

    def __call__(self, text: str, quotes: Sequence[Quote]) -> float: ...


_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(r"https?://|www\.|\]\(|!\[|</?[a-z]|`|[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without)\b|n't\b|않|없|아니|못", re.I
)
_FAULTS = {
    Kind.MONEY: Fault.CURRENCY,
    Kind.PERCENT: Fault.PERCENT_POINT,
    Kind.POINT: Fault.PERCENT_POINT,
    Kind.DURATION: Fault.DURATION,
    Kind.ORDINAL: Fault.ORDINAL,
    Kind.MEASURE: Fault.UNIT,
    Kind.DATE: Fault.DATE,
    Kind.TIME: Fault.DATE,
}


def verify(claim: Claim, meaning: Meaning | None = None) -> Verdict:
    """Whether the claim's quotes prove it. Any text is accepted; what is unknown is withdrawn."""
    if not claim.quotes:
        return Verdict(Fault.NO_CITATION)
    if len(claim.text) > LONGEST_CLAIM:
        return Verdict(Fault.LENGTH, f"{len(claim.text)} characters")
    if not re.search(r"\w", claim.text):
        return Verdict(Fault.EMPTY)
    verdict = _words(claim)
    if verdict.kept and meaning is not None and (found := meaning(claim.text, claim.quotes)) < BAR:
        return Verdict(Fault.MEANING, f"supported by {found:.2f} of {BAR:.2f}")
    return verdict


def _words(claim: Claim) -> Verdict:
    told = _plain(" \n ".join(quote.text for quote in claim.quotes))
    said = _plain(claim.text)
    for match in _MARKUP.finditer(claim.text):
        if match.group() not in told:
            return Verdict(Fault.MARKUP, match.group())
    known = {q for quote in claim.quotes for q in quantities(quote.text, quote.published)}
    published = claim.quotes[0].published
    for quantity in quantities(claim.text, published):
        if quantity not in known:
            return Verdict(_fault(quantity, known), quantity.text)
    for name in names(claim.text, detect(claim.text)):
        if not name.opens and name.normal not in told.lower():
            return Verdict(
                Fault.QUOTATION if name.kind is NameKind.QUOTED else Fault.NAME, name.text
            )
    if bool(_NEGATION.search(said)) != bool(_NEGATION.search(told)):
        return Verdict(Fault.NEGATION)
    return Verdict(None)


def _fault(quantity: Quantity, known: set[Quantity]) -> Fault:
    same = any(q.value == quantity.value and q.kind is not quantity.kind for q in known)
    return _FAULTS.get(quantity.kind, Fault.FIGURE) if same or quantity.date else Fault.FIGURE


def _plain(text: str) -> str:
    return _SPACE.sub(" ", fold(text).text)
