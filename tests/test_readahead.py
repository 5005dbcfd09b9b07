"""A file is read ahead without disturbing anybody."""

from pathlib import Path

import pytest

from indexer.readahead import read_ahead


def test_a_file_is_read_through(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "dense.faiss"
    path.write_bytes(b"x" * 3_000_000)
    thread = read_ahead(path)
    thread.join(10)
    assert not thread.is_alive()
    assert not caplog.records


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    read_ahead(tmp_path / "dense.faiss").join(10)
    assert "dense.faiss cannot be read ahead" in caplog.text
