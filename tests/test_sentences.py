"""Cutting paragraphs into sentences: real cases of two languages and more, and walls of text."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sentences import LONGEST_SENTENCE, cut, shortened


def pieces(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in cut(text, 0, len(text), language)]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["The quay opens in May.", "It cost 40 million."]),
        ("en", ["Dr. Kim met Mr. Lee on Jan. 5 in St. Ives.", "They agreed."]),
        ("en", ["The rate rose to 3.5% from 3.25%.", "See Fig. 3 and No. 12."]),
        (
            "en",
            [
                "It costs $2,500 per kg, i.e. less than before.",
                "A second launch follows at 10:30 a.m. on Friday.",
            ],
        ),
        ("en", ["“Why not?” she asked.", "Nobody knew."]),
        ("en", ['When he asked, "Why not?" she left.']),
        ("en", ["Wait... there is more.", "Then it ends."]),
        ("en", ["The U.S. Department of Energy paid 5 million.", "Japan paid nothing."]),
        ("en", ["Repairs begin below 80 km/h.", '"Hospitals come first," she said.', "Then homes."]),
        ("en", ["It opens at 6 p.m.", "“We are glad,” she said."]),
        ("en", ['John F. "Jack" Kennedy met Dr. "Bones" McCoy.', "They talked."]),
        ("en", ["- Wrecked! Ships beneath the Sound, 2 October"]),
        ("ko", ["예산은 9조 9천억 원이다.", "3월에 대회를 연다."]),
        ("ko", ["장관은 “내년에 시작한다.”라고 말했다.", "기자들이 물었다."]),
        ("ko", ["성장률은 2.3%를 기록했다.", "지난해는 1.9%였다."]),
        ("de", ["Der Kai öffnet am 3. Mai um 9 Uhr.", "Er kostete 40 Mio. Kronen."]),
        ("ja", ["埠頭は五月に開く。", "費用は四千万円だった。"]),
        ("zh", ["码头五月开放。", "费用为四千万元。"]),
    ],
)
def test_real_sentences(language: str, expected: list[str]) -> None:
    space = "" if language in {"ja", "zh"} else " "
    assert pieces(space.join(expected), language) == expected


def test_a_line_break_inside_a_paragraph_is_a_space() -> None:
    assert pieces("The quay opens\r\nin May. It cost\n40 million.") == [
        "The quay opens\r\nin May.",
        "It cost\n40 million.",
    ]


def test_offsets_are_of_the_whole_text() -> None:
    text = "가 🎉 before. One. Two. after"
    start = text.index("One")
    assert [text[s:e] for s, e in cut(text, start, start + 9, "en")] == ["One.", "Two."]


@pytest.mark.parametrize(
    ("text", "longest"),
    [
        ("word " * 2_000, LONGEST_SENTENCE),
        ("x" * 10_000, LONGEST_SENTENCE),
        ("가" * 5_000, LONGEST_SENTENCE // 3),
        ("한국어 문장이 " * 500, LONGEST_SENTENCE // 2),
        ("e\u0301" * 5_000, LONGEST_SENTENCE),
        ("👩‍👩‍👧" * 1_000, LONGEST_SENTENCE),
    ],
)
def test_a_wall_of_text_is_cut(text: str, longest: int) -> None:
    found = pieces(text)
    assert max(map(len, found)) <= longest
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


def test_a_wall_of_text_is_cut_between_words_and_not_within_a_character() -> None:
    assert all(piece.startswith("word") and piece.endswith("word") for piece in pieces("word " * 2_000))
    assert not any(unicodedata.combining(piece[0]) for piece in pieces("e\u0301" * 5_000))
    assert not any(
        piece.startswith("\u200d") or piece.endswith("\u200d") for piece in pieces("👩‍👩‍👧" * 1_000)
    )


def test_a_long_sentence_is_cut_at_its_clauses() -> None:
    clause = "the council of the port of Orrin decided that the quay be rebuilt, "
    first, *_ = pieces(clause * 10 + "as follows; " + clause * 20)
    assert first.endswith(";")


@settings(max_examples=300, deadline=None)
@given(before=st.text(max_size=20), text=st.text(max_size=400), after=st.text(max_size=20))
def test_nothing_is_lost_but_white_space(before: str, text: str, after: str) -> None:
    whole, start = before + text + after, len(before)
    spans = list(cut(whole, start, start + len(text), "en"))
    assert "".join("".join(whole[s:e].split()) for s, e in spans) == "".join(text.split())
    assert all(start <= s < e <= start + len(text) for s, e in spans)


@settings(max_examples=200, deadline=None)
@given(text=st.text(min_size=0, max_size=50).map(lambda t: t * 60))
def test_no_sentence_is_longer_than_can_be_quoted(text: str) -> None:
    assert all(end - start <= LONGEST_SENTENCE for start, end in shortened(text, 0, len(text)))
