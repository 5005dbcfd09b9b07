"""When an announcement was issued, as its opening tells it."""

from calendar import monthrange
from datetime import date

from indexer.announcement import Announcement
from service.quantity import quantities

_OPENING = 400
"""Characters in which an announcement says who issues it, and when."""


def opening(announcement: Announcement) -> str:
    """What an announcement begins with: its title, its issuer and its first lines."""
    return f"{announcement.title}\n{announcement.issuer or ''}\n{announcement.text[:_OPENING]}"


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
