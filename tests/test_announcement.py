"""The values of the indexer."""

import hashlib
from dataclasses import FrozenInstanceError

import pytest

from indexer.announcement import Announcement, Kind, Passage, Sentence


def test_the_hash_is_of_the_texts_utf8_form_alone() -> None:
    text = "Entry is free 🎉 — 입장은 무료.\r\n"
    one = Announcement("a", text, "Title", "en")
    other = Announcement("b", text, "Other", "ko", url="https://port.example")
    assert one.sha256 == other.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert Announcement("a", text.replace("\r", ""), "Title", "en").sha256 != one.sha256


def test_values_do_not_change() -> None:
    announcement = Announcement("a", "text", "Title", "en")
    with pytest.raises(FrozenInstanceError):
        announcement.text = "other"  # type: ignore[misc]
    passage = Passage(0, 4, (Sentence(0, 4, Kind.BODY),))
    with pytest.raises(FrozenInstanceError):
        passage.end = 5  # type: ignore[misc]


def test_kinds_are_stored_by_name() -> None:
    assert [kind.value for kind in Kind] == ["body", "heading", "chrome"]
