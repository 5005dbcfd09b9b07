"""Which sentence of either of two announcements answers what is asked of both: two that say it in like words."""

from collections.abc import Sequence
from itertools import product

from indexer import lexicon
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


def paired(sides: Sequence[Found], reader: Reader) -> tuple[tuple[Lead, ...], bool]:
    """What each side leads with, and whether they say it in like words. Each must have found something."""
    language = sides[0].inquiry.question.language
    if len(sides) != TWO or language not in LANGUAGES:
        return tuple(lead_of(side, reader) for side in sides), False
    one, other = (
        [(lead, _said(side, lead), score) for lead, score in leads_of(side, reader)] for side in sides
    )
    best = max(
        product(one, other),
        key=lambda pair: (
            sum(score for *_, score in pair) + LIKENESS * _alike(pair[0][1], pair[1][1], language)
        ),
    )
    leads = tuple(lead for lead, *_ in best)
    return leads, _alike(best[0][1], best[1][1], language) >= ALIKE


def _said(side: Found, lead: Lead) -> str:
    return side.evidence[lead.candidate].sentence(lead.sentence)


def _alike(one: str, other: str, language: str) -> float:
    """How much of the words of two sentences is the same, and whether both tell a figure of the same kind."""
    words, others = (frozenset(lexicon.content_terms(said, language)) for said in (one, other))
    same = 2 * len(words & others) / max(len(words) + len(others), 1)
    kinds, of_other = ({(q.kind, q.unit, q.counter) for q in quantities(said)} for said in (one, other))
    return same + SAME_FIGURE * bool(kinds & of_other)
