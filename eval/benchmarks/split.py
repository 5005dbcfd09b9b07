"""Which of XQuAD's articles the weights were fitted on, and which they never saw."""

import numpy as np

SEED = 7


def fitted_articles(count: int) -> frozenset[int]:
    """Half of ``count`` articles, drawn with a fixed seed, for fitting weights."""
    order = np.random.RandomState(SEED).permutation(count)
    return frozenset(int(number) for number in order[0::2])


def held_out_articles(count: int) -> frozenset[int]:
    """The other half: no weight was fitted on them."""
    return frozenset(range(count)) - fitted_articles(count)
