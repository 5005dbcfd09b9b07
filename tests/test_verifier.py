"""A sentence is kept where its quotes prove it, and withdrawn, with the right reason, where they do not."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from service.answer import Quote
from service.answering.verification.support import Support
from service.answering.verifier import Claim, Fault, Verdict, verify

PUBLISHED = date(2026, 3, 10)
BUDGET = (
    "The government will raise its AI budget to 9.9 trillion won in 2026, up from 3.3 trillion won in 2025."
)
SHARES = "The state pays 40 million euros, the city 25 million euros and the operator the remaining 10 million euros."
GROWTH = "Exports to Japan rose 12 percent, while imports from India fell 5 percent."
FERRY = "The ferry may return to Aldport if the council agrees to pay for the pier."
MAYOR = "Mayor Ines Calder said the bridge would reopen in June."
QUOTED = 'Union leader Tom Brandt called the offer "a first step".'
KOREAN = "시는 2027년까지 1조 1천억 원을 들여 수소버스 300대를 도입할 계획이다."
KOREAN_SHARES = "서울 매출은 15% 늘었지만 부산 매출은 6% 줄었다."


def quote(text: str) -> Quote:
    return Quote("notice", "0" * 64, text, 0, len(text), "Notice", None, PUBLISHED)


def judge(text: str, *quotes: str) -> Verdict:
    return verify(Claim(text, tuple(map(quote, quotes))))


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        (BUDGET, [BUDGET]),
        ("The AI budget will be raised to 9,900 billion won in 2026.", [BUDGET]),
        ("The state pays 40 million euros.", [SHARES]),
        ("Imports from India declined by 5%.", [GROWTH]),
        ("Exports to Japan grew 12 percent.", [GROWTH]),
        ("If the council agrees to pay for the pier, the ferry may return to Aldport.", [FERRY]),
        ("According to Mayor Ines Calder, the bridge would reopen in June.", [MAYOR]),
        ("Union leader Tom Brandt called the offer “a first step”.", [QUOTED]),
        ("시는 2027년까지 1조1000억원을 투입해 수소버스 300대를 도입할 계획이다.", [KOREAN]),
        ("부산 매출은 6% 감소했다.", [KOREAN_SHARES]),
        ("Exports to Japan rose 12 percent, and the state pays 40 million euros.", [GROWTH, SHARES]),
    ],
)
def test_what_the_quotes_prove_is_kept(text: str, quotes: Sequence[str]) -> None:
    assert judge(text, *quotes) == Verdict(None)


@pytest.mark.parametrize(
    ("text", "source", "fault"),
    [
        ("The AI budget will be raised to 9.8 trillion won in 2026.", BUDGET, Fault.FIGURE),
        ("The AI budget will be raised to 9.9 billion won in 2026.", BUDGET, Fault.FIGURE),
        ("The AI budget will be raised to 9.9 trillion dollars in 2026.", BUDGET, Fault.CURRENCY),
        ("The AI budget will be raised to 9.9 trillion won in 2027.", BUDGET, Fault.DATE),
        ("The AI budget will be cut to 9.9 trillion won in 2026.", BUDGET, Fault.DIRECTION),
        ("The AI budget will not be raised to 9.9 trillion won in 2026.", BUDGET, Fault.NEGATION),
        ("The AI budget will be raised to 3.3 trillion won in 2026.", BUDGET, Fault.ATTACHMENT),
        ("The Polish government will raise its AI budget to 9.9 trillion won in 2026.", BUDGET, Fault.NAME),
        ("Exports to Japan rose 12 percentage points.", GROWTH, Fault.PERCENT_POINT),
        ("Exports to Japan rose 5 percent.", GROWTH, Fault.ATTACHMENT),
        ("The city pays 40 million euros.", SHARES, Fault.ATTACHMENT),
        (
            "The ferry will return to Aldport if the council agrees to pay for the pier.",
            FERRY,
            Fault.STRENGTH,
        ),
        ("The ferry may return to Aldport.", FERRY, Fault.STRENGTH),
        ("The bridge will reopen in June.", MAYOR, Fault.SPEAKER),
        ("Union leader Tom Brandt said the bridge would reopen in June.", MAYOR, Fault.NAME),
        ('Union leader Tom Brandt called the offer "a great step".', QUOTED, Fault.QUOTATION),
        ("시는 2027년까지 1조 2천억 원을 들여 수소버스 300대를 도입할 계획이다.", KOREAN, Fault.FIGURE),
        ("시는 2027년까지 1조 1천억 원을 들여 수소버스 300대를 도입한다.", KOREAN, Fault.STRENGTH),
        ("부산 매출은 15% 늘었다.", KOREAN_SHARES, Fault.ATTACHMENT),
        ("부산 매출은 6% 늘었다.", KOREAN_SHARES, Fault.DIRECTION),
        ("The sculptures are made of recycled glass.", GROWTH, Fault.MEANING),
        ("Le budget passera à 9,9 billions de wons.", KOREAN, Fault.LANGUAGE),
        ("", BUDGET, Fault.EMPTY),
        (" .!? ", BUDGET, Fault.EMPTY),
    ],
)
def test_what_they_do_not_prove_is_withdrawn(text: str, source: str, fault: Fault) -> None:
    assert judge(text, source).fault is fault


def test_without_a_citation_nothing_is_kept() -> None:
    assert verify(Claim(BUDGET, ())) == Verdict(Fault.NO_CITATION)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Together the city and the operator pay 35 million euros.", SHARES),
        ("The AI budget will be raised by 6.6 trillion won in 2026.", BUDGET),
    ],
)
def test_a_figure_that_follows_from_two_cited_ones_is_kept_and_labelled(text: str, source: str) -> None:
    assert judge(text, source) == Verdict(None, derived=True)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Together the city and the operator pay 36 million euros.", SHARES),
        ("The AI budget will be cut by 6.6 trillion won in 2026.", BUDGET),
        ("The AI budget will be raised by 6.5 trillion won in 2026.", BUDGET),
    ],
)
def test_a_figure_that_does_not_follow_is_withdrawn(text: str, source: str) -> None:
    assert not judge(text, source).kept


def test_next_year_is_relative_to_the_day_of_publication() -> None:
    source = "The second line opens next year."
    assert judge("The second line opens in 2027.", source).kept
    assert judge("The second line opens in 2026.", source).fault is Fault.DATE


@pytest.mark.parametrize(
    "addition",
    [
        " See https://example.com/more.",
        " ![chart](x.png)",
        " [more](more)",
        " <b>now</b>",
        " `rm -rf`",
        "\x00",
        "\u202e",
        "\u200b",
    ],
)
def test_what_no_quote_has_of_markup_and_hidden_characters_is_withdrawn(addition: str) -> None:
    assert judge(f"Exports to Japan grew 12 percent.{addition}", GROWTH).fault is Fault.MARKUP


@pytest.mark.parametrize("digits", ["１２", "١٢"])
def test_digits_of_other_scripts_count_as_the_figures_they_are_or_not_at_all(digits: str) -> None:
    wrong = judge(f"Exports to Japan grew {digits.replace('２', '３').replace('٢', '٣')} percent.", GROWTH)
    assert not wrong.kept


def test_a_look_alike_letter_is_withdrawn() -> None:
    assert judge("Exports to J\u0430pan grew 12 percent.", GROWTH).fault is Fault.LANGUAGE


def test_a_quotation_spliced_from_two_quotes_is_withdrawn() -> None:
    parts = ('Tom Brandt called it "a first step".', 'Tom Brandt called it "towards peace".')
    assert judge('Tom Brandt called it "a first step towards peace".', *parts).fault is Fault.QUOTATION


def test_an_apostrophe_is_no_quotation_mark() -> None:
    source = "The workers' council rejected the owner's offer."
    assert judge("The owner's offer was rejected by the workers' council.", source).kept


@pytest.mark.parametrize(
    ("piece", "count"),
    [("a ", 5_000_000), ("9", 10_000_000), ('"', 3000), ("ㄱ", 2001)],
)
def test_an_endless_sentence_is_withdrawn_at_once(piece: str, count: int) -> None:
    assert judge(piece * count, GROWTH).fault is Fault.LENGTH


@pytest.mark.parametrize(
    "text",
    [
        '"',
        '"""',
        "9" * 1999,
        "1,1,1,1 " * 200,
        "from to by of 1 2 3",
        "…",
        "(((",
        "가" * 1500,
        "\u202e12%",
        "\ud800 12 percent",
        "not " * 400,
    ],
    ids=range(11),
)
def test_any_text_gets_a_verdict_and_nonsense_is_withdrawn(text: str) -> None:
    assert not judge(text, GROWTH).kept


def test_what_reads_like_nothing_in_the_quotes_is_withdrawn() -> None:
    claim = Claim("Exports to Japan grew 12 percent.", (quote(GROWTH),))

    def alike(similarity: float, proof: float) -> Support:
        spans = np.array([[0, 7], [11, 16]], np.int32)
        places = np.array([[0, 0, 7], [0, 11, 16]], np.int32)
        return Support(np.full((2, 2), similarity, np.float32), spans, places, proof)

    assert verify(claim, lambda *_: alike(0.95, 5.0)).kept
    assert verify(claim, lambda *_: alike(-1.0, -5.0)).fault is Fault.MEANING
    assert verify(claim, lambda *_: alike(0.5, 5.0)).kept
    unproven = verify(claim, lambda *_: alike(0.5, -5.0))
    assert (unproven.fault, unproven.detail) == (Fault.MEANING, "its quotes do not prove it")
