"""Whether the quotes that a sentence cites prove it: pure, and without any model unless one is given.

What is exact is checked exactly: every figure, date, name and quotation must be in the quotes. What is not
(whose figure it is, who says it, how firmly, whether it is denied) leaves signs, which are weighed together.
Whatever cannot be told fails closed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from service.answer import Quote
from service.answering.verification.alignment import Aligned, Source, align, sources_of
from service.answering.verification.clause import Reading, read
from service.answering.verification.figure import Figures, check_figures
from service.answering.verification.judgement import judgement
from service.answering.verification.markup import foreign_markup, foreign_script
from service.answering.verification.signs import signs
from service.answering.verification.support import Support
from service.answering.verification.verdict import Fault, Verdict
from service.answering.verification.wording import foreign_name, foreign_quotation

__all__ = ["Claim", "Comparison", "Fault", "Meaning", "Verdict", "compare", "reading_of", "verify"]

LONGEST = 2000
"""Characters of a sentence, or of all its quotes ten times that, at the most."""
FIGURES = 40
"""Figures of a sentence at the most: comparing them takes time that grows faster than their number."""
MARKS = 100
"""Commas, brackets and quotation marks of a sentence or a quote at the most, for the same reason."""
_MARKS = re.compile(r"[,;:()\"“”\n]")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that a language model wrote, without markers, and the quotes that it cites."""

    text: str
    quotes: tuple[Quote, ...]


class Meaning(Protocol):
    """How far quotes, published on a day, support a text."""

    def __call__(self, text: str, published: date | None, quotes: Sequence[str]) -> Support: ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """A claim beside its quotes, once everything that can be checked exactly has been found there."""

    said: Reading
    readings: tuple[Reading, ...]
    aligned: tuple[Aligned, ...]
    sources: tuple[Source, ...]
    figures: Figures
    met: bool
    """Whether the quotes have any word or figure of the claim."""


def verify(claim: Claim, meaning: Meaning | None = None) -> Verdict:
    """Whether the claim's quotes prove it. Any text is accepted; what is unknown is withdrawn."""
    compared = compare(claim)
    if isinstance(compared, Verdict):
        return compared
    if meaning is None and not compared.met:
        return Verdict(Fault.MEANING, "nothing of it is in the quotes")
    judge = judgement(supported=meaning is not None)
    texts = [reading.text for reading in compared.readings]
    support = None if meaning is None else meaning(compared.said.text, claim.quotes[0].published, texts)
    against = signs(
        compared.said,
        compared.readings,
        compared.aligned,
        compared.sources,
        compared.figures,
        support,
        judge.belonging,
    )
    if judge.doubt(against) > 0:
        return Verdict(*judge.reason(against))
    return Verdict(None, derived=compared.figures.computed)


def reading_of(quote: Quote) -> Reading:
    """A quote as the checks see it; its ``text`` is what a ``Meaning`` is given."""
    return read(quote.text, quote.published)


def compare(claim: Claim) -> Comparison | Verdict:
    """The verdict on a claim that can be decided exactly; otherwise what is to be weighed."""
    fault, detail = _unfit(claim)
    if fault is not None:
        return Verdict(fault, detail)
    readings = tuple(map(reading_of, claim.quotes))
    said = read(claim.text, claim.quotes[0].published)
    if any(said.text.rstrip(" .") == reading.text.rstrip(" .") for reading in readings):
        return Verdict(None)
    if all(said.language != reading.language for reading in readings):
        return Verdict(Fault.LANGUAGE, said.language)
    sources = sources_of(readings)
    aligned = align(said, sources)
    figures = check_figures(aligned, sources, claim.quotes[0].published)
    fault, detail = _foreign(said, readings, figures)
    if fault is not None:
        return Verdict(fault, detail)
    met = any(places for one in aligned for _, places in (*one.words, *one.figures))
    computed = bool(figures.derived or figures.reckoned)
    return Comparison(said, readings, aligned, sources, figures, met or computed)


def _foreign(said: Reading, readings: Sequence[Reading], figures: Figures) -> tuple[Fault | None, str]:
    """The first figure, quotation or name that no quote has."""
    if figures.fault is not None:
        return figures.fault, figures.detail
    if found := foreign_quotation(said.text, [reading.text for reading in readings]):
        return Fault.QUOTATION, found
    if found := foreign_name(said, readings, said.figures):
        return Fault.NAME, found
    return None, ""


def _unfit(claim: Claim) -> tuple[Fault | None, str]:
    """What rules a claim out before any of its words are compared."""
    if not claim.quotes:
        return Fault.NO_CITATION, ""
    texts = [quote.text for quote in claim.quotes]
    if found := _too_long(claim.text, texts):
        return Fault.LENGTH, found
    if not re.search(r"\w", claim.text):
        return Fault.EMPTY, ""
    if found := foreign_markup(claim.text, texts):
        return Fault.MARKUP, found
    found = foreign_script(claim.text, texts)
    return (Fault.LANGUAGE, found) if found else (None, "")


def _too_long(text: str, quotes: Sequence[str]) -> str:
    """What there is too much of; empty where a claim and its quotes can be compared in little time."""
    if len(text) > LONGEST or sum(map(len, quotes)) > 10 * LONGEST:
        return f"{len(text)} characters"
    if len(re.findall(r"\d[\d.,]*", text)) > FIGURES:
        return f"more than {FIGURES} figures"
    many = any(len(_MARKS.findall(one)) > MARKS for one in (text, *quotes))
    return f"more than {MARKS} commas and the like" if many else ""
