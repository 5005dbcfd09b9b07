"""The day of an announcement is the one that it was given, or the first whole one in its opening."""

from dataclasses import replace
from datetime import date

from indexer.announcement import Announcement
from service.answering.disambiguation.dateline import issued, opening

FAIR = Announcement(
    "fair", "Marram, 12 May 2025\n\nThe fair opens on 3 June 2025.", "The fair", "en", "Marram"
)


def test_an_announcement_is_of_the_day_that_it_was_given_or_that_it_opens_with() -> None:
    assert issued(FAIR) == date(2025, 5, 12)
    assert issued(replace(FAIR, published=date(2024, 1, 2))) == date(2024, 1, 2)
    assert issued(replace(FAIR, text="31 February 2026. On 1 March 2026 it opens.")) == date(2026, 3, 1)
    assert issued(replace(FAIR, text="It opens in May, or in 2026.")) is None
    assert issued(replace(FAIR, text="x " * 400 + "1 March 2026")) is None


def test_an_announcement_opens_with_its_title_its_issuer_and_its_first_lines() -> None:
    assert opening(FAIR).splitlines()[:3] == ["The fair", "Marram", "Marram, 12 May 2025"]
    assert len(opening(replace(FAIR, text="x" * 9_000))) < 500
