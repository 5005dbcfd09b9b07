"""What was asked before, as far as a follow-up may lean on it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question, as it was understood, and the words that answered it.

    ``named`` is the name, date or figure that stood out in the answer, if one did; ``titles`` are those of the
    announcements that it was taken from, ``sources`` their ids. ``listed`` are the items of a list, or the rows of a table, that it gave.
    """

    question: str
    named: str | None = None
    titles: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
