"""What an answer states, and whether its quotes bear it out: by their own words."""

import re
from collections.abc import Sequence

from eval.fact import plain
from eval.metrics.alce import Statement
from eval.response import Cited, Response
from service.answer import Quote, uncovered
from service.answering.question import FUNCTION_WORDS
from service.answering.verifier import Claim, verify
from service.name import names
from service.quantity import quantities

ENOUGH = 2 / 3
"""The share of a statement's content words that its quotes must hold, where it is not quoted word for word."""
LISTED = re.compile(r"^\s*(?:[-*•·◦▪–—]\s+|\(?\d{1,2}[.)]\s+)")
"""What a list puts before an item. An opening quotation mark is none: without it, the closing one opens."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"[^.!?。\n]+(?:[.!?。](?!\s|$)[^.!?。\n]*)*[.!?。]?")


def statements(response: Response) -> list[Statement]:
    """The sentences of an answer in order, with their quotes; none for a refusal or a question back.

    A sentence is what a citation says it proves; what none proves is split at full stops, and has no
    quotes.
    """
    if not response.answered:
        return []
    by_span: dict[tuple[int, int], list[str]] = {}
    for cited in response.citations:
        by_span.setdefault((cited.answer_start, cited.answer_end), []).append(cited.quote)
    spans = [s for s in by_span if 0 <= s[0] < s[1] <= len(response.text)]
    found = [(span, tuple(by_span[span])) for span in spans]
    while (gap := uncovered(response.text, spans)) is not None:
        spans.append(gap)
        found += [
            ((gap[0] + m.start(), gap[0] + m.end()), ())
            for m in _SENTENCE.finditer(response.text[slice(*gap)])
        ]
    return [
        Statement(response.text[start:end].strip(), quotes)
        for (start, end), quotes in sorted(found)
        if re.search(r"\w", response.text[start:end])
    ]


def supported_by_words(quotes: Sequence[str], statement: str) -> bool:
    """Whether some quotes support a statement, as far as words can tell.

    They do if they hold it word for word. Otherwise each of its figures, dates and names must occur
    in them, and most of its other words. What it denies or turns round goes unnoticed: for that, use an
    ``Entailment``.
    """
    said, told = plain(LISTED.sub("", statement)), plain("\n".join(quotes))
    if said in told:
        return True
    if not figures_and_names_occur(quotes, statement):
        return False
    words = {_stem(w) for w in _WORD.findall(said) if w not in FUNCTION_WORDS}
    known = {_stem(w) for w in _WORD.findall(told)}
    return len(words & known) >= ENOUGH * len(words)


def figures_and_names_occur(quotes: Sequence[str], statement: str) -> bool:
    """Whether every figure, date and name of a statement occurs in its quotes, by value."""
    joined, told = "\n".join(quotes), plain("\n".join(quotes))
    known = set(quantities(joined))
    figures = all(q in known or plain(q.text) in told for q in quantities(statement))
    return figures and all(n.opens or plain(n.text) in told for n in names(statement, "en"))


def faults(response: Response) -> list[str | None]:
    """For each statement, what keeps its quotes from proving it; None where they do.

    The verifier's own rules say so, without its model; a quote that its source does not have proves
    nothing.
    """
    return [_fault(statement, response.citations) for statement in statements(response)]


def _fault(statement: Statement, citations: Sequence[Cited]) -> str | None:
    cited = [c for c in citations if c.quote in statement.quotes]
    if not all(c.exact for c in cited):
        return "a quote is not in its source"
    quotes = tuple(
        Quote(c.source_id, "", c.quote, 0, len(c.quote), c.title, published=c.published)
        for c in cited
        if c.quote
    )
    verdict = verify(Claim(LISTED.sub("", statement.text), quotes))
    return None if verdict.fault is None else " ".join(filter(None, (verdict.fault, verdict.detail)))


def _stem(word: str) -> str:
    return word[:6]
