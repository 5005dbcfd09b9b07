"""What the wording of a question, or of a claim, gives away without the text that it is asked of.

Who writes questions that a text answers and near misses that it does not words them apart: the former are
short and chatty, the latter name everything. A model trained on both learns that instead of reading (Poliak et
al., "Hypothesis Only Baselines", *SEM 2018). So a baseline that sees the wording alone is fitted first, and
what is trained is only asked for what that leaves (Clark, Yatskar and Zettlemoyer, "Don't Take the Easy Way
Out", EMNLP 2019: a product of experts).
"""

from collections.abc import Sequence
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


def partial_input_logits(
    wordings: Sequence[str], right: Flags, shares: Floats, groups: Sequence[str], language: str
) -> Floats:
    """How much each wording alone speaks for "right" [N]: a logit, less that of what share is right.

    ``shares`` [N] say how much each counts. Each is told by a model that was fitted on the other groups: linear
    over words and pairs of words, in Korean over stretches of up to three characters.
    """
    fold_of = {group: place % FOLDS for place, group in enumerate(sorted(set(groups)))}
    folds = np.array([fold_of[group] for group in groups])
    texts = np.array(wordings, dtype=object)
    logits = np.zeros(len(texts))
    for fold in range(FOLDS):
        inside = folds == fold
        if inside.any() and not inside.all():
            counts, model = _fitted(texts[~inside], right[~inside], shares[~inside], language)
            logits[inside] = model.decision_function(counts.transform(texts[inside]))
    base = float(shares @ right / shares.sum())
    return np.asarray(np.clip(logits - np.log(base / (1 - base)), -MOST, MOST))


def _fitted(texts: npt.NDArray[np.object_], right: Flags, shares: Floats, language: str) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    if language == "ko":
        counts = CountVectorizer(analyzer="char_wb", ngram_range=(1, 3), min_df=LEAST, binary=True)
    else:
        counts = CountVectorizer(ngram_range=(1, 2), min_df=LEAST, binary=True, token_pattern=WORD)
    model = LogisticRegression(C=INVERSE_RIDGE, max_iter=200)
    return counts, model.fit(counts.fit_transform(texts), right, sample_weight=shares)
