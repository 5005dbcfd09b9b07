from itertools import product

import numpy as np
import pytest

from service.answering.reader import LONGEST, OnnxReader, best_span, window
from service.answering.scoring import Evidence
from service.wiring import WEIGHTS

TITLE = "Harbour tunnel opens in May"
TEXT = (
    "The harbour tunnel opens on 3 May 2027. It is 2.4 kilometres long and costs 310 million crowns. "
    "Mayor Ines Okoro will cut the ribbon."
)


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return OnnxReader(WEIGHTS)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When does the tunnel open?", "3 May 2027"),
        ("How long is the tunnel?", "2.4 kilometres"),
        ("What does the tunnel cost?", "310 million crowns"),
        ("Who will cut the ribbon?", "Ines Okoro"),
    ],
)
def test_the_words_that_answer_are_marked(reader: OnnxReader, question: str, answer: str) -> None:
    reading = reader.read(question, TITLE, TEXT)
    assert answer in TEXT[reading.start : reading.end]
    assert reading.span > 0


@pytest.mark.parametrize(
    ("asked", "not_said"),
    [
        ("How long is the tunnel?", "How wide is the tunnel?"),
        ("Who will cut the ribbon?", "Who designed the tunnel?"),
        ("When does the tunnel open?", "Why does the tunnel open late?"),
    ],
)
def test_what_the_text_does_not_say_reads_worse(reader: OnnxReader, asked: str, not_said: str) -> None:
    assert reader.read(asked, TITLE, TEXT).span > reader.read(not_said, TITLE, TEXT).span
    assert reader.read(asked, TITLE, TEXT).whole > reader.read(not_said, TITLE, TEXT).whole


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "\u202e\u0301", "a" * 5000, "word " * 3000, "한국어 문장입니다."]
)
def test_any_text_is_read(reader: OnnxReader, text: str) -> None:
    for question, title in product(("When?", text), ("", text)):
        reading = reader.read(question, title, text)
        assert 0 <= reading.start <= reading.end <= len(text)
        assert np.isfinite([reading.span, reading.whole]).all()


def test_korean_is_read(reader: OnnxReader) -> None:
    title, text = "항구 터널 5월 개통", "항구 터널은 2027년 5월 3일에 개통합니다. 공사비는 310억 원입니다."
    told = reader.read("터널 공사비는 얼마인가요?", title, text)
    assert "310억" in text[told.start : told.end]
    assert told.whole > reader.read("터널은 누가 설계했나요?", title, text).whole


def test_the_best_span_runs_forward_and_is_short() -> None:
    starts = np.array([0.0, 5.0, 0.0, 0.0], np.float32)
    ends = np.array([9.0, 0.0, 0.0, 3.0], np.float32)
    assert best_span(starts, ends) == (9.0, 0, 0)
    assert best_span(starts[1:], ends[1:]) == (8.0, 0, 2)
    far = np.zeros(LONGEST, np.float32)
    far[0] = 7
    assert best_span(far, far[::-1].copy())[0] == 7.0


def test_a_window_is_the_sentence_and_those_beside_it() -> None:
    spans = ((0, 2), (3, 5), (6, 8), (9, 11))
    none = np.zeros((0, 2), np.float32)
    evidence = Evidence("A. B. C. D.", spans, (False,) * 4, none, none[:, 0], none)
    windows = [window(evidence, number) for number in range(4)]
    assert [each.text for each in windows] == ["A. B.", "A. B. C.", "B. C. D.", "C. D."]
    assert windows[2].place(3, 5) == (2, (0, 2))
    assert windows[2].place(4, 8) == (2, (1, 2)), "what runs on into the next sentence ends with its own"
    assert windows[0].place(0, 0) == (0, (0, 0))


def test_a_table_is_read_with_the_names_of_its_columns() -> None:
    text = "Fares:\n\n| Ticket | Old | New |\n|---|---|---|\n| Single | 2 | 3 |"
    sentences = ("Fares:", "Ticket | Old | New", "Single | 2 | 3")
    spans = tuple((text.index(each), text.index(each) + len(each)) for each in sentences)
    none = np.zeros((0, 2), np.float32)
    seen = window(Evidence(text, spans, (False,) * 3, none, none[:, 0], none), 2)
    assert seen.text == "Fares: Ticket: Single, Old: 2, New: 3"

    def told(words: str) -> str:
        start = seen.text.index(words)
        number, mark = seen.place(start, start + len(words))
        return sentences[number][slice(*mark)]

    assert told("3") == "3"
    assert told("Old: 2") == "2"
    assert told("Single, Old: 2") == "Single | 2", "what runs over columns has all that lies between"
    assert told("Fares:") == "Fares:"


def test_a_missing_reader_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="reader cannot be opened"):
        OnnxReader(tmp_path)
