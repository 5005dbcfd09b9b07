"""Refusing what cannot be answered, and only that.

The definitions of precision and recall are van Rijsbergen's, with "refused" as what is retrieved and
"unanswerable" as what is relevant. The conditioned score is MTRAG's. Between 0 and 1, higher is better.
"""

from collections.abc import Sequence


def refusal_precision(refused: Sequence[bool], unanswerable: Sequence[bool]) -> float | None:
    """Of the questions refused, the share that cannot be answered. None where none was refused."""
    right = sum(r and u for r, u in zip(refused, unanswerable, strict=True))
    return right / sum(refused) if any(refused) else None


def refusal_recall(refused: Sequence[bool], unanswerable: Sequence[bool]) -> float | None:
    """Of the questions that cannot be answered, the share refused. None where all can be."""
    right = sum(r and u for r, u in zip(refused, unanswerable, strict=True))
    return right / sum(unanswerable) if any(unanswerable) else None


def refusal_f1(refused: Sequence[bool], unanswerable: Sequence[bool]) -> float | None:
    """The harmonic mean of the two. None where nothing was refused and nothing should have been."""
    right = sum(r and u for r, u in zip(refused, unanswerable, strict=True))
    total = sum(refused) + sum(unanswerable)
    return 2 * right / total if total else None


def conditioned(score: float, refused: bool, answerable: bool) -> float:
    """MTRAG's answerability-conditioned score of one reply.

    Refusing is worth 1 where nothing answers the question and 0 where something does; answering is
    worth 0 where nothing does and else what the answer scored. Katsis et al. 2025, "MTRAG: A
    Multi-Turn Conversational Benchmark for Evaluating Retrieval-Augmented Generation Systems".
    """
    if refused:
        return 0.0 if answerable else 1.0
    return score if answerable else 0.0
