"""Cases asked, and what became of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from eval.benchmarks.confidence import Floats
from eval.benchmarks.herald import NAME, Workshop, assistant_over
from eval.benchmarks.method import Method
from eval.benchmarks.mtrag import answerability
from eval.case import Case
from eval.fact import occurs
from service.answer import Answer, Clarification
from service.answering.assistant import Assistant

ANSWERABLE, NEAR_MISS = "answerable", "near-miss"
"""What a case expects, as its first tag says it."""


@dataclass(frozen=True, slots=True)
class Graded:
    """What became of a case. ``right``: the expected words are in the quotes, from the right source.

    ``probability`` is that the question is answerable, or what else a method's confidence is.
    """

    case: Case
    answered: bool
    asked_back: bool
    right: bool
    probability: float
    language: str

    @property
    def verdict(self) -> str:
        """What the case expects, by its first tag."""
        return self.case.tags[0]


def probabilities(graded: Iterable[Graded]) -> Floats:
    return np.array([g.probability for g in graded], np.float64)


def ask(
    paths: Sequence[Path], cases: Sequence[Case], workshop: Workshop, others: Sequence[Method]
) -> dict[str, list[Graded]]:
    """Every case, of Herald and of the others, over an index of some announcements."""
    with assistant_over(paths, workshop) as (assistant, documents):
        languages = {document.id: document.language for document in documents}
        found = {NAME: [_ours(assistant, case, languages[case.source or ""]) for case in cases]}
        for method in others:
            method.index(documents)
            found[method.name] = _theirs(method, cases, languages)
    return found


def _ours(assistant: Assistant, case: Case, language: str) -> Graded:
    conversation = None
    for message in case.messages:
        turn = assistant.ask(message, conversation_id=conversation)
        conversation = turn.conversation_id
    reply = turn.reply
    quotes = [c.quote for c in reply.citations] if isinstance(reply, Answer) else []
    texts = [(quote.text, quote.published) for quote in quotes if quote.source_id == case.source]
    return Graded(
        case,
        isinstance(reply, Answer),
        isinstance(reply, Clarification),
        _right(case, texts),
        answerability(reply),
        language,
    )


def _theirs(method: Method, cases: Sequence[Case], languages: Mapping[str, str]) -> list[Graded]:
    """The last message alone: these methods have no way to take up what came before."""
    graded = []
    findings = method.find([case.messages[-1] for case in cases])
    for case, finding in zip(cases, findings, strict=True):
        best = finding.best
        found = best is not None and best.document == case.source
        texts = [(best.text, None)] if best is not None and found else []
        language = languages[case.source or ""]
        graded.append(Graded(case, True, False, _right(case, texts), finding.confidence, language))
    return graded


def _right(case: Case, texts: Sequence[tuple[str, date | None]]) -> bool:
    facts = case.expect
    if not texts or not (facts.any_of or facts.all_of):
        return False
    some = not facts.any_of or any(occurs(fact, texts) for fact in facts.any_of)
    return some and all(occurs(fact, texts) for fact in facts.all_of)
