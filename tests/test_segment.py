"""Stored vectors come back as they were, within a quantisation step."""

import os
from pathlib import Path

import numpy as np
import pytest

from indexer.encoder import Encoding, unit
from indexer.errors import IndexDamaged
from indexer.segment import FILES, Segment, quantise, write_segment


def encoding(tokens: int, seed: int) -> Encoding:
    random = np.random.default_rng(seed)
    return Encoding(
        pooled=unit(random.normal(size=8).astype(np.float32)),
        tokens=unit(random.normal(size=(tokens, 24)).astype(np.float32)),
        pieces=random.integers(0, 30_000, tokens).astype(np.int32),
        spans=np.stack([np.arange(tokens), np.arange(tokens) + 1], axis=1).astype(np.int32),
    )


def test_gives_back_what_was_written(tmp_path: Path) -> None:
    written = [encoding(tokens, seed) for seed, tokens in enumerate([5, 0, 250, 1])]
    write_segment(tmp_path / "s", written)
    segment = Segment(tmp_path / "s")
    assert len(segment) == 4
    for position, one in enumerate(written):
        back = segment.encoding(position)
        np.testing.assert_array_equal(back.pooled, one.pooled)
        np.testing.assert_array_equal(back.pieces, one.pieces)
        np.testing.assert_array_equal(back.spans, one.spans)
        np.testing.assert_allclose(back.tokens, one.tokens, atol=0.005)
        np.testing.assert_array_equal(segment.pieces(position), one.pieces)


def test_writing_again_what_was_read_loses_nothing(tmp_path: Path) -> None:
    write_segment(tmp_path / "a", [encoding(40, 1)])
    once = Segment(tmp_path / "a").encoding(0)
    write_segment(tmp_path / "b", [once])
    np.testing.assert_allclose(Segment(tmp_path / "b").encoding(0).tokens, once.tokens, atol=1e-4)


def test_a_file_that_was_cut_short_while_it_was_open_is_noticed(tmp_path: Path) -> None:
    write_segment(tmp_path / "s", [encoding(40, 1), encoding(30, 2)])
    segment = Segment(tmp_path / "s")
    os.truncate(tmp_path / "s" / "tokens.npy", 400)
    with pytest.raises(IndexDamaged, match=r"tokens\.npy: ends before row \d+"):
        segment.packed(1)


def test_quantise_keeps_zero_vectors_zero() -> None:
    packed, scales = quantise(np.zeros((2, 4), np.float32))
    assert not packed.any()
    assert np.isfinite(scales).all()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "other"])
def test_damage_is_noticed(tmp_path: Path, name: str, damage: str) -> None:
    write_segment(tmp_path / "s", [encoding(30, 1), encoding(20, 2)])
    path = tmp_path / "s" / name
    content = path.read_bytes()
    path.unlink()
    if damage == "empty":
        path.write_bytes(b"")
    elif damage == "cut":
        path.write_bytes(content[:-4])
    elif damage == "other":
        np.save(path, np.zeros(3, np.float64))
    with pytest.raises(IndexDamaged, match=name):
        Segment(tmp_path / "s")


def test_files_of_two_segments_do_not_mix(tmp_path: Path) -> None:
    write_segment(tmp_path / "a", [encoding(30, 1)])
    write_segment(tmp_path / "b", [encoding(20, 2)])
    (tmp_path / "b" / "tokens.npy").replace(tmp_path / "a" / "tokens.npy")
    with pytest.raises(IndexDamaged, match="belong together"):
        Segment(tmp_path / "a")
