"""Recall at k, reciprocal rank and nDCG of retrieved passages, computed by ir-measures.

What is relevant is known as sentences of the source, what is retrieved are passages; so a passage is
relevant if it holds a sentence that no better-ranked one holds, and a sentence that no passage holds
counts as one relevant passage that was missed. Between 0 and 1, higher is better.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from eval.errors import ExtraMissing

NAMES = ("R@1", "R@5", "RR", "nDCG@10")
"""Recall at 1 and 5, reciprocal rank (its mean is MRR), and nDCG at 10 (Järvelin and Kekäläinen 2002)."""


def retrieval_scores(passages: Sequence[str], sentences: Sequence[str]) -> dict[str, float]:
    """Each of NAMES for one question; ``passages`` are best first.

    Empty where no sentence is known to be relevant; all 0 where nothing was retrieved. Raises
    ExtraMissing where ir-measures is not installed.
    """
    if not sentences:
        return {}
    relevant, missed = _relevant(
        [" ".join(p.split()) for p in passages], [" ".join(s.split()) for s in sentences]
    )
    qrels = {f"p{i}": 1 for i in relevant} | {f"missed{i}": 1 for i in range(missed)}
    run = {f"p{i}": float(len(passages) - i) for i in range(len(passages))} or {"nothing": 0.0}
    names, evaluator = _measures()
    found = evaluator.calc_aggregate([*names], {"q": qrels}, {"q": run})
    return {name: float(found[measure]) for name, measure in zip(NAMES, names, strict=True)}


def _relevant(passages: Sequence[str], sentences: Sequence[str]) -> tuple[list[int], int]:
    """Which passages are relevant, and how many sentences none of them holds."""
    left, relevant = list(dict.fromkeys(sentences)), []
    for i, passage in enumerate(passages):
        held = [s for s in left if s in passage or (len(passage) > 20 and passage in s)]
        if held:
            relevant.append(i)
            left = [s for s in left if s not in held]
    return relevant, len(left)


@cache
def _measures() -> tuple[tuple[Any, ...], Any]:
    try:
        import ir_measures
    except ImportError as error:
        raise ExtraMissing("ir-measures") from error
    return tuple(ir_measures.parse_measure(name) for name in NAMES), ir_measures
