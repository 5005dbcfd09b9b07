"""Which date of a clause goes with which of its figures."""

from service.answering.verification.clause import Clause
from service.quantity import Kind, Quantity


def dated(clause: Clause) -> list[tuple[Quantity, Quantity]]:
    """Each date of a clause with the figure it stands with, where it has several of both.

    English dates follow their figure ("31 percent in 2021"), Korean ones precede it.
    """
    dates = [figure for figure in clause.figures if figure.date is not None]
    others = [figure for figure in clause.figures if figure.date is None and figure.kind is not Kind.ORDINAL]
    if len(dates) < 2 or len(others) < 2:
        return []
    korean = any("가" <= character <= "힣" for character in clause.text)
    paired = []
    for date in dates:
        near = [f for f in others if (f.start >= date.end if korean else f.end <= date.start)]
        # "For 2026 …, 1.3 percent" opens with the date of whatever comes.
        paired.append((date, min(near or others, key=lambda figure: abs(figure.start - date.start))))
    return paired
