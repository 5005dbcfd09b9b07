"""Whether a reply is what its case expects, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from eval.case import Case
from eval.fact import described, occurs, quoted
from eval.response import Failure, Response, Result, Status


class Outcome(StrEnum):
    """What became of a case."""

    CORRECT = "correct"
    WRONG = "wrong answer"
    OVER_REFUSED = "refused, though answerable"
    REFUSED = "rightly refused"
    UNFOUNDED = "answered, though unanswerable"
    COURTEOUS = "courteous"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``correct`` says whether the facts are there, None where none are expected.

    ``passed`` asks more than the outcome: the reason of a refusal and what is forbidden count too.
    ``reasons`` are sentences for a person; they are empty for a case that passed without remark.
    """

    outcome: Outcome
    passed: bool
    correct: bool | None
    reasons: tuple[str, ...] = ()


def judge(case: Case, result: Result) -> Verdict:
    """The verdict on one reply. A failure of the endpoint fails its case, and is called an error."""
    if isinstance(result, Failure):
        return Verdict(Outcome.ERROR, False, None, (result.error,))
    forbidden = tuple(_forbidden(case, result))
    if case.expect.courtesy:
        return _courtesy(result, forbidden)
    if not result.answered:
        return _refused(case, result, forbidden)
    if case.answerable is False:
        reasons = ("it answers what the source does not say", *forbidden)
        return Verdict(Outcome.UNFOUNDED, False, None, reasons)
    missing = tuple(_missing(case, result))
    outcome = Outcome.WRONG if missing or forbidden else Outcome.CORRECT
    return Verdict(outcome, not missing and not forbidden, not missing, missing + forbidden)


def _courtesy(response: Response, forbidden: tuple[str, ...]) -> Verdict:
    claims = response.answered and response.cites
    reasons = (("a greeting is answered with a claim",) if claims else ()) + forbidden
    return Verdict(Outcome.UNFOUNDED if claims else Outcome.COURTEOUS, not reasons, None, reasons)


def _refused(case: Case, response: Response, forbidden: tuple[str, ...]) -> Verdict:
    if case.answerable:
        done = "asks back" if response.status is Status.CLARIFY else "refuses"
        return Verdict(
            Outcome.OVER_REFUSED, False, False, (f"it {done}, though the source says it", *forbidden)
        )
    wanted, given = case.expect.refusal, response.reason
    reasons = forbidden
    if isinstance(wanted, str) and given is not None and given != wanted:
        reasons = (f"it refuses as {given}, not as {wanted}", *forbidden)
    return Verdict(Outcome.REFUSED, not reasons, None, reasons)


def _missing(case: Case, response: Response) -> Iterator[str]:
    lacking = "the quotes lack" if response.cites else "the answer lacks"
    expect, evidence = case.expect, response.evidence
    if expect.any_of and not any(occurs(fact, evidence) for fact in expect.any_of):
        yield f"{lacking} {_listed(map(described, expect.any_of), 'or')}"
    if lacked := [fact for fact in expect.all_of if not occurs(fact, evidence)]:
        yield f"{lacking} {_listed(map(described, lacked), 'and')}"
    for text in expect.quotes:
        if not quoted(text, (quote for quote, _ in evidence)):
            yield f"it does not quote “{text}”"


def _forbidden(case: Case, response: Response) -> Iterator[str]:
    texts = ((response.text, None), *((c.quote, c.published) for c in response.citations))
    for fact in case.expect.forbidden:
        if occurs(fact, texts):
            yield f"it says {described(fact)}, which is forbidden"


def _listed(items: Iterable[str], conjunction: str) -> str:
    *others, last = items
    return f"{', '.join(others)} {conjunction} {last}" if others else last
