"""When an announcement was issued, as its opening tells it."""

from calendar import monthrange
from datetime import date
from functools import lru_cache

from indexer.announcement import Announcement
from service.quantity import quantities

REMEMBERED = 1_000
"""Announcements of which is remembered what they were read for: popular ones come back with each question."""
_OPENING = 400
"""Characters in which an announcement says who issues it, and when."""


def opening(announcement: Announcement) -> str:
    """What an announcement begins with: its title, its issuer and its first lines."""
    return f"{announcement.title}\n{announcement.issuer or ''}\n{announcement.text[:_OPENING]}"


@lru_cache(REMEMBERED)
def issued(announcement: Announcement) -> date | None:
    """The day that an announcement is of, as far as it tells: the one that it was given, or else the first in its
    opening."""
    if announcement.published is not None:
        return announcement.published
    for told in quantities(announcement.text[:_OPENING]):
        day = told.date
        if day is None or not (day.year and day.month and day.day):
            continue
        if day.day <= monthrange(day.year, day.month)[1]:
            return date(day.year, day.month, day.day)
    return None


@lru_cache(REMEMBERED)
def days_named(announcement: Announcement) -> frozenset[tuple[int, int]]:
    """The months and days that an announcement names in its opening."""
    told = (each.date for each in quantities(opening(announcement), issued(announcement)))
    return frozenset((each.month, each.day) for each in told if each is not None and each.month and each.day)
