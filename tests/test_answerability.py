import re
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from service.answering.answerability import (
    AnswerabilityWeights,
    Judgement,
    Missing,
    features,
    judge,
    load_answerability,
)
from service.answering.lead import Excerpt, reading_features
from service.answering.question import analyse
from service.answering.reader import Reading, Window
from service.answering.scoring import Evidence, Inquiry, Ranking, load_scoring, rank, term_rarity

DIMENSIONS = 64
WEIGHTS = Path(__file__).resolve().parents[1] / "service" / "answering" / "weights"
SENTENCES = (
    "The AI budget grows to 9.9 trillion won in 2026.",
    "The lunar orbiter is launched in March 2029.",
    "Daegyeong will focus on robotics, Jeonbuk on AI factories.",
)


def encoded(text: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each word is its own direction: equal words have similarity 1, others almost none."""
    words = list(re.finditer(r"\w+", text))
    pieces = [zlib.crc32(word[0].lower().encode()) % 512 for word in words]
    vectors = [np.random.default_rng(piece).standard_normal(DIMENSIONS) for piece in pieces]
    tokens = np.array([v / np.linalg.norm(v) for v in vectors], np.float32).reshape(-1, DIMENSIONS)
    return tokens, np.array(pieces, np.int32), np.array([w.span() for w in words], np.int32).reshape(-1, 2)


def asked(text: str, *sentences: str) -> tuple[Inquiry, list[Evidence], Ranking]:
    """A question put to one passage."""
    lines = sentences or SENTENCES
    passage, spans = " ".join(lines), []
    for line in lines:
        start = spans[-1][1] + 1 if spans else 0
        spans.append((start, start + len(line)))
    candidates = [Evidence(passage, tuple(spans), (False,) * len(lines), *encoded(passage))]
    question = analyse(text)
    tokens, pieces, places = encoded(text)
    rarity = term_rarity(question, lambda _: 1, 1)
    inquiry = Inquiry(question, tokens, pieces, places, np.ones(len(pieces), np.float32), rarity)
    return inquiry, candidates, rank(inquiry, candidates, [1.0], load_scoring(WEIGHTS / "scoring.npz"))


def judged(text: str, *sentences: str, published: date | None = None) -> Judgement:
    weights = load_answerability(WEIGHTS / "answerability.npz")
    return judge(*asked(text, *sentences), "", published, weights)


def row(text: str, *sentences: str) -> dict[str, float]:
    return features(*asked(text, *sentences), "")


@pytest.mark.parametrize(
    ("answered", "near_miss"),
    [
        ("How large is the AI budget in 2026?", "How large is the AI budget in 2031?"),
        ("When is the lunar orbiter launched?", "When is the Martian rover launched?"),
        ("What will Jeonbuk focus on?", "What will Gangwon focus on?"),
    ],
)
def test_a_near_miss_is_less_probable(answered: str, near_miss: str) -> None:
    assert judged(near_miss).probability < judged(answered).probability


def test_the_missing_year_is_named() -> None:
    missing = judged("How large is the AI budget in 2031?").missing
    assert missing[0] == Missing("year", "2031")


def test_no_year_is_missing_where_it_stands() -> None:
    assert not [gap for gap in judged("How large is the AI budget in 2026?").missing if gap.kind == "year"]


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        (2026, "The AI budget grows to 9.9 trillion won."),
        (2025, "The AI budget grew to 9.9 trillion won last year."),
        (2027, "The AI budget grows to 9.9 trillion won next year."),
    ],
)
def test_a_year_is_told_by_the_day_of_publication(year: int, sentence: str) -> None:
    question = f"How large is the AI budget in {year}?"
    told = judged(question, sentence, published=date(2026, 3, 5))
    untold = judged(question, sentence, published=date(2019, 3, 5))
    assert not [gap for gap in told.missing if gap.kind == "year"]
    assert Missing("year", str(year)) in untold.missing
    assert untold.probability < 0.1 * told.probability


def test_a_name_that_nothing_found_has_is_no_name_to_answer_for() -> None:
    known, unknown = judged("What will Jeonbuk focus on?"), judged("What will Gangwon focus on?")
    assert unknown.probability < 0.05 * known.probability
    # What is made of a name, and what the issuer is called, are known.
    assert judged("Which orbiter is Korean?", "Korea launches its orbiter.").probability > 10 * (
        judged("Which orbiter is Korean?", "Japan launches its orbiter.").probability
    )
    weights = load_answerability(WEIGHTS / "answerability.npz")
    question = asked("What will Samsung launch?", "The company launches an orbiter.")
    told = judge(*question, "", None, weights, issuer="Samsung Electronics")
    assert told.probability > 10 * judge(*question, "", None, weights).probability


def test_the_missing_name_is_named_whole() -> None:
    assert Missing("name", "New Zealand") in judged("How large is the AI budget of New Zealand?").missing


def test_the_missing_figure_is_named() -> None:
    gaps = judged("Will the AI budget grow to 12 trillion won?").missing
    assert any(gap.kind == "figure" and "12 trillion" in gap.text for gap in gaps)


@pytest.mark.parametrize(
    ("question", "sentence", "decided"),
    [
        ("Do we have to book for a group of 12?", "Groups of ten or more must book.", True),
        ("My boiler is 5 years old, do I qualify?", "Boilers must be at least eight years old.", True),
        ("직원이 12명인데 신청 가능한가요?", "상시근로자 10인 미만인 업체가 신청할 수 있다.", True),
        ("2학년인데 들을 수 있나요?", "로봇과학: 35,000원 (3~6학년)", True),
        ("How many people over 65 must book?", "Groups of ten or more must book.", False),
        ("직원이 12명인데 신청 가능한가요?", "5세 이상이 신청할 수 있다.", False),
        ("Do we have to book for a group of 12?", "Groups of ten met us at the museum.", False),
    ],
)
def test_a_limit_decides_what_holds_for_a_figure(question: str, sentence: str, *, decided: bool) -> None:
    assert row(question, sentence)["figures lacking"] == float(not decided)
    assert any(gap.kind == "figure" for gap in judged(question, sentence).missing) is not decided


@pytest.mark.parametrize(
    ("question", "told"), [("11회 대회는 언제 열리나요?", True), ("12회 대회는 언제 열리나요?", False)]
)
def test_a_korean_edition_is_told_by_its_number(question: str, *, told: bool) -> None:
    gaps = judged(question, "제11회 하늘 마라톤 대회는 5월 3일에 열린다.").missing
    assert any(gap.kind == "figure" for gap in gaps) is not told


def test_the_missing_month_is_named_and_the_one_that_is_there_is_not() -> None:
    assert any(gap.kind == "date" for gap in judged("What is launched in July 2029?").missing)
    assert not any(gap.kind == "date" for gap in judged("What is launched in March 2029?").missing)


def test_a_missing_kind_of_answer_is_named() -> None:
    gaps = judged("How many orbiters are launched?", "The orbiters are launched soon.").missing
    assert Missing("kind_of_answer", "count") in gaps


def test_a_question_on_something_else_is_out_of_scope() -> None:
    assert judged("Who painted sunflowers vividly?").out_of_scope
    assert not judged("When is the lunar orbiter launched?").out_of_scope


def test_opposite_directions_are_seen() -> None:
    assert row("Why was the AI budget cut?", "The AI budget grows by half.")["opposite"] == 1
    assert row("Why does the AI budget grow?", "The AI budget grows by half.")["opposite"] == 0


def test_a_name_from_another_sentence_is_no_match() -> None:
    text = (
        "The orbiter is launched.",
        "Jeonbuk gets factories.",
        "Taxes stay.",
        "Rain is expected.",
        "Trams end.",
    )
    assert row("Is the orbiter launched from Jeonbuk?", *text)["rare names elsewhere"] == 1
    assert row("Does Jeonbuk get factories?", *text)["rare names elsewhere"] == 0


def test_without_anything_found_nothing_is_probable() -> None:
    inquiry, candidates, ranking = asked("When is it?")
    empty = replace(ranking, sentences=(), passages=())
    weights = load_answerability(WEIGHTS / "answerability.npz")
    assert judge(inquiry, candidates, empty, "", None, weights) == Judgement(0.0, (), out_of_scope=True)


@pytest.mark.parametrize("text", ["why", "1999 2050", "Δ Ж 中", "a" * 3_000, "Is it Is it Is it?"])
def test_any_question_gets_a_probability(text: str) -> None:
    assert 0 <= judged(text).probability <= 1


def test_every_feature_has_a_finite_value() -> None:
    for text in ("When is the lunar orbiter launched?", "the of", "who"):
        assert all(np.isfinite(value) for value in row(text).values())


def test_the_model_uses_features_that_exist() -> None:
    weights: AnswerabilityWeights = load_answerability(WEIGHTS / "answerability.npz")
    read = Reading(1.0, 1.0, 0, 1)
    excerpt = Excerpt(0, 0, 1.0, "When?", "", Window("In May.", ()))
    known = row("When is the lunar orbiter launched?") | reading_features([excerpt], [read], 0, read)
    assert set(weights.names) == set(known)
    assert 0 < weights.threshold < 1


def test_weights_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "answerability.npz"
    number = np.array(1.0)
    np.savez(
        path, names=np.array(["a", "b"]), centre=np.ones(1), scale=np.ones(1), weights=np.ones(1),
        prior=np.ones(1), bias=number, threshold=number,
    )  # fmt: skip
    with pytest.raises(ValueError, match="another version"):
        load_answerability(path)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answerability.npz"
    path.write_bytes(b"PK\x03\x04 nothing that follows")
    with pytest.raises(ValueError, match="answerability"):
        load_answerability(path)
