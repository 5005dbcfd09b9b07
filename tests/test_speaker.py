"""Who is named as the speaker of a quote, and when nobody is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.speaker import speaker_of


@pytest.mark.parametrize(
    ("quote", "speaker"),
    [
        (
            "President Lee Jaemyung stressed that what matters most is an AI environment.",
            "President Lee Jaemyung",
        ),
        ("Minister Baek said that once Korea has built a model, it will be used.", "Minister Baek"),
        ("Baek added that the ministry still has to consult companies.", "Baek"),
        ("For now, Baek said, priority goes to university students.", "Baek"),
        ("Five consortiums are competing, according to Minister Baek.", "Minister Baek"),
        ("“Nobody should lose by it,” said the harbour master, Ines Falk.", "the harbour master, Ines Falk"),
        ("Ursula von der Leyen said the plan holds.", "Ursula von der Leyen"),
        ("Ines Falk, who runs the harbour, said that it opens in May.", "Ines Falk"),
        ("Baek told President Lee that companies will be supported.", "Baek"),
        (
            "백경훈 부총리 겸 과기정통부 장관은 내년 예산이 늘어난다고 밝혔다.",
            "백경훈 부총리 겸 과기정통부 장관",
        ),
        ("이재명 대통령은 “누구나 쉽게 배울 수 있어야 한다”고 강조했다.", "이재명 대통령"),
    ],
)
def test_a_name_beside_a_verb_of_saying_is_the_speaker(quote: str, speaker: str) -> None:
    assert speaker_of(quote) == speaker


@pytest.mark.parametrize(
    "quote",
    [
        "The government is raising its AI budget to 9.9 trillion won.",
        "He said that it opens in May.",
        "The ministry said that it opens in May.",
        "It was announced by Minister Baek in May.",
        "President Lee asked Baek whether it is so. Baek answered that it is.",
        "Falk told the council what Lindholm said.",
        "예산은 내년에 늘어난다고 밝혔다.",
        "",
    ],
)
def test_otherwise_the_speaker_is_unknown(quote: str) -> None:
    assert speaker_of(quote) is None


@given(st.text())
def test_a_speaker_is_in_the_quotes_own_words(quote: str) -> None:
    speaker = speaker_of(quote)
    assert speaker is None or speaker in " ".join(quote.split())


def test_a_long_quote_takes_no_time_that_grows_faster_than_it() -> None:
    assert speaker_of("Aa " * 20_000) is None
