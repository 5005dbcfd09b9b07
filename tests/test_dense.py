"""Nearest vectors: exact while there are few, nearly so when there are many, and added to without a rewrite."""

from pathlib import Path

import numpy as np
import pytest

from indexer import dense
from indexer.dense import DenseIndex, DenseKind, Ids, build_dense, carry_dense
from indexer.encoder import Floats, unit
from indexer.errors import IndexDamaged

D = 32
NOTHING = np.zeros(0, np.int64)
NO_VECTORS = np.zeros((0, D), np.float32)


def vectors(count: int) -> Floats:
    return unit(np.random.default_rng(3).normal(size=(count, D)).astype(np.float32))


def ids(count: int) -> Ids:
    """Passage ids, which are not row numbers."""
    return np.arange(count, dtype=np.int64) * 3 + 100


def built(folder: Path, rows: Floats) -> DenseKind:
    folder.mkdir()
    return build_dense(folder, ids(len(rows)), [rows[: len(rows) // 2], rows[len(rows) // 2 :]], D, 1)


def carried(tmp_path: Path, removed: Ids, added: Ids, new: Floats) -> DenseIndex | None:
    folder = tmp_path / "after"
    folder.mkdir()
    return DenseIndex(folder) if carry_dense(folder, tmp_path / "before", removed, added, new) else None


def best(index: DenseIndex, vector: Floats) -> int:
    return index.search(vector, 3)[0][0]


def test_finds_the_nearest_across_blocks(tmp_path: Path) -> None:
    rows = vectors(100)
    assert built(tmp_path / "x", rows) == DenseKind("flat", 1.0)
    index = DenseIndex(tmp_path / "x")
    for row in (0, 59, 60, 99):
        found, score = index.search(rows[row], 3)[0]
        assert found == ids(100)[row]
        assert score == pytest.approx(1, abs=1e-5)


def test_asks_for_more_than_there_is(tmp_path: Path) -> None:
    built(tmp_path / "x", vectors(2))
    assert len(DenseIndex(tmp_path / "x").search(vectors(1)[0], 50)) == 2


def test_empty(tmp_path: Path) -> None:
    built(tmp_path / "x", NO_VECTORS)
    assert DenseIndex(tmp_path / "x").search(vectors(1)[0], 5) == []


@pytest.mark.parametrize(("flat", "hnsw", "kind"), [(500, 10**9, "hnsw32-fp16"), (500, 500, "ivf-rabitq")])
def test_many_vectors_get_an_approximate_index_with_measured_recall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flat: int, hnsw: int, kind: str
) -> None:
    monkeypatch.setattr(dense, "FLAT_UP_TO", flat)
    monkeypatch.setattr(dense, "HNSW_UP_TO", hnsw)
    rows = vectors(5000)
    found = built(tmp_path / "before", rows)
    assert found.name == kind
    assert 0.6 <= found.recall <= 1.0
    assert best(DenseIndex(tmp_path / "before"), rows[7]) == ids(5000)[7]
    index = carried(tmp_path, ids(5000)[7:8], np.array([50]), rows[7:8])
    assert index is not None
    assert best(index, rows[7]) == 50
    assert ids(5000)[7] not in dict(index.search(rows[7], 50))
    assert best(index, rows[8]) == ids(5000)[8]


def test_adding_and_removing_leaves_the_base_where_it_is(tmp_path: Path) -> None:
    rows = vectors(120)
    built(tmp_path / "before", rows[:100])
    index = carried(tmp_path, ids(100)[4:9], np.array([7, 900]), rows[100:102])
    assert index is not None
    assert len(index) == 97
    assert (tmp_path / "before" / dense.BASE).samefile(tmp_path / "after" / dense.BASE)
    assert (best(index, rows[100]), best(index, rows[101]), best(index, rows[9])) == (7, 900, ids(100)[9])
    assert not {*ids(100)[4:9].tolist()} & {*dict(index.search(rows[5], 97))}
    assert len(DenseIndex(tmp_path / "before")) == 100
    assert best(DenseIndex(tmp_path / "before"), rows[5]) == ids(100)[5]


def test_what_was_added_can_be_removed_again(tmp_path: Path) -> None:
    rows = vectors(12)
    built(tmp_path / "first", rows[:10])
    (tmp_path / "before").mkdir()
    assert carry_dense(tmp_path / "before", tmp_path / "first", NOTHING, np.array([5, 6]), rows[10:])
    index = carried(tmp_path, np.array([5]), NOTHING, NO_VECTORS)
    assert index is not None
    assert len(index) == 11
    assert best(index, rows[11]) == 6


def test_a_large_delta_is_merged_into_the_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "DELTA_UP_TO", 10)
    rows = vectors(60)
    built(tmp_path / "before", rows[:40])
    index = carried(tmp_path, ids(40)[:2], np.arange(20), rows[40:])
    assert index is not None
    assert (len(index), index._base.ntotal) == (58, 60)
    assert (best(index, rows[59]), best(index, rows[3])) == (19, ids(40)[3])
    assert ids(40)[0] not in dict(index.search(rows[0], 58))


def test_too_much_gone_or_another_kind_is_to_be_built_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = vectors(100)
    built(tmp_path / "before", rows)
    assert carried(tmp_path, ids(100)[:50], NOTHING, NO_VECTORS) is None
    monkeypatch.setattr(dense, "FLAT_UP_TO", 100)
    assert not carry_dense(tmp_path / "after", tmp_path / "before", NOTHING, np.array([1]), rows[:1])
    assert not list((tmp_path / "after").iterdir())


@pytest.mark.parametrize("name", [dense.BASE, dense.BASE_IDS, dense.GONE, dense.DELTA, dense.DELTA_IDS])
@pytest.mark.parametrize("content", [b"", b"IxFI", b"nonsense" * 100])
def test_damaged_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    built(tmp_path / "x", vectors(5))
    (tmp_path / "x" / name).write_bytes(content)
    with pytest.raises(IndexDamaged, match=name):
        DenseIndex(tmp_path / "x")


def test_files_of_two_indexes_do_not_mix(tmp_path: Path) -> None:
    built(tmp_path / "x", vectors(5))
    built(tmp_path / "y", vectors(6))
    (tmp_path / "y" / dense.BASE_IDS).replace(tmp_path / "x" / dense.BASE_IDS)
    with pytest.raises(IndexDamaged, match="belong together"):
        DenseIndex(tmp_path / "x")
