import re
import zlib
from pathlib import Path

import numpy as np
import pytest

from service.answering.question import analyse
from service.answering.scoring import (
    PASSAGE_FEATURES,
    SENTENCE_FEATURES,
    Evidence,
    Inquiry,
    ScoringWeights,
    load_scoring,
    rank,
    term_rarity,
    token_weights,
)

VOCABULARY = 512
DIMENSIONS = 64
WEIGHTS = Path(__file__).resolve().parents[1] / "service" / "answering" / "weights" / "scoring.npz"


def encoded(text: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each word is its own direction: equal words have similarity 1, others almost none."""
    words = list(re.finditer(r"\w+", text))
    pieces = [zlib.crc32(word[0].lower().encode()) % VOCABULARY for word in words]
    vectors = [np.random.default_rng(piece).standard_normal(DIMENSIONS) for piece in pieces]
    tokens = np.array([v / np.linalg.norm(v) for v in vectors], np.float32).reshape(-1, DIMENSIONS)
    return tokens, np.array(pieces, np.int32), np.array([w.span() for w in words], np.int32).reshape(-1, 2)


def evidence(*sentences: str, headings: tuple[bool, ...] = ()) -> Evidence:
    text = " ".join(sentences)
    spans, start = [], 0
    for sentence in sentences:
        spans.append((start, start + len(sentence)))
        start += len(sentence) + 1
    return Evidence(text, tuple(spans), headings or (False,) * len(sentences), *encoded(text))


def inquiry(text: str, language: str = "en") -> Inquiry:
    tokens, pieces, spans = encoded(text)
    question = analyse(text, language)
    rarity = term_rarity(question, lambda _: 1, 10)
    return Inquiry(question, tokens, pieces, spans, np.ones(len(pieces), np.float32), rarity)


@pytest.fixture(scope="module")
def weights() -> ScoringWeights:
    return load_scoring(WEIGHTS)


BUDGET = evidence("The ministry met on Monday.", "The AI budget grows to 9.9 trillion won.")
SPACE = evidence("The rocket flies again in 2029.", "Its success rate is to reach 90% by 2032.")


def test_the_sentence_that_shares_the_questions_words_comes_first(weights: ScoringWeights) -> None:
    ranking = rank(inquiry("To how much will the AI budget grow?"), [SPACE, BUDGET], [0.0, 3.0], weights)
    best = ranking.sentences[0]
    assert (best.candidate, best.sentence) == (1, 1)
    assert ranking.passages[0].candidate == 1
    assert best.score == 1.0
    assert all(0 < other.score <= 1 for other in ranking.sentences)


def test_of_two_like_sentences_the_one_with_a_date_answers_when(weights: ScoringWeights) -> None:
    candidate = evidence("The lunar orbiter is built in Daejeon.", "The lunar orbiter is launched in 2029.")
    ranking = rank(inquiry("When is the lunar orbiter launched?"), [candidate], [1.0], weights)
    assert ranking.sentences[0].sentence == 1


def test_the_body_comes_before_a_headline_that_says_the_same(weights: ScoringWeights) -> None:
    line = "AI budget grows to 9.9 trillion won"
    candidate = evidence(line, line, headings=(True, False))
    ranking = rank(inquiry("How large is the AI budget?"), [candidate], [1.0], weights)
    assert ranking.sentences[0].sentence == 1


def test_where_the_text_asks_the_same_what_is_below_answers(weights: ScoringWeights) -> None:
    candidate = evidence(
        "The spread is sold in jars.", "May I eat the spread if I heat it?", "The office advises against it."
    )
    ranking = rank(inquiry("Can I eat the spread when I heat it?"), [candidate], [1.0], weights)
    assert ranking.sentences[0].sentence == 2
    assert ranking.sentences[-1].sentence == 1


def test_a_language_that_the_encoder_spells_out_is_ranked_by_its_words(weights: ScoringWeights) -> None:
    asked = inquiry("야간 돌봄센터는 몇 곳인가요?", "ko")
    spelled = Inquiry(
        asked.question,
        np.repeat(asked.tokens, 4, axis=0),
        np.repeat(asked.pieces, 4),
        np.repeat(asked.spans, 4, axis=0),
        np.ones(4 * len(asked.pieces), np.float32),
        asked.rarity,
    )
    wrong, right = evidence("시장은 예산을 발표했다."), evidence("야간 돌봄센터를 30곳으로 늘린다.")
    ranking = rank(spelled, [wrong, right], [0.0, 2.0], weights)
    assert ranking.sentences[0].candidate == 1


def test_a_ranking_is_the_same_in_any_order_of_the_candidates(weights: ScoringWeights) -> None:
    asked = inquiry("What success rate is the rocket to reach?")
    one = rank(asked, [BUDGET, SPACE], [0.0, 2.0], weights)
    two = rank(asked, [SPACE, BUDGET], [2.0, 0.0], weights)
    assert [s.sentence for s in one.sentences] == [s.sentence for s in two.sentences]
    assert one.sentences[0].similarity == pytest.approx(two.sentences[0].similarity)


def test_nothing_to_rank_gives_an_empty_ranking(weights: ScoringWeights) -> None:
    for asked, candidates in ((inquiry("Why?"), []), (inquiry("?"), [BUDGET])):
        ranking = rank(asked, candidates, [0.0] * len(candidates), weights)
        assert ranking.sentences == ()
        assert ranking.passages == ()


def test_one_candidate_without_a_shared_word_is_still_ranked(weights: ScoringWeights) -> None:
    ranking = rank(inquiry("Kimchi stew recipe?"), [evidence("Nothing.")], [0.0], weights)
    assert len(ranking.sentences) == 1
    assert np.isfinite(ranking.logits).all()


def test_features_and_matches_have_the_shapes_that_they_promise(weights: ScoringWeights) -> None:
    asked = inquiry("What success rate is the rocket to reach?")
    ranking = rank(asked, [BUDGET, SPACE], [0.0, 2.0], weights)
    count = len(ranking.sentences)
    assert ranking.features.shape == (count, len(SENTENCE_FEATURES))
    assert ranking.matches.shape == (count, len(asked.tokens))
    assert ranking.anywhere.shape == (len(asked.tokens),)
    assert (ranking.anywhere >= ranking.matches.max(axis=0) - 1e-6).all()


def test_a_rare_piece_weighs_more_than_a_common_one() -> None:
    frequencies = np.array([12, 1], np.int32)
    common, rare = token_weights(
        np.array([0, 1], np.int32), frequencies, 12, np.array([0.9, 0.01], np.float32)
    )
    assert rare > 3 * common > 0


def test_a_piece_that_no_table_knows_counts_as_rare() -> None:
    weight = token_weights(np.array([7], np.int32), np.ones(2, np.int32), 12, np.ones(2, np.float32))
    assert weight[0] > 3


def test_a_small_index_leans_on_the_background() -> None:
    never = np.zeros(2, np.int32)
    common, rare = token_weights(np.array([0, 1], np.int32), never, 3, np.array([0.9, 0.0], np.float32))
    assert common < rare


def test_weights_of_another_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "scoring.npz"
    few = np.ones(len(PASSAGE_FEATURES) - 1, np.float32)
    np.savez(path, background=few, passage=few, sentence=few, spelled_passage=few, spelled_sentence=few)
    with pytest.raises(ValueError, match="another version"):
        load_scoring(path)


def test_a_damaged_weights_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scoring.npz"
    path.write_bytes(WEIGHTS.read_bytes()[:5_000])
    with pytest.raises(ValueError, match="scoring"):
        load_scoring(path)
