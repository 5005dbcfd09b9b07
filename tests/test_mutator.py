"""False claims are false: each differs from the true one in what its class says, and in nothing that is still true."""

from datetime import date

import pytest

from eval.benchmarks.claims import read_claims
from eval.benchmarks.mutator import Falsehood, Pair, mutations
from service.quantity import quantities

SENTENCES = (
    "Sales in Peru rose 12 percent to $4 million.",
    "The company plans to open two shops in Lima by May 2027.",
    "Director Ana Ruiz said that costs could fall.",
)


def pair(claim: str, *cites: int) -> Pair:
    return Pair("shops", "en", date(2026, 1, 2), SENTENCES, claim, cites or (0,))


def made(claim: str, falsehood: Falsehood, *cites: int) -> list[str]:
    one = pair(claim, *cites)
    return [m.pair.claim for m in mutations(one, [one], 1) if m.falsehood is falsehood]


def test_a_changed_figure_is_one_that_the_quotes_lack() -> None:
    found = made(SENTENCES[0], Falsehood.FIGURE)
    known = set(quantities(SENTENCES[0]))
    assert found
    assert all(set(quantities(claim)) - known for claim in found)


@pytest.mark.parametrize(
    ("claim", "falsehood", "cites", "expected"),
    [
        (SENTENCES[0], Falsehood.DIRECTION, (0,), "Sales in Peru fell 12 percent to $4 million."),
        (SENTENCES[0], Falsehood.POINT, (0,), "Sales in Peru rose 12 percentage points to $4 million."),
        (SENTENCES[1], Falsehood.STRENGTH, (1,), "The company will open two shops in Lima by May 2027."),
        (SENTENCES[2], Falsehood.SPEAKER, (2,), "Costs could fall."),
    ],
)
def test_one_thing_is_changed(
    claim: str, falsehood: Falsehood, cites: tuple[int, ...], expected: str
) -> None:
    assert expected in made(claim, falsehood, *cites)


def test_the_same_seed_makes_the_same_claims() -> None:
    one = pair(SENTENCES[0])
    assert mutations(one, [one], 5) == mutations(one, [one], 5)


def test_a_neighbour_that_says_the_same_is_no_wrong_citation() -> None:
    twice = ("The bridge opens in June.", "In June the bridge opens.", "Tickets cost nothing at all.")
    one = Pair("bridge", "en", date(2026, 1, 2), twice, twice[0], (0,))
    assert not [m for m in mutations(one, [one], 1) if m.falsehood is Falsehood.CITATION]


def test_dates_whose_order_says_nothing_are_not_swapped() -> None:
    assert not made("Shops open on 3 May 2027 and 5 May 2027.", Falsehood.SPLICED)


@pytest.mark.parametrize("split", ["development", "test"])
def test_no_mutation_is_the_true_claim_or_a_cited_sentence(split: str) -> None:
    claims = read_claims(split)
    for one in claims.pairs[::7]:
        for mutation in mutations(one, claims.pairs, 3):
            assert (mutation.pair.claim, mutation.pair.cites) != (one.claim, one.cites)
            assert mutation.pair.claim not in mutation.pair.quotes


def test_there_are_enough_true_claims_and_the_splits_share_no_announcement() -> None:
    development, test = read_claims("development"), read_claims("test")
    assert len(development.pairs) + len(test.pairs) >= 300
    assert not {p.announcement for p in development.pairs} & {p.announcement for p in test.pairs}
