"""Announcements that belong together are told from the others of the same body, and what changes which."""

import pytest

from indexer.announcement import Announcement
from service.answering.disambiguation.relation import Relations


def announcements(language: str, *texts: tuple[str, str, str]) -> list[Announcement]:
    return [Announcement(id, text, title, language) for id, title, text in texts]


CITY = announcements(
    "en",
    ("fair-25", "Lantern Fair returns to the quay", "Ellery City, 3 May 2025. The Lantern Fair is held on the quay in July."),
    ("fair-26", "Lantern Fair moves to the park", "Ellery City, 6 May 2026. The Lantern Fair is held in the park in July."),
    ("warm", "Warm Walls: a grant for homeowners who insulate", "Ellery City, 1 March 2026. Homeowners can apply for the grant."),
    ("snug", "Snug Lets: a grant for landlords who insulate", "Ellery City, 2 March 2026. Landlords can apply for the grant."),
    ("boil", "Boil tap water in Marram", "Ellery City, 8 June 2026. Residents of Marram must boil their tap water."),
    ("safe", "Boil-water notice in Marram lifted", "Ellery City, 15 June 2026. Tap water in Marram can be drunk again."),
    ("rules", "Payments for late trains from February", "Ellery City, 13 January 2026. Passengers get money back."),
    ("wrong", "Correction: 56 days to claim", "Ellery City, 22 January 2026. Our announcement of 13 January had a mistake."),
)  # fmt: skip


@pytest.mark.parametrize(
    ("id", "related"),
    [
        ("fair-25", ["fair-26"]),
        ("warm", ["snug"]),
        ("boil", ["safe"]),
        ("rules", []),
    ],
)
def test_what_belongs_together_is_told_by_the_words_of_titles(id: str, related: list[str]) -> None:
    assert [each.id for each in Relations(CITY).related(id)] == related


def test_a_later_announcement_whose_title_says_so_changes_an_earlier_one() -> None:
    tied = Relations(CITY)
    assert [each.id for each in tied.changed_by("boil")] == ["safe"]
    assert [each.id for each in tied.changes("safe")] == ["boil"]
    assert tied.changed_by("safe") == tied.changes("boil") == []
    assert tied.changed_by("fair-25") == []


def test_a_correction_that_names_the_day_of_what_it_corrects_changes_that_alone() -> None:
    tied = Relations(CITY)
    assert [each.id for each in tied.changes("wrong")] == ["rules"]
    assert [each.id for each in tied.tied("rules")] == ["wrong"]


def test_two_announcements_alone_are_related_by_what_their_titles_share() -> None:
    assert [each.id for each in Relations(CITY[:2]).related("fair-25")] == ["fair-26"]
    assert Relations([CITY[0], CITY[2]]).related("fair-25") == []
    assert Relations([CITY[0]]).related("fair-25") == []


def test_korean_announcements_are_related_too() -> None:
    tied = Relations(
        announcements(
            "ko",
            ("old", "생활쓰레기 배출 방식 7월부터 바뀐다", "솔내시는 2026년 6월 1일 생활쓰레기 배출 방식을 바꾼다고 밝혔다."),
            ("new", "[정정] 생활쓰레기 배출 요일 바로잡습니다", "솔내시는 2026년 6월 15일 생활쓰레기 배출 요일을 바로잡는다."),
            ("camp", "별바위 캠핑장 예약 추첨제로", "솔내시는 2026년 5월 3일 캠핑장 예약을 추첨으로 받는다."),
            ("fair", "제8회 솔내 등불축제 개막", "솔내시는 2026년 8월 3일 등불축제를 연다."),
        )
    )  # fmt: skip
    assert [each.id for each in tied.changed_by("old")] == ["new"]
    assert tied.tied("camp") == []


def test_titles_without_a_word_are_related_to_nothing() -> None:
    odd = announcements("en", ("a", "!?", ""), ("b", "", "…"), ("c", "2026", "2026"))
    assert all(Relations(odd).tied(each.id) == [] for each in odd)
    assert Relations([]).announcements == {}
