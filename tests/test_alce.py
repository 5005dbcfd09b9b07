"""Citation recall and precision, on the case that ALCE's paper works through in section 3.3.

There s3 cites three passages, [2], [4] and [5]; [2] is irrelevant where it does not support s3 alone
and [4] with [5] does without it; and no citation is precise unless all together support the statement.
"""

from collections.abc import Sequence

import pytest

from eval.metrics.alce import Statement, Support, citation_precision, citation_recall


def entailment(*supported: tuple[set[str], str]) -> Support:
    """A judge that finds a statement supported by whatever holds one of the sets given for it."""

    def supports(quotes: Sequence[str], statement: str) -> bool:
        return any(statement == said and needed <= set(quotes) for needed, said in supported)

    return supports


S1, S2, S3 = (
    Statement("s1", ("[1]",)),
    Statement("s2", ("[1]", "[3]")),
    Statement("s3", ("[2]", "[4]", "[5]")),
)


def test_the_irrelevant_citation_of_the_paper() -> None:
    """[4] and [5] support s3 together, [2] does not: two of three citations count."""
    supports = entailment(({"[4]", "[5]"}, "s3"))
    assert citation_recall([S3], supports) == 1.0
    assert citation_precision([S3], supports) == pytest.approx(2 / 3)


def test_a_citation_that_supports_alone_is_relevant_though_the_others_do_too() -> None:
    """[2] is enough and so are [4] and [5]: neither of those two is, nor is missed while [2] is there."""
    supports = entailment(({"[2]"}, "s3"), ({"[4]", "[5]"}, "s3"))
    assert citation_precision([S3], supports) == pytest.approx(1 / 3)


def test_precision_needs_recall() -> None:
    """What all citations together do not support makes none of them precise."""
    supports = entailment(({"[1]"}, "s1"))
    assert citation_recall([S1, S3], supports) == 0.5
    assert citation_precision([S1, S3], supports) == pytest.approx(1 / 4)


def test_an_answer_of_three_statements() -> None:
    """s1 by [1]; s2 by [1] alone, so that [3] is irrelevant; s3 by [4][5], so that [2] is."""
    supports = entailment(({"[1]"}, "s1"), ({"[1]"}, "s2"), ({"[4]", "[5]"}, "s3"))
    assert citation_recall([S1, S2, S3], supports) == 1.0
    assert citation_precision([S1, S2, S3], supports) == pytest.approx(4 / 6)


def test_a_statement_without_citations_has_no_recall_and_adds_nothing_to_precision() -> None:
    supports = entailment(({"[1]"}, "s1"), (set(), "s0"))
    assert citation_recall([Statement("s0", ()), S1], supports) == 0.5
    assert citation_precision([Statement("s0", ()), S1], supports) == 1.0
    assert citation_precision([Statement("s0", ())], supports) == 0.0


def test_no_statement_has_neither() -> None:
    assert citation_recall([], entailment()) is None
    assert citation_precision([], entailment()) is None
