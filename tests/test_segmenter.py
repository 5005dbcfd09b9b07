"""Text into passages and sentences: exact offsets on any text, and no page chrome in any of them."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.announcement import Kind, Passage
from indexer.segmenter import LARGEST_SIZE, segment, sentences, size

LANGUAGES = ("en", "ko", "de", "ja", "ar", "xx")
PIECES = st.sampled_from(
    [
        "The AI budget grows to 9.9 trillion won.", "Dr. Kim said: “Why?” Nobody knew.", "# Heading", "Heading\n===",
        "- item one", "1. first", "| a | b |\n| 1 | 2 |", "Skip to main content", "Share", "Home", "Menu", "Related articles",
        "Copyright © 2026 X. All rights reserved", "예산은 9조 9천억 원이다. 끝났다.", "본문 바로가기", "ㅇ 사업 개요",
        "[x] done", "> quoted 90%", "---", "***", "e\u0301", "👩‍👩‍👧", "🇰🇷", "\u202eשלום\u202c", "مرحبا بكم.", "각\u1112\u1161\u11ab",
        "。", "！？", "…", "3.5%p", "\u2028", "\x85", "\u200b", "\ufeff", "\t", "a" * 1_200, "가" * 400, "x" * 50 + ". " + "y" * 50,
        "No. 5", "e.g. this", "v1.2.3", "https://a.example/b?c=1.2", "\"", "”", "(", "…)", "0",
    ]
)  # fmt: skip
JOINS = st.sampled_from([" ", "\n", "\r\n", "\n\n", "\r\n\r\n", "\n \n", ""])
TEXTS = st.text(max_size=300) | st.lists(st.tuples(PIECES | st.text(max_size=20), JOINS), max_size=30).map(
    lambda parts: "".join(piece + join for piece, join in parts)
)
MARKUP = re.compile(r"\[[ xX]\]|ㅇ")


def cited(passages: tuple[Passage, ...]) -> list[tuple[int, int]]:
    return [(s.start, s.end) for passage in passages for s in passage.sentences]


@settings(max_examples=400, deadline=None)
@given(text=TEXTS, language=st.sampled_from(LANGUAGES))
def test_sentences_are_exact_disjoint_and_lose_nothing(text: str, language: str) -> None:
    found = sentences(text, language)
    for sentence in found:
        piece = text[sentence.start : sentence.end]
        assert piece
        assert piece == piece.strip()
        assert 0 <= sentence.start < sentence.end <= len(text)
    for before, after in pairwise(found):
        assert before.end <= after.start
    edges = [0, *(edge for s in found for edge in (s.start, s.end)), len(text)]
    between = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    if found:
        lost = [gap for gap in between if any(map(str.isalnum, MARKUP.sub("", gap)))]
        assert not lost, "what lies between sentences is white space and markup"
    else:
        assert not text.strip()


@settings(max_examples=400, deadline=None)
@given(text=TEXTS, language=st.sampled_from(LANGUAGES))
def test_passages_hold_every_sentence_but_chrome_once_and_in_order(text: str, language: str) -> None:
    passages = segment(text, language)
    assert bool(passages) == bool(text.strip())
    kept = [(s.start, s.end) for s in sentences(text, language) if s.kind is not Kind.CHROME]
    assert cited(passages) == kept
    for passage in passages:
        assert passage.sentences
        assert (passage.start, passage.end) == (passage.sentences[0].start, passage.sentences[-1].end)
        assert all(s.kind is not Kind.CHROME for s in passage.sentences)
        weight = sum(size(text[s.start : s.end]) for s in passage.sentences)
        assert weight <= LARGEST_SIZE or len(passage.sentences) == 1
    for before, after in pairwise(passages):
        assert before.end <= after.start
        chrome = [s for s in sentences(text, language) if s.kind is Kind.CHROME]
        assert not [s for s in chrome if before.start <= s.start < before.end]


@settings(max_examples=100, deadline=None)
@given(text=TEXTS, language=st.sampled_from(LANGUAGES))
def test_the_same_text_is_always_cut_alike(text: str, language: str) -> None:
    assert segment(text, language) == segment(text, language)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_line_ends_make_no_difference(text: str) -> None:
    """The same words are in the same sentences, whichever system a file was saved on."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    windows = unix.replace("\n", "\r\n")

    def words(of: str) -> list[tuple[str, Kind]]:
        return [(of[s.start : s.end].replace("\r\n", "\n"), s.kind) for s in sentences(of, "en")]

    assert words(unix) == words(windows)


def test_a_line_end_inside_a_sentence_too_long_to_quote_counts_once() -> None:
    unix = "The tram\nruns " + "a" * 1_200 + "\nand on."
    windows = unix.replace("\n", "\r\n")
    cut = [windows[s.start : s.end].replace("\r\n", "\n") for s in sentences(windows, "en")]
    assert cut == [unix[s.start : s.end] for s in sentences(unix, "en")]
    assert len(cut) > 1


def test_a_paragraph_stays_whole_and_small_ones_share_a_passage() -> None:
    text = (
        "The quay opens in May. It cost 40 million.\n\nBoats moor free of charge.\n\nThe west quay follows."
    )
    (passage,) = segment(text, "en")
    assert [text[s.start : s.end] for s in passage.sentences] == [
        "The quay opens in May.",
        "It cost 40 million.",
        "Boats moor free of charge.",
        "The west quay follows.",
    ]


def test_no_passage_crosses_a_heading() -> None:
    text = "# Costs\n\nIt cost 40 million.\n\n# Dates\n\nIt opens in May."
    first, second = segment(text, "en")
    assert text[first.start : first.end] == "Costs\n\nIt cost 40 million."
    assert text[second.start : second.end] == "Dates\n\nIt opens in May."
    assert [s.kind for s in first.sentences] == [Kind.HEADING, Kind.BODY]


def test_a_list_stays_with_what_introduces_it() -> None:
    before = "The festival opens on Friday with a parade. " * 12
    items = "\n".join(f"- Workshop {number}, with Nell Corry, £{number}0" for number in range(1, 6))
    text = f"{before}\n\nWorkshops are offered on Saturday:\n\n{items}\n\nDogs are allowed outdoors only."

    passages = segment(text, "en")

    last = text[passages[-1].start : passages[-1].end]
    assert last.startswith("Workshops are offered on Saturday:")
    assert "- Workshop 5, with Nell Corry, £50" in last


def test_of_a_long_list_the_first_item_stays_with_what_introduces_it() -> None:
    before = "The festival opens on Friday with a parade. " * 12
    items = "\n".join(
        f"- Workshop {number} with Nell Corry in room {number}, £{number}0" for number in range(1, 60)
    )

    text = f"{before}\n\nWorkshops are offered on Saturday:\n\n{items}"

    passages = segment(text, "en")

    introduced = [
        text[each.start : each.end] for each in passages if "Saturday:" in text[each.start : each.end]
    ]
    assert len(introduced) == 1
    assert "- Workshop 1 with" in introduced[0]
    assert all(size(text[each.start : each.end]) <= LARGEST_SIZE * 1.1 for each in passages)


def test_a_long_paragraph_is_divided_evenly_between_sentences() -> None:
    sentence = "The council of the port decided on the {} of May that the quay be rebuilt at once. "
    text = "".join(sentence.format(f"{number}th") for number in range(30))
    passages = segment(text, "en")
    counts = [len(passage.sentences) for passage in passages]
    assert sum(counts) == 30
    assert max(counts) - min(counts) <= 2


def test_what_is_three_emoji_has_a_passage() -> None:
    assert cited(segment(" 🎉🎉🎉 \n", "en")) == [(1, 4)]


@pytest.mark.parametrize("text", ["", " \n\t", "\r\n\r\n"])
def test_what_is_blank_has_none(text: str) -> None:
    assert segment(text, "en") == ()
    assert sentences(text, "en") == ()


def test_size_is_about_that_of_word_pieces() -> None:
    assert size("") == 0
    assert 4 <= size("The quay opens in May.") <= 8
    assert size("부두는 5월에 문을 연다.") > size("The quay opens.")


def test_page_chrome_of_a_saved_page_is_in_no_sentence(shared: Path) -> None:
    """The saved page carries menus, share buttons, related headlines and a copyright notice."""
    text = (shared / "announcement.txt").read_text(encoding="utf-8")
    passages = segment(text, "en")
    quotable = [text[s.start : s.end] for passage in passages for s in passage.sentences]
    proper = "\n".join(quotable)
    assert "9.9 trillion won" in proper
    chrome = [text[s.start : s.end] for s in sentences(text, "en") if s.kind is Kind.CHROME]
    assert len(chrome) >= 5
    telltale = re.compile(
        r"copyright|all rights reserved|©|facebook|subscribe|log ?in|skip to|share|related|menu",
        re.IGNORECASE,
    )
    assert not [line for line in quotable if telltale.search(line)]
