"""Whether the quotes that a sentence cites prove it: pure, and without any model unless one is given.

Each check compares one thing of the sentence with the quotes. A sentence is kept only where every
check finds what it looks for: whatever cannot be told fails closed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from service.answer import Quote
from service.answering.verification.alignment import Aligned, Source, align, sources_of
from service.answering.verification.attachment import misattached
from service.answering.verification.clause import Reading, read
from service.answering.verification.direction import reversed_direction
from service.answering.verification.figure import check_figures
from service.answering.verification.markup import foreign_markup, foreign_script
from service.answering.verification.negation import turned
from service.answering.verification.speaker import misattributed
from service.answering.verification.strength import raised
from service.answering.verification.verdict import Fault, Verdict
from service.answering.verification.word import Word
from service.answering.verification.wording import (
    foreign_name,
    foreign_quotation,
    narrowed,
    scope,
    unknown_words,
)

__all__ = ["Claim", "Fault", "Meaning", "Verdict", "verify"]

LONGEST = 2000
"""Characters of a sentence, or of all its quotes ten times that, at the most."""
FIGURES = 40
"""Figures of a sentence at the most: comparing them takes time that grows faster than their number."""
MARKS = 100
"""Commas, brackets and quotation marks of a sentence or a quote at the most, for the same reason."""
BAR, KOREAN_BAR = 0.6, 0.7
"""How well the quotes must support a claim, by ``Meaning``: an encoder that reads Korean letter by letter
finds more of it everywhere."""
UNKNOWN, SUPPORTED_UNKNOWN = 0.25, 0.6
"""The share of a claim's words that its quotes may lack: without a ``Meaning`` that supports them, and with."""


_MARKS = re.compile(r"[,;:()\"“”\n]")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that a language model wrote, without markers, and the quotes that it cites."""

    text: str
    quotes: tuple[Quote, ...]


class Meaning(Protocol):
    """How well the quotes support a text, 0 to 1."""

    def __call__(self, text: str, quotes: Sequence[Quote]) -> float: ...


def verify(claim: Claim, meaning: Meaning | None = None) -> Verdict:
    """Whether the claim's quotes prove it. Any text is accepted; what is unknown is withdrawn."""
    fault, detail = _unfit(claim)
    if fault is not None:
        return Verdict(fault, detail)
    readings = [read(quote.text, quote.published) for quote in claim.quotes]
    said = read(claim.text, claim.quotes[0].published)
    if any(said.text.rstrip(" .") == reading.text.rstrip(" .") for reading in readings):
        return Verdict(None)
    if all(said.language != reading.language for reading in readings):
        return Verdict(Fault.LANGUAGE, said.language)
    verdict = _compare(said, readings, supported=meaning is not None)
    bar = KOREAN_BAR if said.language == "ko" else BAR
    if verdict.kept and meaning is not None and (support := meaning(claim.text, claim.quotes)) < bar:
        return Verdict(Fault.MEANING, f"{support:.2f} of {bar:.2f}")
    return verdict


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


def _compare(said: Reading, readings: Sequence[Reading], *, supported: bool) -> Verdict:
    sources = sources_of(readings)
    aligned = align(said, sources)
    figures = check_figures(aligned, sources)
    if figures.fault is not None:
        return Verdict(figures.fault, figures.detail)
    computed = frozenset(found.sign for found in figures.derived)
    for fault, found in _checks(said, readings, aligned, sources, computed):
        if found:
            return Verdict(fault, found)
    if found := misattached(aligned, sources, figures.derived):
        return Verdict(Fault.ATTACHMENT, found)
    if not any(places for one in aligned for _, places in (*one.words, *one.figures)) and not figures.derived:
        return Verdict(Fault.MEANING, "nothing of it is in the quotes")
    unknown, total = unknown_words(aligned, computed=bool(figures.derived))
    strange = any(_strange(word, supported=supported) for word in unknown)
    if strange or len(unknown) > max(1, (SUPPORTED_UNKNOWN if supported else UNKNOWN) * total):
        return Verdict(Fault.MEANING, " ".join(word.text for word in unknown))
    return Verdict(None, derived=bool(figures.derived))


_KOREAN_PLACE = re.compile(r"[가-힣]{2,}(?:시|군|도|구|읍|면|전자|은행|대학|그룹)")


def _strange(word: Word, *, supported: bool) -> bool:
    """Whether a word that no quote has may not be in a claim at all. A ``Meaning`` knows English words,
    and of Korean only the letters: there, what a clause is about must be known."""
    if word.groups or word.text.endswith("ly"):
        return False
    return not supported or word.topic or (word.korean and _KOREAN_PLACE.fullmatch(word.stem) is not None)


def _checks(
    said: Reading,
    readings: Sequence[Reading],
    aligned: Sequence[Aligned],
    sources: Sequence[Source],
    computed: frozenset[int],
) -> Iterator[tuple[Fault, str]]:
    texts = [reading.text for reading in readings]
    told = " ".join(texts)
    yield Fault.QUOTATION, foreign_quotation(said.text, texts)
    yield Fault.NAME, foreign_name(said, readings, said.figures)
    cited = [
        sources[place].reading.sentences[sources[place].clause.sentence]
        for one in aligned
        for place in sorted(one.used)
    ]
    clauses = [sources[one.home].clause.text for one in aligned]
    yield Fault.SPEAKER, misattributed(said, readings, list(dict.fromkeys(cited)), clauses)
    yield Fault.NEGATION, turned(aligned, sources)
    yield Fault.DIRECTION, reversed_direction(aligned, sources, computed)
    yield Fault.STRENGTH, raised(aligned, sources, said.text)
    yield Fault.SCOPE, scope(aligned, sources, said.text, told) or narrowed(aligned, sources)


def _too_long(text: str, quotes: Sequence[str]) -> str:
    """What there is too much of; empty where a claim and its quotes can be compared in little time."""
    if len(text) > LONGEST or sum(map(len, quotes)) > 10 * LONGEST:
        return f"{len(text)} characters"
    if len(re.findall(r"\d[\d.,]*", text)) > FIGURES:
        return f"more than {FIGURES} figures"
    many = any(len(_MARKS.findall(one)) > MARKS for one in (text, *quotes))
    return f"more than {MARKS} commas and the like" if many else ""
