"""What cited figures come to, and which of it a claim's words and its quotes' leave to reckon."""

import pytest
from compared import compared

from service.answering.verifier import Comparison, Fault, Verdict


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The gap is eight minutes.", "The ride falls from 34 to 26 minutes."),
        (
            "Eighteen stations are planned.",
            "The first 11 stations open in May and the remaining seven in June.",
        ),
        (
            "The town pays 12 million kronor.",
            "Of 84 million kronor, the state pays 72 million, the town the rest.",
        ),
        ("It may take a year and a half.", "It takes 12 months, with a further six months if need be."),
        ("The shortfall may be 22,000.", "The shortfall is 11,000 nurses and could double."),
        (
            "On average it brings 1.2 billion naira a year.",
            "The contract is worth 3.6 billion naira over three years.",
        ),
        ("The share was 72 percent.", "It is 76 percent, four percentage points more than before."),
        ("A fifth of sales is made at home.", "Sales were 288 million, four-fifths of it abroad."),
        ("The sum is about 3,600.", "The number fell to 2,700, three quarters of last year's."),
        ("Less than a third of the gas is left.", "The gas was cut by more than 70 percent."),
        ("They went down in three of four cases.", "They went down in about 75 percent of cases."),
        ("There are more than 340,000 places.", "The 338,400 places are 2,300 fewer than before."),
        ("작년에는 34만 명을 조금 넘었다.", "모집 인원은 33만 8,400명으로 작년보다 2,300명 줄어든다."),
        ("부품 다섯 개 중 네 개가량이 국산이다.", "부품의 82%가 국산이다."),
        ("한 장에 350원이다.", "장당 350원이다."),
    ],
)
def test_what_follows_passes(text: str, source: str) -> None:
    assert isinstance(compared(text, source), Comparison)


@pytest.mark.parametrize(
    ("text", "source", "fault"),
    [
        ("The gap is nine minutes.", "The ride falls from 34 to 26 minutes.", Fault.DURATION),
        ("Five patients are ill.", "Thirty patients had two doses and three doctors had one.", Fault.FIGURE),
        ("The sum is 3,600.", "The number fell to 2,700, three quarters of last year's.", Fault.FIGURE),
        ("A fifth of them are over 69.", "One in four residents is older than 65.", Fault.FIGURE),
        ("Nearly half of it is home.", "Sales were 288 million, four-fifths of it abroad.", Fault.FIGURE),
        ("부품 다섯 개 중 세 개가량이 국산이다.", "부품의 82%가 국산이다.", Fault.FIGURE),
        ("한 장에 450원이다.", "장당 350원이다.", Fault.FIGURE),
    ],
)
def test_what_does_not_is_withdrawn(text: str, source: str, fault: Fault) -> None:
    found = compared(text, source)
    assert isinstance(found, Verdict)
    assert found.fault is fault
