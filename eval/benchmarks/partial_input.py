"""What the wording of a question, or of a claim, gives away without the text that it is asked of.

Who writes questions that a text answers and near misses that it does not words them apart: the former are
short and chatty, the latter name everything. A model trained on both learns that instead of reading (Poliak et
al., "Hypothesis Only Baselines", *SEM 2018). So a baseline that sees the wording alone is fitted first, and
what is trained is only asked for what that leaves (Clark, Yatskar and Zettlemoyer, "Don't Take the Easy Way
Out", EMNLP 2019: a product of experts).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FOLDS = 8
LEAST = 5
"""In how many wordings a word must occur."""
INVERSE_RIDGE = 0.3
WORD = r"\w+"
MOST = 3.5
"""No wording is taken to tell more than this logit, about 97%."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Wording:
    """A question or claim without what it is asked of, whether it is right, and how much it counts.

    ``group`` is the text that it is asked of.
    """

    group: str
    language: str
    text: str
    right: bool
    share: float = 1.0


def partial_input_logits(wordings: Sequence[Wording]) -> Floats:
    """How much each wording alone speaks for "right" [N]: a logit, less that of what share is right in its language.

    Each is told by a model that was fitted on the other groups: linear over words and pairs of words, in Korean
    over stretches of up to three characters.
    """
    logits = np.zeros(len(wordings))
    for korean in (False, True):
        own = [place for place, wording in enumerate(wordings) if (wording.language == "ko") is korean]
        if own:
            logits[own] = _logits([wordings[place] for place in own], korean=korean)
    return np.clip(logits, -MOST, MOST)


def _logits(wordings: Sequence[Wording], *, korean: bool) -> Floats:
    """The same in one language."""
    fold_of = {group: place % FOLDS for place, group in enumerate(sorted({w.group for w in wordings}))}
    folds = np.array([fold_of[wording.group] for wording in wordings])
    texts = np.array([wording.text for wording in wordings], dtype=object)
    right = np.array([wording.right for wording in wordings])
    shares = np.array([wording.share for wording in wordings])
    base = float(shares @ right / shares.sum())
    logits = np.zeros(len(texts))
    for fold in range(FOLDS):
        inside = folds == fold
        if inside.any() and not inside.all():
            counts, model = _fitted(texts[~inside], right[~inside], shares[~inside], korean=korean)
            told = model.decision_function(counts.transform(texts[inside]))
            logits[inside] = told - np.log(base / (1 - base))
    return logits


def _fitted(texts: npt.NDArray[np.object_], right: Flags, shares: Floats, *, korean: bool) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    if korean:
        counts = CountVectorizer(analyzer="char_wb", ngram_range=(1, 3), min_df=LEAST, binary=True)
    else:
        counts = CountVectorizer(ngram_range=(1, 2), min_df=LEAST, binary=True, token_pattern=WORD)
    model = LogisticRegression(C=INVERSE_RIDGE, max_iter=200)
    return counts, model.fit(counts.fit_transform(texts), right, sample_weight=shares)
