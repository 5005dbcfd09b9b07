"""A claim held against one sentence, as far as that can be done exactly."""

from datetime import date

from service.answer import Quote
from service.answering.verifier import Claim, Comparison, Verdict, compare


def compared(text: str, source: str) -> Comparison | Verdict:
    quote = Quote("notice", "0" * 64, source, 0, len(source), "Notice", None, date(2026, 3, 10))
    return compare(Claim(text, (quote,)))
