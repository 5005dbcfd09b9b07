"""Passages by their words; a new index carries on an old one and leaves it as it is."""

import shutil
from pathlib import Path

import pytest

from indexer.errors import IndexDamaged
from indexer.lexical import LexicalIndex, build_lexical

FIRST = [(1, 10, ["budget", "9.9", "won"]), (2, 10, ["ai예", "예산"]), (3, 11, ["budget", "road", "road"])]


@pytest.fixture
def former(tmp_path: Path) -> Path:
    build_lexical(tmp_path / "1", None, FIRST, [])
    return tmp_path / "1"


def ids(folder: Path, *terms: str) -> list[int]:
    return [id for id, _ in LexicalIndex(folder).search(terms, 10)]


def test_rare_words_count_more(former: Path) -> None:
    assert ids(former, "budget", "9.9") == [1, 3]
    assert ids(former, "예산") == [2]
    assert ids(former, "absent") == []
    assert ids(former) == []


def test_frequency(former: Path) -> None:
    index = LexicalIndex(former)
    assert (index.frequency("budget"), index.frequency("absent"), len(index)) == (2, 0, 3)


def test_carries_on_and_leaves_the_former_as_it_is(former: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in former.iterdir()}
    build_lexical(tmp_path / "2", former, [(7, 12, ["budget", "school"])], [10])
    assert sorted(ids(tmp_path / "2", "budget")) == [3, 7]
    assert ids(tmp_path / "2", "예산") == []
    assert {path.name: path.read_bytes() for path in former.iterdir()} == before
    assert sorted(ids(former, "budget")) == [1, 3]


def test_survives_the_former_being_deleted(former: Path, tmp_path: Path) -> None:
    build_lexical(tmp_path / "2", former, [], [11])
    shutil.rmtree(former)
    assert ids(tmp_path / "2", "budget") == [1]


def test_an_open_index_survives_its_own_deletion(former: Path) -> None:
    index = LexicalIndex(former)
    shutil.rmtree(former)
    assert [id for id, _ in index.search(["road"], 5)] == [3]


def test_empty(tmp_path: Path) -> None:
    build_lexical(tmp_path / "0", None, [], [])
    assert ids(tmp_path / "0", "budget") == []


def test_words_that_look_like_a_query_are_words(former: Path) -> None:
    assert ids(former, "budget:*", "AND", "(", '"', "terms:budget", "\x00", "a" * 70_000) == []


def test_damaged_folder_is_refused(former: Path, tmp_path: Path) -> None:
    (former / "meta.json").write_text("{}", encoding="utf-8")
    with pytest.raises(IndexDamaged):
        LexicalIndex(former)
    with pytest.raises(IndexDamaged):
        LexicalIndex(tmp_path / "nowhere")
