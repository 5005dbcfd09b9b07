"""Where dates begin and end, and what lies between two of them."""

from datetime import date
from fractions import Fraction

from service.answering.verification.period import between, contradicts, edges, shifted, stretch
from service.quantity import Calendar, quantities


def edge(text: str) -> set[date]:
    figure = quantities(text)[0]
    return edges(figure, text, figure.start)


def contradict(text: str) -> bool:
    mine, other = quantities(text)
    return contradicts(mine, other)


def test_a_period_ends_where_the_next_begins() -> None:
    assert stretch(Calendar(2026, 12)) == (date(2026, 12, 1), date(2027, 1, 1))
    assert stretch(Calendar(2027, half=2)) == (date(2027, 7, 1), date(2028, 1, 1))
    assert stretch(Calendar(2026, quarter=1)) == (date(2026, 1, 1), date(2026, 4, 1))
    assert stretch(Calendar(2026, 2, 30)) is None
    assert stretch(Calendar(month=3)) is None


def test_bounds_of_two_writings_meet_at_one_midnight() -> None:
    assert edge("before September 2026") == edge("until 31 August 2026") == {date(2026, 9, 1)}
    assert edge("before 2030") == edge("by the end of 2029") == {date(2030, 1, 1)}
    assert edge("since 2020") != edge("since 2021")
    assert not edge("in late 2026")


def test_parts_of_a_period_without_a_common_day_contradict() -> None:
    assert contradict("the start of 2028, the end of 2028")
    assert contradict("early May 2026, 28 May 2026")
    assert not contradict("the end of 2028, December 2028")
    assert not contradict("2028, the end of 2028")


def test_between_dates_lie_months_and_days() -> None:
    assert ("second", Fraction(10 * 86400)) in between(Calendar(2026, 5, 6), Calendar(2026, 5, 15))
    assert ("month", Fraction(2)) in between(Calendar(2026, 2, 1), Calendar(2026, 3, 31))
    assert ("month", Fraction(24)) in between(Calendar(2026), Calendar(2028))


def test_a_date_moves_by_whole_units_of_its_own() -> None:
    assert shifted(Calendar(1874), Fraction(144)) == Calendar(1886)
    assert shifted(Calendar(2026, 7), Fraction(36)) == Calendar(2029, 7)
    assert shifted(Calendar(2026), Fraction(18)) is None
