"""Figures that a claim words anew, through the exact checks that they have to pass."""

from datetime import date

import pytest

from service.answer import Quote
from service.answering.verifier import Claim, Comparison, Fault, Verdict, compare


def compared(text: str, source: str) -> Comparison | Verdict:
    quote = Quote("notice", "0" * 64, source, 0, len(source), "Notice", None, date(2026, 3, 10))
    return compare(Claim(text, (quote,)))


SCHEME = "The scheme reached 412,000 of the 560,000 households, 58 percent more than in 2024."
VOTE = "The council voted 41 to 18 in favour, with three abstentions."
BRIDGE = "The bridge, opened in 1967, will be closed from 1 February to 31 March."
TOWNS = "Free clinics open in Aldmoor, Skerne and Pell on 23 March for 60 days."
FERRY = "The Ferris line carried 9 of 16 ferries, at $19 million for 34 licences."
RATES = "The rate rose from 48 to 62 percent, while wages grew by 17 percent."


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("More than 400,000 households were reached.", SCHEME),
        ("Nearly three quarters of the households were reached.", SCHEME),
        ("About 148,000 households were not reached.", SCHEME),
        ("Hundreds of thousands of households were reached.", SCHEME),
        ("In all, 62 votes were counted.", VOTE),
        ("More than twice as many voted for it as against it.", VOTE),
        ("The bridge dates from the 1960s.", BRIDGE),
        ("The bridge will be closed for two months.", BRIDGE),
        ("The bridge is nearly six decades old.", BRIDGE),
        ("Clinics open in three towns.", TOWNS),
        ("Clinics open for two months.", TOWNS),
        ("Seven of the 16 ferries were not carried.", FERRY),
        ("A licence costs over half a million dollars.", FERRY),
        ("The rate rose by 14 points.", RATES),
        ("The rate is nearly four times as high as the growth of wages.", RATES),
    ],
)
def test_what_the_cited_figures_come_to_passes_and_is_called_derived(text: str, source: str) -> None:
    found = compared(text, source)
    assert isinstance(found, Comparison), found
    assert found.figures.derived or found.figures.reckoned


@pytest.mark.parametrize(
    ("text", "source", "fault"),
    [
        ("More than 420,000 households were reached.", SCHEME, Fault.FIGURE),
        ("Nearly 411,000 households were reached.", SCHEME, Fault.FIGURE),
        ("Nearly half of the households were reached.", SCHEME, Fault.FIGURE),
        ("About 187,000 households were not reached.", SCHEME, Fault.FIGURE),
        ("Thousands of households were reached.", SCHEME, Fault.FIGURE),
        ("In all, 66 votes were counted.", VOTE, Fault.FIGURE),
        ("The bridge dates from the 1950s.", BRIDGE, Fault.DATE),
        ("The bridge will be closed for five months.", BRIDGE, Fault.DURATION),
        ("Clinics open in five towns.", TOWNS, Fault.FIGURE),
        ("The rate rose by 24 points.", RATES, Fault.FIGURE),
        ("The second bridge will be closed.", BRIDGE, Fault.ORDINAL),
        ("It cost millions of dollars.", TOWNS, Fault.FIGURE),
        ("It is worth million crowns.", TOWNS, Fault.FIGURE),
    ],
)
def test_what_they_do_not_come_to_is_withdrawn(text: str, source: str, fault: Fault) -> None:
    found = compared(text, source)
    assert isinstance(found, Verdict)
    assert found.fault is fault


def test_many_figures_take_little_time() -> None:
    source = "It has " + ", ".join(f"{number} seats in {1900 + number}" for number in range(3, 43)) + "."
    found = compared("About 7,777 seats are left of nearly 9,999 in 2,345 days.", source)
    assert isinstance(found, Verdict)
