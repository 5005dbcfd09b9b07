"""Proposed cases: what they ask is in the announcement, or is changed so that it is not."""

from pathlib import Path

import pytest

from eval.draft.asked import asked
from eval.draft.proposal import REVIEW, propose
from eval.fact import occurs
from eval.targets.opening import announcements
from indexer.announcement import Announcement

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(
    scope="module", params=["indexer/samples/work-plan-2026.md", "tests/announcements/library.md"]
)
def announcement(request: pytest.FixtureRequest) -> Announcement:
    return announcements([ROOT / request.param])[0]


def test_what_is_proposed_as_answerable_is_answered_by_its_sentence(announcement: Announcement) -> None:
    found = [case for case in propose(announcement) if case.answerable]
    assert found
    for case in found:
        (sentence,) = case.sentences
        assert sentence in announcement.text
        assert any(occurs(fact, [(sentence, announcement.published)]) for fact in case.expect.any_of), case


def test_the_unanswerable_are_of_every_kind(announcement: Announcement) -> None:
    proposed = propose(announcement)
    kinds = {case.tags[-1] for case in proposed if case.answerable is False}
    assert kinds >= {"underspecified", "out-of-scope", "nonsense", "modality", "safety"}
    assert all(case.note == REVIEW and case.source == announcement.id for case in proposed)
    assert len({case.id for case in proposed}) == len({case.question for case in proposed}) == len(proposed)


def test_near_misses_and_false_premises_are_made_of_the_text() -> None:
    proposed = propose(announcements([ROOT / "indexer/samples/work-plan-2026.md"])[0])
    kinds = {case.tags[-1] for case in proposed if case.answerable is False}
    assert kinds >= {"other-year", "other-organisation", "false-premise"}


def test_the_same_seed_gives_the_same_cases(announcement: Announcement) -> None:
    assert propose(announcement, seed=3) == propose(announcement, seed=3)
    assert len(propose(announcement, most=15)) <= 15


def test_an_aside_before_the_subject_is_no_subject() -> None:
    sentence = "Alongside the Harbour plans, the city of Ossel will pursue a strategy of growth and trade."
    assert not [question for question in asked(sentence, "en") if question.question.startswith("Who")]
