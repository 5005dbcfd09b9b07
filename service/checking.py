"""Re-checks an answer against its sources, with no model: what ``herald verify`` does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.announcement import Announcement
from service.answer import Citation, uncovered
from service.quantity import quantities

FindSource = Callable[[str, str], Announcement | None]
"""The announcement with an id and a SHA-256, if the index knows or knew it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold. ``marker`` is the citation's; None for the answer as a whole."""

    marker: int | None
    problem: str


def check_answer(text: str, citations: Sequence[Citation], find: FindSource) -> tuple[Finding, ...]:
    """Everything about an answer that its sources do not bear out; empty where it holds.

    Each quote must stand at its offsets in the text with its hash, each stretch of the answer must be
    cited, and each figure and date in a sentence must stand in the quotes that it cites.
    """
    findings = [Finding(c.marker, problem) for c in citations for problem in _quote_problems(c, find)]
    spans = [(c.answer_start, c.answer_end) for c in citations]
    if any(not 0 <= start < end <= len(text) for start, end in spans):
        return (*findings, Finding(None, "a citation's answer span lies outside the answer"))
    uncited = uncovered(text, spans)
    if uncited is not None:
        findings.append(Finding(None, f"no citation proves “{text[slice(*uncited)].strip()}”"))
    for start, end in dict.fromkeys(spans):
        quotes = [c.quote.text for c in citations if (c.answer_start, c.answer_end) == (start, end)]
        known = {quantity for quote in quotes for quantity in quantities(quote)}
        findings += [
            Finding(None, f"“{quantity.text}” is in no quote of its sentence")
            for quantity in quantities(text[start:end])
            if quantity not in known and quantity.text not in " ".join(quotes)
        ]
    return tuple(findings)


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
