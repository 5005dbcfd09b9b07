"""Which values a rounded figure may stand for."""

from fractions import Fraction

import pytest

from service.answering.verification.rounding import grain, hedge_of, stands_for
from service.quantity import quantities


def stands(text: str, value: str) -> bool:
    figure = quantities(text)[0]
    side = hedge_of(figure, text, figure.start)
    return stands_for(figure, Fraction(value), side)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("about 300 households", "312"),
        ("about 2.5 million", "2480000"),
        ("more than 400,000", "410000"),
        ("over 70", "74"),
        ("just under 100,000", "96000"),
        ("nearly three times", "2.8"),
        ("more than half", "61"),
        ("less than one third of them", "30"),
        ("more than two years", "26"),
        ("about three weeks", "1641600"),
        ("just under two dozen", "22"),
        ("one third of them", "33"),
        ("38 percent", "38.0952380952380952380952"),
        ("2천여 명", "2400"),
        ("300억 원이 조금 넘게", "31000000000"),
        ("20만 명에 조금 못 미치는", "190000"),
    ],
)
def test_a_figure_stands_for_what_is_rounded_to_it(text: str, value: str) -> None:
    assert stands(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("about 300 households", "342"),
        ("about 2.6 million", "2480000"),
        ("300 households", "312"),
        ("more than 400,000", "390000"),
        ("over 60", "74"),
        ("over 70", "70"),
        ("just under 100,000", "104000"),
        ("nearly 411,000", "410000"),
        ("nearly three times", "3.2"),
        ("within six days", "432000"),
        ("no more than 2,300", "2000"),
        ("more than half", "48"),
        ("38 percent", "38.6"),
        ("two years", "26"),
        ("2천여 명", "3100"),
    ],
)
def test_it_stands_for_nothing_on_its_other_side_or_far_from_it(text: str, value: str) -> None:
    assert not stands(text, value)


def test_a_figure_is_as_coarse_as_its_last_digit() -> None:
    assert [grain(Fraction(value)) for value in ("2400", "650", "0.3", "7")] == [100, 50, Fraction(1, 10), 1]
    assert grain(Fraction(1, 3)) == 0
