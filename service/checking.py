"""Re-checks an answer against its sources, with no model: what ``herald verify`` does."""

from collections.abc import Callable
from dataclasses import dataclass

from indexer.announcement import Announcement
from service.answer import Answer, Citation, Mode, Quote
from service.answering.verifier import Claim, verify
from service.quantity import quantities

FindSource = Callable[[str, str], Announcement | None]
"""The announcement with an id and a SHA-256, if the index knows or knew it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold. ``marker`` is the citation's; None for the answer as a whole."""

    marker: int | None
    problem: str


def check_answer(answer: Answer, find: FindSource) -> tuple[Finding, ...]:
    """Everything about an answer that its sources do not bear out; empty where it holds.

    Each quote must stand at its offsets in the text with its hash (that each stretch of the answer is
    cited, an ``Answer`` sees to itself). A generated sentence must be proven by the quotes that it
    cites; of one that is meant to be the source's own, each figure and date must stand in them.
    """
    text, citations = answer.text, answer.citations
    findings = [Finding(c.marker, problem) for c in citations for problem in _quote_problems(c, find)]
    spans = [(c.answer_start, c.answer_end) for c in citations]
    problems = _claim_problems if answer.mode is Mode.GENERATED else _figure_problems
    for start, end in dict.fromkeys(spans):
        quotes = tuple(c.quote for c in citations if (c.answer_start, c.answer_end) == (start, end))
        findings += [Finding(None, problem) for problem in problems(text[start:end], quotes)]
    return tuple(findings)


def _claim_problems(sentence: str, quotes: tuple[Quote, ...]) -> list[str]:
    verdict = verify(Claim(sentence, quotes))
    if verdict.fault is None:
        return []
    detail = f" ({verdict.detail})" if verdict.detail else ""
    return [f"“{sentence}” is not proven by its quotes: {verdict.fault.value}{detail}"]


def _figure_problems(sentence: str, quotes: tuple[Quote, ...]) -> list[str]:
    known = {quantity for quote in quotes for quantity in quantities(quote.text)}
    told = " ".join(quote.text for quote in quotes)
    return [
        f"“{quantity.text}” is in no quote of its sentence"
        for quantity in quantities(sentence)
        if quantity not in known and quantity.text not in told
    ]


def _quote_problems(citation: Citation, find: FindSource) -> list[str]:
    quote = citation.quote
    source = find(quote.source_id, quote.source_sha256)
    if source is None:
        return [f"no source {quote.source_id!r} with the hash {quote.source_sha256[:12]}… is known"]
    if source.text[quote.start : quote.end] != quote.text:
        where = source.text.find(quote.text)
        at = f"it stands at {where}" if where >= 0 else "it stands nowhere in it"
        return [f"the quote is not at {quote.start}:{quote.end} of {quote.source_id!r}; {at}"]
    return []
