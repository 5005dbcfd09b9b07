"""Honest rewordings that show no sign against them, and what does."""

import pytest
from compared import compared

from service.answering.verification.judgement import judgement
from service.answering.verification.signs import signs
from service.answering.verifier import Comparison


def shown(text: str, source: str) -> set[str]:
    found = compared(text, source)
    assert isinstance(found, Comparison), found
    judge = judgement(supported=False)
    return set(
        signs(
            *(found.said, found.readings, found.aligned, found.sources, found.figures, None, judge.belonging)
        )
    )


@pytest.mark.parametrize(
    ("text", "source", "sign"),
    [
        ("The team did not lose a game.", "The team was unbeaten in every game.", "denied"),
        ("Citizens are told not to answer calls.", "Citizens are told to ignore calls.", "denied"),
        ("About 42 dogs are not registered.", "Of 190 dogs, 148 are registered.", "denied"),
        ("The bag must not exceed 10 kg.", "The bag may weigh no more than 10 kg.", "denied"),
        ("알은 부화하지 못했다.", "알은 굴러떨어져 부화에 실패했다.", "denied"),
        ("책에서 잘못 옮긴 곳이 73곳이다.", "책에서 옮긴 잘못이 73곳 나왔다.", "denied"),
        ("You don't have to book.", "Visitors need no appointment to book.", "obliged"),
        ("The guidance is not compulsory.", "The guidance is not binding.", "obliged"),
        ("Heaters should be unplugged.", "Heaters should be unplugged at once.", "condition"),
        ("It goes round in 31 hours.", "It goes round once every 31 hours.", "condition"),
        ("피자 상자는 종량제 봉투에 버린다.", "컵라면 용기와 피자 상자는 종량제 봉투에 버린다.", "condition"),
        ("위반한 차는 10만 원을 낸다.", "위반하면 10만 원을 낸다.", "condition"),
        ("Phones are banned at school.", "Pupils may no longer use phones at school.", "allowed"),
        ("Water always comes first.", "Water comes first in every case.", "firm"),
        ("Nothing has been decided about Hain.", "What happens to Hain is open.", "firm"),
        ("He complained that rates were low.", "He grumbled that rates were low.", "nobody"),
        ("Residents worry about their cellars.", "Residents fear for their cellars.", "raised from possible"),
    ],
)
def test_an_honest_rewording_does_not_show_it(text: str, source: str, sign: str) -> None:
    assert sign not in shown(text, source)


@pytest.mark.parametrize(
    ("text", "source", "sign"),
    [
        ("The team did not win a game.", "The team won every game.", "denied"),
        ("알은 부화하지 않았다.", "알은 4월에 부화했다.", "denied"),
        ("Visitors must book.", "Visitors can book.", "obliged"),
        ("The ferry returns to Aldport.", "The ferry returns to Aldport if the council pays.", "condition"),
        ("공사는 5월에 시작된다.", "예산이 통과되면 공사는 5월에 시작된다.", "condition"),
        ("Nobody denied it: the plan is certain.", "The plan is one of three.", "firm"),
        ("The mayor complained that rates were low.", "Rates were low in the mayor's town.", "nobody"),
        ("The city will close the pool.", "The city may close the pool.", "raised from possible"),
    ],
)
def test_another_claim_does(text: str, source: str, sign: str) -> None:
    assert sign in shown(text, source)
