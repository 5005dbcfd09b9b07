"""Words as they are searched for."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.lexicon import content_terms, terms


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("budget", ["Budgets", "BUDGET", "budget's", "budget’s", "ｂｕｄｇｅｔ"]),
        ("opening", ["opens", "opened"]),
        ("1,500", ["1500"]),
        ("예산", ["예산"]),
    ],
)
def test_one_word_in_several_forms_is_found(text: str, others: list[str]) -> None:
    assert all(terms(other, "en") == terms(text, "en") for other in others)


def test_languages_have_stems_of_their_own() -> None:
    assert terms("Häuser", "de") == terms("Häusern", "de")
    assert terms("presupuestos", "es") == terms("presupuesto", "es")


def test_hangul_han_and_kana_are_pairs_of_characters() -> None:
    assert terms("인공지능 예산", "ko") == ["인공", "공지", "지능", "예산"]
    assert terms("値", "ja") == ["値"]
    assert set(terms("예산", "ko")) < set(terms("예산이", "ko"))


def test_figures_stay_whole() -> None:
    assert terms("9.9 trillion, 2,500 and 260,000", "en")[0] == "9.9"
    assert "2500" in terms("$2,500", "en")
    assert "260000" in terms("260,000", "en")


def test_stop_words_are_no_content() -> None:
    assert content_terms("How large will the AI budget be?", "en") == terms("large AI budget", "en")
    assert content_terms("what is it", "en") == []


def test_unknown_languages_are_stemmed_as_english() -> None:
    assert terms("budgets", "xx") == terms("budget", "en")


@given(text=st.text())
def test_any_text_has_terms_without_white_space(text: str) -> None:
    found = terms(text, "en")
    assert all(term and not any(map(str.isspace, term)) for term in found)
    assert len(content_terms(text, "en")) <= len(found)


def test_threads_do_not_disturb_each_other() -> None:
    expected = terms("budgets opening harbours", "en")
    wrong: list[list[str]] = []

    def work() -> None:
        for _ in range(300):
            found = terms("budgets opening harbours", "en")
            if found != expected:
                wrong.append(found)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
