"""Nearest vectors, exact while there are few and nearly so when there are many."""

from pathlib import Path

import numpy as np
import pytest

from indexer import dense
from indexer.dense import DenseIndex, build_dense
from indexer.encoder import Floats, unit
from indexer.errors import IndexDamaged


def vectors(count: int) -> Floats:
    return unit(np.random.default_rng(3).normal(size=(count, 16)).astype(np.float32))


def test_finds_the_nearest_across_blocks(tmp_path: Path) -> None:
    rows = vectors(100)
    assert build_dense(tmp_path / "x", [rows[:60], rows[60:]], 16, 1) == ("flat", 1.0)
    index = DenseIndex(tmp_path / "x")
    for row in (0, 59, 60, 99):
        best, score = index.search(rows[row], 3)[0]
        assert best == row
        assert score == pytest.approx(1, abs=1e-5)


def test_asks_for_more_than_there_is(tmp_path: Path) -> None:
    build_dense(tmp_path / "x", [vectors(2)], 16, 1)
    assert len(DenseIndex(tmp_path / "x").search(vectors(1)[0], 50)) == 2


def test_empty(tmp_path: Path) -> None:
    build_dense(tmp_path / "x", [], 16, 1)
    assert DenseIndex(tmp_path / "x").search(vectors(1)[0], 5) == []


def test_many_vectors_get_an_approximate_index_with_measured_recall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "FLAT_UP_TO", 500)
    rows = vectors(2000)
    kind, recall = build_dense(tmp_path / "x", [rows], 16, 1)
    assert kind.startswith("hnsw")
    assert 0.9 <= recall <= 1.0
    assert DenseIndex(tmp_path / "x").search(rows[7], 1)[0][0] == 7


@pytest.mark.parametrize("content", [b"", b"IxFI", b"nonsense" * 100])
def test_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(IndexDamaged, match="x"):
        DenseIndex(tmp_path / "x")
