"""A case with its reply, its verdict, and the numbers that the metrics are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eval.case import Case
from eval.fact import quoted
from eval.metrics.alce import Support, citation_precision, citation_recall
from eval.metrics.refusal import conditioned
from eval.metrics.retrieval import retrieval_scores
from eval.metrics.squad import exact_match, token_f1
from eval.response import Response, Result, Status
from eval.support import faults, statements, supported_by_words
from eval.verdict import Outcome, Verdict, judge

Part = tuple[float, float]
"""What a case adds to a metric: for a share, what goes above and below the line (a mean over cases adds
its score and 1); for a metric over all replies, what ``eval.metrics.catalogue`` says that it takes."""


@dataclass(frozen=True, slots=True)
class Score:
    """What one case came to. ``parts`` holds, by metric, what the case adds; nothing where it does not bear."""

    case: Case
    result: Result
    verdict: Verdict
    parts: Mapping[str, Part] = field(default_factory=dict)

    @property
    def response(self) -> Response | None:
        return self.result if isinstance(self.result, Response) else None


def score(
    case: Case,
    result: Result,
    supports: Support = supported_by_words,
    judged: float | None = None,
    *,
    referenced: bool = True,
) -> Score:
    """Judge one reply. A failure counts against every metric of correctness, never for one.

    ``judged`` is what a judging model gave, where one was asked and gave something. ``referenced``
    says whether the run has reference answers at all: without one, exact match and token F1 over the
    unanswerable cases alone would be the refusal's recall by another name.
    """
    verdict = judge(case, result)
    parts: dict[str, Part] = {"pass_rate": (float(verdict.passed), 1.0)}
    parts |= _correctness(case, result, verdict) | _refusal(case, result)
    if referenced:
        parts |= _overlap(case, result)
    parts["errors"] = (float(not isinstance(result, Response)), 0.0)
    if isinstance(result, Response):
        parts |= _citations(case, result, supports) | _retrieval(case, result)
        parts |= _confidence(case, result, verdict) | _expense(result)
    if judged is not None:
        parts["judge"] = (judged, 1.0)
    return Score(case, result, verdict, parts)


def _correctness(case: Case, result: Result, verdict: Verdict) -> dict[str, Part]:
    response = result if isinstance(result, Response) else None
    answered = response is not None and response.answered
    correct = float(verdict.correct or 0.0)
    parts: dict[str, Part] = {}
    if case.answerable:
        parts["answer_accuracy"] = (correct, 1.0)
    if answered and _asks(case):
        parts["selective_accuracy"] = (correct, 1.0)
    if case.answerable is None:
        return parts
    own = token_f1(_said(response), case.expect.answers) if _only_references(case) else correct
    worth = conditioned(own, not answered, case.answerable) if response else 0.0
    return parts | {"conditioned_score": (worth, 1.0)}


def _overlap(case: Case, result: Result) -> dict[str, Part]:
    """SQuAD's metrics against reference answers; where nothing answers, against saying nothing."""
    references = case.expect.answers
    if case.answerable is None or (case.answerable and not references):
        return {}
    if not isinstance(result, Response):
        return {"exact_match": (0.0, 1.0), "token_f1": (0.0, 1.0)}
    text = _said(result)
    return {
        "exact_match": (exact_match(text, references), 1.0),
        "token_f1": (token_f1(text, references), 1.0),
    }


def _said(response: Response | None) -> str:
    """The text of an answer; a refusal says nothing."""
    return response.text if response is not None and response.answered else ""


def _asks(case: Case) -> bool:
    """Whether the case is about answering at all: no courtesy, and not only something forbidden."""
    return not case.expect.courtesy and bool(case.expect.wants_answer or case.expect.refusal)


def _only_references(case: Case) -> bool:
    expect = case.expect
    return bool(expect.answers) and not (expect.any_of or expect.all_of or expect.quotes)


def _refusal(case: Case, result: Result) -> dict[str, Part]:
    if not _asks(case):
        return {}
    refused = isinstance(result, Response) and not result.answered
    parts: dict[str, Part] = {}
    if refused:
        parts["refusal_precision"] = (float(case.answerable is not True), 1.0)
    if case.answerable is not None:
        unanswerable = not case.answerable
        parts["refusal_f1"] = (2.0 * (refused and unanswerable), float(refused + unanswerable))
        if unanswerable:
            parts["refusal_recall"] = (float(refused), 1.0)
    return parts


def _citations(case: Case, response: Response, supports: Support) -> dict[str, Part]:
    if not response.answered:
        return {}
    parts: dict[str, Part] = {}
    if response.citations:
        exact = sum(c.exact for c in response.citations)
        parts["citation_exactness"] = (float(exact), float(len(response.citations)))
    stated = statements(response)
    recall, precision = citation_recall(stated, supports), citation_precision(stated, supports)
    if recall is not None and precision is not None:
        parts["citation_recall"], parts["citation_precision"] = (recall, 1.0), (precision, 1.0)
    if stated and response.cites:
        held = [fault is None for fault in faults(response)]
        parts["faithfulness"] = (float(sum(held)), float(len(held)))
    if case.sentences and case.answerable is not False and response.cites:
        parts |= _evidence(case.sentences, [c.quote for c in response.citations])
    return parts


def _evidence(sentences: Sequence[str], quotes: Sequence[str]) -> dict[str, Part]:
    distinct = list(dict.fromkeys(quotes))
    found = sum(quoted(sentence, distinct) for sentence in sentences)
    needed = sum(any(quoted(quote, [s]) or quoted(s, [quote]) for s in sentences) for quote in distinct)
    return {
        "evidence_recall": (found / len(sentences), 1.0),
        "evidence_precision": (needed / len(distinct) if distinct else 0.0, 1.0),
    }


def _retrieval(case: Case, response: Response) -> dict[str, Part]:
    if response.passages is None:
        return {}
    return {name: (value, 1.0) for name, value in retrieval_scores(response.passages, case.sentences).items()}


def _confidence(case: Case, response: Response, verdict: Verdict) -> dict[str, Part]:
    given = response.confidence
    if given is None or case.expect.courtesy:
        return {}
    parts: dict[str, Part] = {}
    if response.status is not Status.CLARIFY:
        parts["ece"] = (given, float(verdict.outcome in {Outcome.CORRECT, Outcome.REFUSED}))
    if response.answered:
        parts["aurc"] = (given, float(verdict.outcome is Outcome.CORRECT))
    if case.answerable is not None:
        # A refusal's confidence is in the refusal.
        answerability = 1.0 - given if response.status is Status.REFUSED else given
        parts["auroc"] = (answerability, float(case.answerable))
    return parts


def _expense(response: Response) -> dict[str, Part]:
    parts: dict[str, Part] = {"latency": (response.seconds, 0.0)}
    if response.tokens_in is not None or response.tokens_out is not None:
        parts["tokens"] = (float((response.tokens_in or 0) + (response.tokens_out or 0)), 0.0)
    if response.cost is not None:
        parts["cost"] = (response.cost, 0.0)
    return parts
