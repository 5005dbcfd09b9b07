"""What says nothing without what follows it is known by its end."""

import pytest

from indexer.introduction import introduces


@pytest.mark.parametrize(
    "sentence",
    [
        "The fees:",
        "The new fees are as follows.",
        "Bring the following.",
        "The fees are shown in the table below.",
        "제출할 서류는 다음과 같다.",
        "정정 내용은 아래 표와 같습니다.",
        "시설 요금：",
    ],
)
def test_a_sentence_introduces_what_follows(sentence: str) -> None:
    assert introduces(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "The fees rise.",
        "The fees rise as follows from the law.",
        "가격은 지난해와 같다.",
        "See below, please.",
    ],
)
def test_another_sentence_does_not(sentence: str) -> None:
    assert not introduces(sentence)
