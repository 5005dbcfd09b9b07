"""What reads as a figure or a date, what does not, and which writings are one and the same."""

import time
from datetime import date
from fractions import Fraction

import pytest

from service.quantity import Bound, Calendar, Kind, Quantity, quantities

PUBLISHED = date(2025, 12, 12)


def one(text: str) -> Quantity:
    found = quantities(text, PUBLISHED)
    assert len(found) == 1, [quantity.text for quantity in found]
    return found[0]


def texts(text: str) -> list[str]:
    return [quantity.text for quantity in quantities(text, PUBLISHED)]


@pytest.mark.parametrize(
    "writings",
    [
        [
            "1.1 trillion won",
            "1,100 billion won",
            "KRW 1.1 trillion",
            "₩1.1tn",
            "1조 1천억 원",
            "1조1000억원",
            "1조1,000억 원",
        ],
        ["260,000", "26만", "two hundred and sixty thousand", "２６만", "٢٦٠٠٠٠"],
        ["$2,500", "2,500 dollars", "US$2.5k", "USD 2500", "2500달러", "two thousand five hundred dollars"],
        ["35,000,000", "3천 5백만", "35 million", "3500만"],
        ["1,000 won", "천 원", "₩1,000", "one thousand won"],
        ["24", "two dozen", "twenty-four"],
        ["500,000", "half a million", "50만"],
        ["1.5 million", "one and a half million", "1½ million", "150만"],
        ["3%", "3 percent", "3 per cent", "３％", "3퍼센트", "three percent"],
        [
            "3.2%p",
            "3.2 percentage points",
            "3.2%포인트",
            "3.2퍼센트포인트",
            "320 basis points",
            "3.2-percentage-point",
        ],
        ["80%", "8할"],
        ["half", "one half", "50%", "절반", "2분의 1", "½"],
        ["a third of", "one-third", "3분의 1", "1/3 of"],
        ["doubled", "twofold", "twice", "2배", "두 배", "two times", "2x"],
        ["3-5 years", "3 to 5 years", "between 3 and 5 years", "3–5 years", "3~5년", "three to five years"],
        ["three years", "36 months", "3-year", "3년간", "3개년"],
        ["24 hours", "one day", "24시간", "24-hour"],
        [
            "March 12, 2026",
            "12 March 2026",
            "2026-03-12",
            "2026년 3월 12일",
            "2026. 3. 12.",
            "Mar. 12, 2026",
            "2026.3.12",
        ],
        ["Q3 2026", "third quarter of 2026", "2026년 3분기", "2026 Q3"],
        ["next year", "내년", "2026", "2026년", "FY2026", "fiscal 2026"],
        ["this year", "올해", "2025", "금년"],
        ["next March", "next March"],
        ["first half of 2026", "2026년 상반기", "H1 2026", "first half of next year"],
        ["the fourth", "4th", "제4차", "네 번째", "4번째"],
        ["3:30 p.m.", "15:30", "오후 3시 30분", "오후 3시 반"],
        ["100 MW", "0.1 GW", "100 megawatts", "100메가와트", "100MW"],
        ["2 tonnes", "2,000 kg", "2톤", "2,000 kilograms"],
    ],
    ids=lambda writings: writings[0],
)
def test_writings_of_one_quantity_are_equal(writings: list[str]) -> None:
    assert {one(writing) for writing in writings} == {one(writings[0])}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("3%", "3%p"),
        ("3 percent", "3 percentage points"),
        ("1.1 trillion won", "1.1 trillion dollars"),
        ("1.1 trillion won", "1.1 billion won"),
        ("1조 원", "1억 원"),
        ("3 years", "3 months"),
        ("30 minutes", "30 days"),
        ("12 March", "12 May"),
        ("2026", "2027"),
        ("Q3 2026", "Q4 2026"),
        ("상반기", "하반기"),
        ("100 MW", "100 GW"),
        ("3-5 years", "3-6 years"),
        ("doubled", "tripled"),
        ("the third", "3"),
        ("€5m", "$5m"),
        ("thousands of jobs", "1,000 jobs"),
    ],
)
def test_different_quantities_differ(left: str, right: str) -> None:
    assert quantities(left)[0] != quantities(right)[0]


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19",
        "the G20 summit",
        "a K-9 unit",
        "Section 4(b)",
        "Article 12",
        "제12조",
        "version 2.1",
        "1.2.3",
        "192.168.0.1",
        "010-1234-5678",
        "+82 2-1234-5678",
        "02-123-4567",
        "5G networks",
        "H200",
        "3D",
        "4K",
        "24/7",
        "No one came",
        "every one",
        "First, we begin",
        "it may rise",
        "march on",
        "세금",
        "천안",
        "구조대",
        "한국",
        "이천시",
        "9" * 5000 + " won",
        "KF-21",
        "MP3",
        "#12",
        "double-digit growth",
        "네이버",
        "열차",
        "수도",
        "올림픽",
        "한도를 넘으면",
    ],
)
def test_what_only_looks_like_a_figure_is_left_out(text: str) -> None:
    assert texts(text) == []


def test_offsets_point_into_the_original_text_whatever_its_script() -> None:
    text = "예산은 ３천 ５백만 원, that is ₩35 million\u00a0won… ½ of it by\u200b 2030"
    found = quantities(text)
    assert all(text[quantity.start : quantity.end] == quantity.text for quantity in found)
    assert [quantity.text for quantity in found] == ["３천 ５백만 원", "₩35 million\u00a0won", "½", "2030"]


def test_decomposed_hangul_reads_like_composed() -> None:
    import unicodedata

    text = unicodedata.normalize("NFD", "1조 1천억 원")
    found = quantities(text)
    assert found == quantities("1.1 trillion won")
    assert found[0].text == text


def test_both_ends_of_a_rise_are_read_and_the_unit_reaches_the_first() -> None:
    low, high = quantities("increase from 3 to 5 percent")
    assert (low.kind, low.value, high.value) == (Kind.PERCENT, 3, 5)
    won = quantities("from 160 billion won in 2026 to 1.1 trillion won by 2030")
    assert [quantity.text for quantity in won] == ["160 billion won", "2026", "1.1 trillion won", "2030"]


def test_date_ranges_give_both_ends() -> None:
    assert [quantity.date for quantity in quantities("12-15 March")] == [
        Calendar(month=3, day=12),
        Calendar(month=3, day=15),
    ]
    assert [q.date.year for q in quantities("2026-2028") if q.date] == [2026, 2028]
    assert [q.date.month for q in quantities("3~5월") if q.date] == [3, 5]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("about 300 people", Bound.ABOUT),
        ("약 300명", Bound.ABOUT),
        ("300여 명", Bound.ABOUT),
        ("at least 300 people", Bound.AT_LEAST),
        ("300명 이상", Bound.AT_LEAST),
        ("3일 전까지", Bound.AT_LEAST),
        ("up to 300 people", Bound.AT_MOST),
        ("최대 300명", Bound.AT_MOST),
        ("by 2030", Bound.AT_MOST),
        ("2030년까지", Bound.AT_MOST),
        ("since 2030", Bound.AT_LEAST),
        ("in 2030", Bound.EXACT),
        ("300 people", Bound.EXACT),
    ],
)
def test_bounds(text: str, bound: Bound) -> None:
    assert one(text).bound is bound
    assert one(text).approximate == (bound is Bound.ABOUT)


def test_relative_dates_need_the_day_of_publication() -> None:
    (undated,) = quantities("next year")
    assert undated.date == Calendar(relative="year+1")
    (resolved,) = quantities("next month", date(2025, 12, 12))
    assert resolved.date == Calendar(year=2026, month=1)
    (day,) = quantities("내일", date(2025, 12, 31))
    assert day.date == Calendar(2026, 1, 1)


def test_parts_of_a_year_and_rates_are_kept() -> None:
    assert [quantity.part for quantity in quantities("early 2026, 올해 말, the end of 2027")] == [
        "early",
        "end",
        "end",
    ]
    assert one("$2,500 per kilogram").per == "kilogram"


def test_values_are_exact() -> None:
    assert one("0.1%").value == Fraction(1, 10)
    assert one("-3.2%").value == Fraction(-16, 5)


@pytest.mark.parametrize(
    "text",
    [
        "1," * 5_000,
        "1" * 100_000,
        "two " * 5_000,
        "3월 " * 3_000,
        "일이삼" * 5_000,
        "1-" * 5_000,
        "from 1 to " * 2_000,
        "half a " * 3_000,
        " " * 100_000 + "1",
        "1조 " * 3_000,
        "'" * 50_000,
        "1. " * 5_000,
        "A1-" * 10_000,
    ],
    ids=lambda text: repr(text[:9]),
)
def test_time_is_linear_on_hostile_text(text: str) -> None:
    assert _fastest(text) < 10 * _fastest(text[: len(text) // 4]) + 0.25


def _fastest(text: str) -> float:
    """The least processor time of three readings, in s: one alone may pay for the collection of the whole suite's
    objects."""
    times = []
    for _ in range(3):
        begin = time.thread_time()
        quantities(text)
        times.append(time.thread_time() - begin)
    return min(times)


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "½", "-", "₩", "1", "'26년", "…", "٣", "1\u0301"])
def test_odd_texts_are_accepted(text: str) -> None:
    assert all(text[quantity.start : quantity.end] == quantity.text for quantity in quantities(text))


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("A five-year licence", 60, Bound.EXACT),
        ("up to half a percentage point", Fraction(1, 2), Bound.AT_MOST),
        ("bookings older than three years", 36, Bound.AT_LEAST),
        ("patients younger than 16", 16, Bound.AT_MOST),
        ("children under the age of six", 6, Bound.AT_MOST),
        ("as high as 11 percent", 11, Bound.AT_MOST),
    ],
)
def test_an_article_counts_nothing_and_comparatives_bound(text: str, value: Fraction, bound: Bound) -> None:
    (found,) = quantities(text)
    assert (found.value, found.bound) == (value, bound)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("캠핑 5일 전에 취소하면", Kind.DURATION),
        ("행사 7일 전, 문을 닫는다", Kind.DURATION),
        ("5월 3일 전에 신청한다", Kind.DATE),
        ("3일 전시회를 연다", Kind.DATE),
    ],
)
def test_so_many_days_before_are_no_day_of_the_month(text: str, kind: Kind) -> None:
    assert one(text).kind is kind
