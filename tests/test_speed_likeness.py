"""Vectors that are guessed for measuring speed lie near to those of texts with the same words."""

from pathlib import Path

import numpy as np
import pytest

from eval.benchmarks.speed_corpus import announcement
from eval.benchmarks.speed_likeness import Likeness
from indexer.encoder import EncoderCard, open_encoder

SAMPLED = 60


@pytest.fixture(scope="module")
def likeness(exported: tuple[Path, EncoderCard]) -> Likeness:
    return Likeness(exported[0], [announcement(number).text for number in range(SAMPLED)])


def test_a_guess_has_the_form_of_an_encoding(likeness: Likeness, exported: tuple[Path, EncoderCard]) -> None:
    texts = [announcement(SAMPLED).text, "?"]
    real = open_encoder(exported[0]).encode_passages(texts)
    for one, other in zip(likeness.encode_passages(texts), real, strict=True):
        np.testing.assert_array_equal(one.pieces, other.pieces)
        np.testing.assert_array_equal(one.spans, other.spans)
        np.testing.assert_allclose(np.linalg.norm(one.tokens, axis=1), 1, atol=1e-5)
        assert one.tokens.shape == other.tokens.shape
        assert np.linalg.norm(one.pooled) == pytest.approx(1, abs=1e-5)
    assert likeness.card == exported[1]


def test_a_guess_is_nearer_to_its_own_text_than_to_others(
    likeness: Likeness, exported: tuple[Path, EncoderCard]
) -> None:
    texts = [announcement(number).text for number in range(SAMPLED, SAMPLED + 20)]
    guessed = np.stack([encoding.pooled for encoding in likeness.encode_passages(texts)])
    real = np.stack([encoding.pooled for encoding in open_encoder(exported[0]).encode_passages(texts)])
    cosines = guessed @ real.T
    others = (cosines.sum(axis=1) - cosines.diagonal()) / (len(texts) - 1)
    assert (cosines.diagonal() > others).mean() > 0.9
