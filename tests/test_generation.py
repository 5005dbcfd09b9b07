"""The pointer and the manifest: what is served, and damage that is never half-read."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import generation
from indexer.errors import IndexDamaged, IndexMissing
from indexer.generation import (
    FORMAT,
    Layout,
    Manifest,
    current_generation,
    describe_files,
    point_to,
    read_manifest,
    write_manifest,
)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A folder with one generation of two files, and the pointer at it."""
    layout = Layout(tmp_path)
    folder = layout.generation(3)
    (folder / "lexical").mkdir(parents=True)
    (folder / "rows.npy").write_bytes(b"rows")
    (folder / "lexical" / "meta.json").write_bytes(b"{}")
    write_manifest(folder, manifest(folder))
    point_to(layout, 3)
    return layout


def manifest(folder: Path) -> Manifest:
    return Manifest(
        format=FORMAT, generation=3, encoder="f" * 8, encoder_name="model", dimensions=4, announcements=1, passages=2,
        dense="flat", recall=1.0, segments=("a", "b"), files=describe_files(folder),
    )  # fmt: skip


def test_comes_back_as_it_was_written(layout: Layout) -> None:
    assert current_generation(layout) == 3
    found = read_manifest(layout, 3)
    assert found.files.keys() == {"rows.npy", "lexical/meta.json"}
    assert replace(found, files={}) == replace(manifest(layout.generation(3)), files={})


def test_the_pointer_moves_as_a_whole(layout: Layout) -> None:
    point_to(layout, 12_345)
    assert current_generation(layout) == 12_345
    assert [path.name for path in layout.folder.iterdir() if path.is_file()] == ["CURRENT"]


def test_no_index_at_all(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="herald index"):
        current_generation(Layout(tmp_path / "none"))


def test_a_lost_pointer_is_no_missing_index(layout: Layout) -> None:
    layout.database.write_bytes(b"")
    layout.pointer.unlink()
    with pytest.raises(IndexDamaged, match="repairs"):
        current_generation(layout)


@pytest.mark.parametrize("content", [b"", b"x", b"3.5", b"\xff", b"3 4", b"\0" * 8])
def test_a_pointer_that_is_nonsense(layout: Layout, content: bytes) -> None:
    layout.pointer.write_bytes(content)
    with pytest.raises(IndexDamaged, match="CURRENT"):
        current_generation(layout)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"{}", b'{"files": 5, "segments": []}', b"\xff\xfe"],
)
def test_a_manifest_that_is_nonsense(layout: Layout, content: bytes) -> None:
    (layout.generation(3) / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"manifest\.json"):
        read_manifest(layout, 3)


def changed(layout: Layout, **fields: object) -> None:
    path = layout.generation(3) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | fields), encoding="utf-8")


def test_a_manifest_with_a_field_too_many_or_of_another_format(layout: Layout) -> None:
    changed(layout, format=FORMAT + 1)
    with pytest.raises(IndexDamaged, match=f"format {FORMAT + 1}"):
        read_manifest(layout, 3)
    changed(layout, format=FORMAT, extra=1)
    with pytest.raises(IndexDamaged, match=r"manifest\.json"):
        read_manifest(layout, 3)


@pytest.mark.parametrize("content", [b"row", b"rows!", b"r0ws", None])
def test_a_file_that_was_altered(layout: Layout, content: bytes | None) -> None:
    path = layout.generation(3) / "rows.npy"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"rows\.npy"):
        read_manifest(layout, 3)


def test_a_large_file_is_checked_by_its_size(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading all of a large index at each start would take longer than answering."""
    monkeypatch.setattr(generation, "HASHED_UP_TO", 3)
    folder = layout.generation(3)
    (folder / "manifest.json").unlink()
    write_manifest(folder, manifest(folder))
    (folder / "rows.npy").write_bytes(b"r0ws")
    assert read_manifest(layout, 3).files["rows.npy"] == (4, None)
    (folder / "rows.npy").write_bytes(b"row")
    with pytest.raises(IndexDamaged, match=r"rows\.npy"):
        read_manifest(layout, 3)


def test_a_generation_that_is_not_there(layout: Layout) -> None:
    with pytest.raises(IndexDamaged, match=r"9.manifest\.json"):
        read_manifest(layout, 9)
