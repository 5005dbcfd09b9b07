"""Exact match and token F1 as the official SQuAD 2.0 evaluation script defines them.

Rajpurkar et al. 2018, "Know What You Don't Know: Unanswerable Questions for SQuAD"; for answerable
questions the definitions are those of SQuAD 1.1 (Rajpurkar et al. 2016). Both are between 0 and 1,
higher is better.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalised(text: str) -> str:
    """Lower case, without ASCII punctuation and English articles, with single spaces."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_WITHOUT_PUNCTUATION)).split())


def exact_match(prediction: str, references: Sequence[str]) -> float:
    """Whether the prediction is one of the references, normalised.

    Without references (or with none that is more than articles and punctuation) nothing answers the
    question, and only an empty prediction matches.
    """
    return float(any(normalised(prediction) == normalised(r) for r in _gold(references)))


def token_f1(prediction: str, references: Sequence[str]) -> float:
    """The harmonic mean of precision and recall over tokens, against the reference that fits best.

    Where either side has no token, 1 if both have none, else 0; without references as for
    ``exact_match``.
    """
    return max(_f1(normalised(prediction).split(), normalised(r).split()) for r in _gold(references))


def _gold(references: Sequence[str]) -> Sequence[str]:
    return [r for r in references if normalised(r)] or [""]


def _f1(predicted: list[str], gold: list[str]) -> float:
    if not predicted or not gold:
        return float(predicted == gold)
    same = (Counter(predicted) & Counter(gold)).total()
    if same == 0:
        return 0.0
    # The script's own order of operations: another one differs in the last bit.
    precision, recall = 1.0 * same / len(predicted), 1.0 * same / len(gold)
    return (2 * precision * recall) / (precision + recall)
