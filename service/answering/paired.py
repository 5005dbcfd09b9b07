"""Which sentence of either of two announcements answers what is asked of both: two that say it in like words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from indexer import lexicon
from service.answering.ambiguity import dice
from service.answering.found import Found
from service.answering.lead import Lead, lead_of, leads_of
from service.answering.reader import LANGUAGES, Reader
from service.quantity import quantities

LIKENESS = 6.0
"""What it counts that all words of two sentences are the same, beside what each counts by rank and reading."""
SAME_FIGURE = 0.5
"""What it counts, of that, that both tell a figure of the same kind."""
ALIKE = 0.7
"""From where on they are said in like words."""
TWO = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a side may lead with, how well it answers, and the words and the kinds of figures of its sentence."""

    lead: Lead
    standing: float
    words: frozenset[str]
    figures: frozenset[tuple[str, ...]]

    def likeness(self, other: "Candidate") -> float:
        """How much of the words of both is the same, and whether both tell a figure of the same kind."""
        return dice(self.words, other.words) + SAME_FIGURE * bool(self.figures & other.figures)


def paired(sides: Sequence[Found], reader: Reader) -> tuple[tuple[Lead, ...], bool]:
    """What each side leads with, and whether they say it in like words. Each must have found something."""
    if len(sides) != TWO or sides[0].inquiry.question.language not in LANGUAGES:
        return tuple(lead_of(side, reader) for side in sides), False
    best: tuple[Candidate, ...] = max(
        product(*(_candidates(side, reader) for side in sides)),
        key=lambda pair: pair[0].standing + pair[1].standing + LIKENESS * pair[0].likeness(pair[1]),
    )
    return tuple(each.lead for each in best), best[0].likeness(best[1]) >= ALIKE


def _candidates(side: Found, reader: Reader) -> list[Candidate]:
    language = side.inquiry.question.language
    found = []
    for lead, standing in leads_of(side, reader):
        said = side.evidence[lead.candidate].sentence(lead.sentence)
        figures = frozenset((q.kind, q.unit, q.counter) for q in quantities(said))
        found.append(Candidate(lead, standing, frozenset(lexicon.content_terms(said, language)), figures))
    return found
