"""Citation recall and precision as ALCE defines them.

Gao et al. 2023, "Enabling Large Language Models to Generate Text with Citations" (EMNLP 2023),
section 3.3. What supports what is judged by a function that the caller gives: ALCE takes a model of
natural-language inference, Herald by default the quotes' own words. Between 0 and 1, higher is better.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Support = Callable[[Sequence[str], str], bool]
"""Whether some quotes, taken together, support a statement."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer and the quotes cited for it."""

    text: str
    quotes: tuple[str, ...]


def citation_recall(statements: Sequence[Statement], supports: Support) -> float | None:
    """The share of statements that all their quotes together support; one without quotes is not.

    None where there is no statement.
    """
    if not statements:
        return None
    return sum(_supported(s, supports) for s in statements) / len(statements)


def citation_precision(statements: Sequence[Statement], supports: Support) -> float | None:
    """The share of citations that are needed.

    A citation counts if its statement is supported by all its quotes together, and if either this
    quote alone supports it or the others without this one do not. Where statements cite nothing, 0,
    as in ALCE's script. None where there is no statement.
    """
    if not statements:
        return None
    total = sum(len(s.quotes) for s in statements)
    needed = sum(_needed(s, supports) for s in statements)
    return needed / total if total else 0.0


def _supported(statement: Statement, supports: Support) -> bool:
    return bool(statement.quotes) and supports(statement.quotes, statement.text)


def _needed(statement: Statement, supports: Support) -> int:
    if not _supported(statement, supports):
        return 0
    quotes = statement.quotes
    if len(quotes) == 1:
        return 1
    return sum(
        supports((quote,), statement.text) or not supports(quotes[:i] + quotes[i + 1 :], statement.text)
        for i, quote in enumerate(quotes)
    )
