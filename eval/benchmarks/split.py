"""Which of XQuAD's articles fitting never sees."""

import numpy as np

SEED = 7


def held_out_articles(count: int) -> frozenset[int]:
    """Half of ``count`` articles, drawn with a fixed seed: nothing was fitted or chosen on them."""
    order = np.random.RandomState(SEED).permutation(count)
    return frozenset(int(number) for number in order[0::2])
