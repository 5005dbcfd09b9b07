"""A model's text in sentences: markers of every kind, pieces of every size, nothing shown half."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answering.draft import LONGEST_SENTENCE, Draft, Drafted


def drafted(text: str, size: int = 1) -> list[Drafted]:
    draft = Draft()
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    return [*(each for piece in pieces for each in draft.feed(piece)), *draft.finish()]


def sentences(text: str, size: int = 1) -> list[tuple[str, tuple[int, ...]]]:
    return [(each.text, each.markers) for each in drafted(text, size)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The budget is 9.9 trillion won. [1] It grows.[2][3]\n", [("The budget is 9.9 trillion won.", (1,)), ("It grows.", (2, 3))]),
        ("It opens in May [1]. It closes in June [1, 2].\n", [("It opens in May.", (1,)), ("It closes in June.", (1, 2))]),
        ("[1] It opens. [2] It closes.\n", [("It opens.", (1,)), ("It closes.", (2,))]),
        ("[1] It opens.\n[2][3] It closes.\n", [("It opens.", (1,)), ("It closes.", (2, 3))]),
        ("예산은 9조 9천억원이다. [1] 내년에 는다.[2]\n", [("예산은 9조 9천억원이다.", (1,)), ("내년에 는다.", (2,))]),
        ("It costs ［1］. And 【2】.\n", [("It costs.", (1,)), ("And.", (2,))]),
        ("A [0]. B [99]. C [999999].\n", [("A.", (0,)), ("B.", (99,)), ("C.", (999999,))]),
        ("It opens. It closes.\n", [("It opens.", ()), ("It closes.", ())]),
        ("Mr. Baek of the U.S. said so on Dec. 12. [1]\n", [("Mr. Baek of the U.S. said so on Dec. 12.", (1,))]),
        ("It has 14 berths. [1] There are 5 cranes. [2]\n", [("It has 14 berths.", (1,)), ("There are 5 cranes.", (2,))]),
        ("- **It** opens. [1]\n2. `It` closes. [2]\n", [("It opens.", (1,)), ("It closes.", (2,))]),
        ("<think>Perhaps. [9]\nOr not.</think>\n\nIt opens. [1]\n", [("It opens.", (1,))]),
        ("He said “It opens.” [1] Then he left. [2]\n", [("He said “It opens.”", (1,)), ("Then he left.", (2,))]),
        ("港口五月开放。[1]六月关闭。[2]\n", [("港口五月开放。", (1,)), ("六月关闭。", (2,))]),
        ("See [Source 1] and [1-3] and [^2].\n", [("See [Source 1] and [1-3] and.", (2,))]),
        ("It opens. [1]\n[2]\n", [("It opens.", (1,))]),
        ("\n\n \n", []),
        ("[1][2]\n", []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 3, 10_000])
def test_sentences_and_their_markers(
    text: str, expected: list[tuple[str, tuple[int, ...]]], size: int
) -> None:
    assert sentences(text, size) == expected


def test_a_sentence_waits_for_its_marker_and_no_longer() -> None:
    draft = Draft()
    assert not list(draft.feed("It opens in May. "))
    assert not list(draft.feed("[1"))
    assert not list(draft.feed("] "))
    assert [(each.text, each.markers) for each in draft.feed("It")] == [("It opens in May.", (1,))]


@pytest.mark.parametrize(
    ("cut", "finished"),
    [
        ("The budget is 9.9", False),
        ("The budget is 9.9 trillion won", False),
        ("The budget is 9.9 trillion won [1", False),
        ("The budget will not [1]", False),
        ("The plan of Mr.", False),
        ("The budget is 9.9 trillion won. [1", False),
        ("The budget is 9.9 trillion won. [1]", True),
        ("The budget is 9.9 trillion won [1].", True),
    ],
)
def test_only_a_whole_sentence_survives_a_cut(cut: str, finished: bool) -> None:
    assert [each.finished for each in drafted(cut)] == [finished]


def test_a_text_without_an_end_is_noticed() -> None:
    draft = Draft()
    assert not list(draft.feed("a" * LONGEST_SENTENCE))
    assert not draft.overlong
    assert not list(draft.feed("aa"))
    assert draft.overlong


@given(st.text(alphabet="[]［］【】0123456789,.!?。 \n*`<>ab가\u200b\u202e", max_size=80), st.integers(1, 9))
def test_pieces_of_any_size_give_the_same_sentences(text: str, size: int) -> None:
    assert drafted(text, size) == drafted(text, 1)


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_no_sentence_keeps_a_marker(text: str) -> None:
    for each in drafted(text, 7):
        assert each.text == each.text.strip()
        assert "[1]" not in each.text
