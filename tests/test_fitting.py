"""What the fits of a few weights find, on made data whose answer is known."""

import numpy as np

from eval.training.fitting import fit_logistic

ROWS = 4000


def test_a_fit_to_what_known_logits_leave_finds_the_rest() -> None:
    """Two causes of the label are drawn alike; where one is known already, only the other is found."""
    drawn = np.random.default_rng(1)
    first, second = drawn.normal(size=(2, ROWS))
    logits = 2 * first + second
    right = drawn.random(ROWS) < 1 / (1 + np.exp(-logits))
    features = np.stack([first, second], axis=1).astype(np.float32)
    shares = np.ones(ROWS)
    whole = fit_logistic(features, right, shares, 0.01)
    rest = fit_logistic(features, right, shares, 0.01, known=2 * first)
    assert np.allclose(whole.weights, [2, 1], atol=0.2)
    assert np.allclose(rest.weights, [0, 1], atol=0.2)
