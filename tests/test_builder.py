"""Building the index: what is added, changed, removed, kept, refused, and what survives a crash."""

import json
from pathlib import Path

import numpy as np
import pytest

from indexer import builder
from indexer.builder import build
from indexer.errors import EncoderMismatch, IndexBusy, IndexDamaged, IndexMissing, SourceConflict
from indexer.generation import Layout, current_generation, read_manifest
from indexer.index import Index, LiveIndex

OLD = "The harbour budget is 40 million crowns. The quay opens in May."
NEW = "The harbour budget is 55 million crowns. The quay opens in June."


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "harbour.txt").write_text(OLD, encoding="utf-8")
    (folder / "school.txt").write_text("The school gets nine new teachers this autumn.", encoding="utf-8")
    return folder


def texts(folder: Path) -> dict[str, str]:
    index = Index(folder, current_generation(Layout(folder)))
    return {a.id: a.text for a in index.announcements()}


def found(folder: Path, question: str) -> str:
    index = Index(folder, current_generation(Layout(folder)))
    best = index.nearest(index.encode_question(question).pooled, 1)
    return index.passages([best[0][0]])[0].text


def test_indexes_a_folder(source: Path, index_folder: Path) -> None:
    report = build([source], index_folder)
    assert (report.added, report.errors) == (("harbour", "school"), ())
    assert found(index_folder, "How large is the harbour budget?") == OLD


def test_encodes_nothing_again_when_nothing_changed(source: Path, index_folder: Path) -> None:
    first = build([source], index_folder)
    again = build([source], index_folder)
    assert (again.encoded, again.unchanged) == (0, ("harbour", "school"))
    assert again.generation == first.generation


def test_changed_text_replaces_its_former(source: Path, index_folder: Path) -> None:
    build([source], index_folder)
    (source / "harbour.txt").write_text(NEW, encoding="utf-8")
    report = build([source], index_folder)
    assert (report.changed, report.encoded) == (("harbour",), 1)
    index = Index(index_folder, report.generation)
    assert len(index) == 2
    assert index.matching(["55"], 5)
    assert not index.matching(["40"], 5)


def test_changed_title_encodes_nothing_again(source: Path, index_folder: Path) -> None:
    lines = source / "news.jsonl"
    lines.write_text(json.dumps({"id": "n", "title": "Before", "text": NEW}), encoding="utf-8")
    build([source], index_folder)
    lines.write_text(json.dumps({"id": "n", "title": "After", "text": NEW}), encoding="utf-8")
    report = build([source], index_folder)
    assert (report.changed, report.encoded) == (("n",), 0)
    assert LiveIndex(index_folder).current().revision("n").announcement.title == "After"  # type: ignore[union-attr]


def test_removed_file_goes(source: Path, index_folder: Path) -> None:
    build([source], index_folder)
    (source / "harbour.txt").unlink()
    report = build([source], index_folder)
    assert report.removed == ("harbour",)
    assert list(texts(index_folder)) == ["school"]


def test_everything_removed_leaves_an_empty_index(source: Path, index_folder: Path) -> None:
    build([source], index_folder)
    for path in source.iterdir():
        path.unlink()
    report = build([source], index_folder)
    assert (report.announcements, report.passages) == (0, 0)
    index = Index(index_folder, report.generation)
    assert index.nearest(index.encode_question("budget?").pooled, 5) == []
    assert index.matching(["budget"], 5) == []


def test_another_source_is_added_and_nothing_removed(
    source: Path, index_folder: Path, tmp_path: Path
) -> None:
    build([source], index_folder)
    other = tmp_path / "bridge.txt"
    other.write_text("The bridge closes on 3 March.", encoding="utf-8")
    report = build([other], index_folder)
    assert (report.added, report.removed) == (("bridge",), ())
    assert len(texts(index_folder)) == 3


def test_unreadable_file_is_reported_and_its_former_text_stays(source: Path, index_folder: Path) -> None:
    build([source], index_folder)
    (source / "harbour.txt").write_bytes(b"\xff\xfe\x00\xd8 broken")
    (source / "new.txt").write_text("A new ferry runs from Monday.", encoding="utf-8")
    report = build([source], index_folder)
    assert [Path(error.where).name for error in report.errors] == ["harbour.txt"]
    assert report.added == ("new",)
    assert texts(index_folder)["harbour"] == OLD


def test_two_sources_with_one_id(index_folder: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.txt").write_text(f"This is text {name} of two.", encoding="utf-8")
    report = build([tmp_path / "a", tmp_path / "b"], index_folder)
    assert report.added == ("same",)
    assert [type(error) for error in report.errors] == [SourceConflict]
    assert "text a" in texts(index_folder)["same"]


def test_moved_file_keeps_its_id(index_folder: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "same.txt").write_text(OLD, encoding="utf-8")
    build([tmp_path / "a"], index_folder)
    (tmp_path / "a" / "same.txt").rename(tmp_path / "b" / "same.txt")
    report = build([tmp_path / "b"], index_folder)
    assert (report.changed, report.errors, report.encoded) == (("same",), (), 0)


def test_many_small_builds_keep_few_segments(
    source: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "SMALL_SEGMENTS", 4)
    for number in range(9):
        (source / f"n{number}.txt").write_text(f"Notice {number}: road {number} is closed.", encoding="utf-8")
        report = build([source], index_folder)
    assert len(read_manifest(Layout(index_folder), report.generation).segments) <= 4
    assert found(index_folder, "Which notice is about road 7?") == "Notice 7: road 7 is closed."
    assert found(index_folder, "How large is the harbour budget?") == OLD


def test_adding_one_file_shares_what_was_there(source: Path, index_folder: Path) -> None:
    layout = Layout(index_folder)
    before = layout.generation(build([source], index_folder).generation)
    (source / "bridge.txt").write_text("The bridge closes on 3 March.", encoding="utf-8")
    report = build([source / "bridge.txt"], index_folder)
    after = layout.generation(report.generation)
    assert (report.announcements, report.passages, report.encoded) == (3, 3, 1)
    assert (before / "dense.faiss").samefile(after / "dense.faiss")
    assert found(index_folder, "When does the bridge close?") == "The bridge closes on 3 March."
    assert found(index_folder, "How large is the harbour budget?") == OLD


def test_an_index_added_to_finds_what_one_made_anew_finds(source: Path, index_folder: Path) -> None:
    for number in range(12):
        (source / f"n{number}.txt").write_text(f"Notice {number}: road {number} is closed.", encoding="utf-8")
    build([source], index_folder)
    (source / "n3.txt").unlink()
    (source / "n4.txt").write_text("Notice 4: the tunnel is closed too.", encoding="utf-8")
    (source / "n12.txt").write_text("Notice 12: road 12 is closed.", encoding="utf-8")
    added_to = Index(index_folder, build([source], index_folder).generation)
    anew = Index(index_folder, build([source], index_folder, rebuild=True).generation)
    for question in ("road 3", "road 4", "the tunnel", "road 12", "harbour budget"):
        vector = anew.encode_question(question).pooled
        nearest = [[id for id, _ in index.nearest(vector, 99)] for index in (added_to, anew)]
        assert nearest[0] == nearest[1]
        assert len(nearest[0]) == 14
    np.testing.assert_array_equal(added_to.piece_frequencies, anew.piece_frequencies)
    assert added_to.announcement_ids() == anew.announcement_ids()
    assert added_to.announcement_count == anew.announcement_count == 14


def test_a_gone_line_of_jsonl_goes_and_other_files_stay(source: Path, index_folder: Path) -> None:
    lines = [json.dumps({"id": name, "text": f"Line {name} of the list."}) for name in "abc"]
    (source / "list.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (source / "list.jsonl.txt").write_text("A file whose name begins alike.", encoding="utf-8")
    build([source], index_folder)
    (source / "list.jsonl").write_text("\n".join(lines[:1]), encoding="utf-8")
    report = build([source / "list.jsonl"], index_folder)
    assert report.removed == ("b", "c")
    assert sorted(texts(index_folder)) == ["a", "harbour", "list.jsonl", "school"]


def test_one_index_has_one_encoder(source: Path, index_folder: Path) -> None:
    build([source], index_folder)
    with pytest.raises(EncoderMismatch, match="--rebuild"):
        build([source], index_folder, encoder_name="another/model")
    with pytest.raises(EncoderMismatch, match="another/model"):
        LiveIndex(index_folder, "another/model")


def test_refuses_a_second_build_at_once(source: Path, index_folder: Path) -> None:
    build([source], index_folder)
    with builder._locked(Layout(index_folder).lock), pytest.raises(IndexBusy):
        build([source], index_folder)


def test_nothing_to_repair(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        build([], tmp_path / "none")
    with pytest.raises(IndexMissing, match="herald index"):
        LiveIndex(tmp_path / "none")


@pytest.mark.parametrize(
    "damaged",
    ["manifest.json", "dense.faiss", "delta.npy", "rows.npy", "pieces.npy", "lexical/meta.json"],
)
@pytest.mark.parametrize("damage", ["missing", "cut", "altered"])
def test_damaged_generation_is_refused_and_then_made_anew(
    source: Path, index_folder: Path, damaged: str, damage: str
) -> None:
    report = build([source], index_folder)
    path = Layout(index_folder).generation(report.generation) / damaged
    content = path.read_bytes()
    path.unlink()
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "altered":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(IndexDamaged, match="manifest.json" if damaged == "manifest.json" else path.name):
        LiveIndex(index_folder)
    repaired = build([source], index_folder)
    assert repaired.encoded == 0
    assert found(index_folder, "How large is the harbour budget?") == OLD


def test_lost_vectors_are_encoded_again(source: Path, index_folder: Path) -> None:
    build([source], index_folder)
    for folder in Layout(index_folder).segments.iterdir():
        (folder / "tokens.npy").write_bytes(b"")
    with pytest.raises(IndexDamaged, match=r"tokens\.npy"):
        LiveIndex(index_folder)
    assert build([], index_folder).encoded == 2
    assert found(index_folder, "How large is the harbour budget?") == OLD


def test_lost_pointer_is_repaired(source: Path, index_folder: Path) -> None:
    build([source], index_folder)
    Layout(index_folder).pointer.unlink()
    with pytest.raises(IndexDamaged, match="CURRENT"):
        LiveIndex(index_folder)
    build([], index_folder)
    assert found(index_folder, "How large is the harbour budget?") == OLD


def test_altered_text_is_never_quoted(source: Path, index_folder: Path) -> None:
    import sqlite3

    build([source], index_folder)
    with sqlite3.connect(Layout(index_folder).database) as database:
        database.execute("UPDATE announcements SET text = replace(text, '40', '90')")
    database.close()
    with pytest.raises(IndexDamaged, match="altered"):
        found(index_folder, "How large is the harbour budget?")


def test_database_that_is_none(source: Path, index_folder: Path) -> None:
    Layout(index_folder).database.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    with pytest.raises(IndexDamaged, match=r"herald\.db"):
        build([source], index_folder)


def test_old_revision_can_still_be_verified(source: Path, index_folder: Path) -> None:
    build([source], index_folder)
    before = LiveIndex(index_folder).current().revision("harbour")
    assert before is not None
    (source / "harbour.txt").write_text(NEW, encoding="utf-8")
    build([source], index_folder)
    after = LiveIndex(index_folder).current().find_revision("harbour", before.sha256)
    assert after is not None
    assert after.announcement.text == OLD


def test_live_index_takes_up_a_new_generation(source: Path, index_folder: Path) -> None:
    build([source], index_folder)
    live = LiveIndex(index_folder)
    before = live.current()
    (source / "harbour.txt").write_text(NEW, encoding="utf-8")
    build([source], index_folder)
    assert live.current().revision("harbour").announcement.text == NEW  # type: ignore[union-attr]
    assert before.revision("harbour").announcement.text == OLD  # type: ignore[union-attr]
    assert before.passages_of("harbour")[0].text == OLD
