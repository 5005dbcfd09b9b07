"""The truth about announcements: revisions, which generation shows which, and what an interrupted run leaves."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from indexer.announcement import Announcement, Kind, Passage, Sentence
from indexer.catalogue import Catalogue, Place
from indexer.errors import IndexDamaged

QUAY = Announcement(
    "quay/1", "Quay 🎉 opens.\r\n가나다. e\u0301 שלום", "Quay — 부두", "en", "Port of Orrin", date(2027, 5, 3),
    "https://port.example/?a=1#b", "/srv/news/quay.md",
)  # fmt: skip
ROAD = Announcement("road", "The road is closed.", "The road", "en", origin="/srv/news/list.jsonl#road")
PASSAGES = (Passage(0, 13, (Sentence(0, 13, Kind.HEADING),)), Passage(15, 19, (Sentence(15, 19, Kind.BODY),)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "herald.db"


@pytest.fixture
def catalogue(path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(path, create=True)
    yield opened
    opened.close()


def staged(catalogue: Catalogue, *announcements: Announcement) -> list[int]:
    return catalogue.stage([(each, PASSAGES) for each in announcements], "1")


def shown(catalogue: Catalogue, generation: int) -> list[Announcement]:
    return [revision.announcement for revision in catalogue.live(generation)]


def test_what_was_staged_comes_back_unchanged(catalogue: Catalogue) -> None:
    numbers = staged(catalogue, QUAY, ROAD)
    assert [revision.announcement for revision in catalogue.revisions(numbers)] == [QUAY, ROAD]
    assert [stored.passage for stored in catalogue.passages_of(numbers[:1])] == list(PASSAGES)


def test_the_passages_around_one_are_its_own_revisions(catalogue: Catalogue) -> None:
    text = "".join(chr(ord("a") + place) for place in range(9))
    long = Announcement("long", text, "Letters", "en")
    passages = tuple(Passage(n, n + 1, (Sentence(n, n + 1, Kind.BODY),)) for n in range(9))
    staged(catalogue, QUAY)
    (number,) = catalogue.stage([(long, passages)], "1")
    staged(catalogue, ROAD)
    ids = [stored.id for stored in catalogue.passages_of([number])]
    assert catalogue.passage_ids_around(ids[4], 2) == ids[2:7]
    assert catalogue.passage_ids_around(ids[0], 3) == ids[:4]
    assert catalogue.passage_ids_around(ids[8], 100) == ids
    assert catalogue.passage_ids_around(10_000, 2) == []


def test_nothing_is_shown_before_it_is_published(catalogue: Catalogue) -> None:
    numbers = staged(catalogue, QUAY, ROAD)
    assert shown(catalogue, 1) == []
    assert catalogue.find(QUAY.id, QUAY.sha256) is None
    catalogue.publish(1, numbers, [])
    assert shown(catalogue, 1) == [QUAY, ROAD]
    assert shown(catalogue, 0) == []


def test_an_old_generation_shows_what_it_showed(catalogue: Catalogue) -> None:
    numbers = staged(catalogue, QUAY, ROAD)
    catalogue.publish(1, numbers, [])
    later = replace(QUAY, text="Another text.")
    catalogue.publish(2, staged(catalogue, later), numbers)
    assert shown(catalogue, 1) == [QUAY, ROAD]
    assert shown(catalogue, 2) == [later]
    assert catalogue.latest_generation() == 2


def test_what_was_shown_once_is_always_found_by_its_hash(catalogue: Catalogue) -> None:
    numbers = staged(catalogue, QUAY)
    catalogue.publish(1, numbers, [])
    catalogue.publish(2, [], numbers)
    found = catalogue.find(QUAY.id, QUAY.sha256)
    assert found is not None
    assert found.announcement == QUAY
    assert catalogue.find(QUAY.id, "0" * 64) is None
    assert catalogue.find("other", QUAY.sha256) is None


def test_a_half_published_generation_is_undone(catalogue: Catalogue) -> None:
    numbers = staged(catalogue, QUAY)
    catalogue.publish(1, numbers, [])
    catalogue.publish(2, staged(catalogue, ROAD), numbers)
    catalogue.roll_back(1)
    assert shown(catalogue, 1) == shown(catalogue, 2) == [QUAY]
    assert catalogue.latest_generation() == 1


def test_what_an_interrupted_run_staged_and_encoded_is_taken_up_again(catalogue: Catalogue) -> None:
    (number,) = staged(catalogue, QUAY)
    ids = catalogue.unencoded([number], "model")
    catalogue.place("model", "segment", ids)
    assert staged(catalogue, QUAY) == [number]
    assert catalogue.unencoded([number], "model") == []
    assert catalogue.unencoded([number], "another") == ids


def test_another_title_for_the_same_text_keeps_its_vectors(catalogue: Catalogue) -> None:
    (number,) = staged(catalogue, QUAY)
    catalogue.place("model", "segment", catalogue.unencoded([number], "model"))
    catalogue.publish(1, [number], [])
    renamed = replace(QUAY, title="Quay")
    assert catalogue.is_current(QUAY, "1", 1)
    assert not catalogue.is_current(renamed, "1", 1)
    assert not catalogue.is_current(QUAY, "2", 1)
    (other,) = staged(catalogue, renamed)
    assert other != number
    assert catalogue.unencoded([other], "model") == []
    assert [(place.segment, place.position) for place in catalogue.places([other])] == [
        ("segment", 0),
        ("segment", 1),
    ]


def test_a_lost_segment_is_encoded_again(catalogue: Catalogue) -> None:
    (number,) = staged(catalogue, QUAY)
    ids = catalogue.unencoded([number], "model")
    catalogue.place("model", "segment", ids)
    assert catalogue.segments() == {"segment"}
    assert catalogue.places([number]) == [Place(id, "segment", position) for position, id in enumerate(ids)]
    catalogue.forget_segment("segment")
    assert catalogue.segments() == set()
    assert catalogue.unencoded([number], "model") == ids
    with pytest.raises(IndexDamaged, match="not encoded"):
        catalogue.places([number])


def test_what_a_folder_or_a_list_held(catalogue: Catalogue) -> None:
    others = [
        replace(ROAD, id=id, origin=origin)
        for id, origin in (
            ("a", "/srv/news.txt"),
            ("b", "/srv/news/list.jsonl.txt"),
            ("c", "/srv/newsroom/a.txt"),
            ("d", None),
        )
    ]
    catalogue.publish(1, staged(catalogue, QUAY, ROAD, *others), [])
    assert [id for id, _ in catalogue.origins_below(Path("/srv/news"), 1)] == ["b", "quay/1", "road"]
    assert [id for id, _ in catalogue.origins_below(Path("/srv/news/list.jsonl"), 1)] == ["road"]
    assert [id for id, _ in catalogue.origins_below(Path("/srv/news.txt"), 1)] == ["a"]
    assert [id for id, _ in catalogue.origins_below(Path("/"), 1)] == ["a", "b", "c", "quay/1", "road"]


def test_ids_and_texts_are_values_and_never_sql(catalogue: Catalogue) -> None:
    hostile = replace(ROAD, id="'; DROP TABLE announcements; --", title="\"' \\ %_ \u202e", text="x'); --")
    catalogue.publish(1, staged(catalogue, hostile, QUAY), [])
    assert catalogue.shown(hostile.id, 1) is not None
    assert set(catalogue.live_numbers(1)) == {hostile.id, QUAY.id}


def test_an_altered_text_is_refused(catalogue: Catalogue, path: Path) -> None:
    numbers = staged(catalogue, QUAY)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE announcements SET text = text || '!'")
    database.close()
    with pytest.raises(IndexDamaged, match="altered"):
        catalogue.revision(numbers[0])


def test_what_is_not_there(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="no revision 9"):
        catalogue.revision(9)
    with pytest.raises(IndexDamaged, match="no passage 9"):
        catalogue.passages([9])
    with pytest.raises(IndexDamaged, match="missing"):
        Catalogue(tmp_path / "none.db")


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + bytes(100), b"no database at all" * 300])
def test_a_file_that_is_no_catalogue(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "herald.db").write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"herald\.db"):
        Catalogue(tmp_path / "herald.db")


def test_staging_one_costs_the_same_however_many_share_its_origin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    def counting(*arguments: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)  # type: ignore[call-overload]
        connection.set_progress_handler(step, 1)
        return connection

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", counting)
    catalogue = Catalogue(tmp_path / "herald.db", create=True)
    taken = []
    for origin in (None, "/srv/news"):
        for _ in range(2):
            before, steps = steps, 0
            staged(catalogue, replace(ROAD, id=f"{origin}{before}", origin=origin))
            assert not catalogue.is_current(replace(ROAD, id="other", origin=origin), "1", 1)
            taken.append(steps)
            staged(catalogue, *(replace(ROAD, id=f"{origin}{steps}/{n}", origin=origin) for n in range(500)))
    catalogue.close()
    assert max(taken) < 1.5 * min(taken)
