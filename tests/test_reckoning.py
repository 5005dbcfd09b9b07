"""Figures that a claim words anew, through the exact checks that they have to pass."""

import pytest
from compared import compared

from service.answering.verifier import Comparison, Fault, Verdict

SCHEME = "The scheme reached 412,000 of the 560,000 households, 58 percent more than in 2024."
VOTE = "The council voted 41 to 18 in favour, with three abstentions."
BRIDGE = "The bridge, opened in 1967, will be closed from 1 February to 31 March."
TOWNS = "Free clinics open in Aldmoor, Skerne and Pell on 23 March for 60 days."
FERRY = "The Ferris line carried 9 of 16 ferries, at $19 million for 34 licences."
LOANS = "Of 96 loans, 71 went to farms at £5.60 each, 40p above last year's charge."
SHOW = "The show runs from 6 to 15 May 2026; doors open from 11am to 4pm, except on Christmas Day."
PLAN = "The councils of Holm and Veile will each pay 15 million euros by the end of August."
MILL = "The mill, sold in 1874, burned down twelve years later."
LEVY = "It applies to two of the seven districts in the second half of 2027, and 38 of 90 shops objected."
COST = "It cost 5.4 million euros, of which 1.2 million went to the third phase."
RATES = "The rate rose from 48 to 62 percent, while wages grew by 17 percent."
SHARES = "In a normal year Tavria will receive 44 percent, Belzen 38 and Marches 18."
FIRE = "The fire is 46 percent contained, up from 31 on Tuesday."
STRIKE = "The strike was suspended at five o'clock this morning."
GRANT = "회사가 고용 약속의 8할을 못 지키면 보조금을 돌려줘야 한다."
PAGES = "시민 열에 아홉은 스물다섯 개 쪽만 찾았다."
BUDGET = "추경예산 41억 원은 도와 시·군이 4대 6으로 나눠 부담한다."
RADIO = "진행자 은수향은 서른여덟 해 동안 마이크 앞에 앉았다."
CLINICS = "월·목은 아이꿈, 수·토는 푸른가정의원이 진료를 맡는다."
FLIGHTS = "한울항공은 동계 운항 일정에 맞춰 정기편을 띄운다."
PLANT = "공장은 2027년 3월 시험 가동을 거쳐 같은 해 9월부터 생산에 들어간다."
THANKS = "소장은 의사 두 분이 이사까지 와 주셨다고 했다."


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Between them, the three will receive 100 percent.", SHARES),
        ("The contained share has gone up by 15 percentage points.", FIRE),
        ("The strike was suspended at 5 a.m.", STRIKE),
        ("고용 약속의 80%를 못 지키면 회사가 보조금을 돌려줘야 한다.", GRANT),
        ("시민 90%는 스물다섯 개 쪽만 찾았다.", PAGES),
        ("추경예산 41억 원은 도가 40%를 부담한다.", BUDGET),
        ("진행자 은수향은 38년 동안 마이크 앞에 앉았다.", RADIO),
        ("토요일은 푸른가정의원이 진료를 맡는다.", CLINICS),
        ("한울항공은 겨울에 정기편을 띄운다.", FLIGHTS),
        ("공장은 2027년 9월부터 생산에 들어간다.", PLANT),
        ("의사 두 명이 이사까지 와 주었다고 소장이 말했다.", THANKS),
    ],
)
def test_another_writing_of_a_figure_passes(text: str, source: str) -> None:
    found = compared(text, source)
    assert isinstance(found, Comparison), found


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
        ("Over 70 loans went to farms.", LOANS),
        ("Nearly three quarters of the loans went to farms.", LOANS),
        ("25 loans did not go to farms.", LOANS),
        ("Last year a loan cost £5.20.", LOANS),
        ("The show runs for ten days.", SHOW),
        ("Doors open for five hours.", SHOW),
        ("Together the councils will pay 30 million euros.", PLAN),
        ("The mill burned down in 1886.", MILL),
        ("The mill was sold in the nineteenth century.", MILL),
        ("Five of the seven districts are spared.", LEVY),
        ("Some 42 percent of the shops objected.", LEVY),
        ("The rate is nearly four times as high as the growth of wages.", RATES),
    ],
)
def test_what_the_cited_figures_come_to_passes_and_is_called_derived(text: str, source: str) -> None:
    found = compared(text, source)
    assert isinstance(found, Comparison), found
    assert found.figures.computed


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
        ("Over 60 loans went to farms.", LOANS, Fault.FIGURE),
        ("About 79 loans went to farms.", LOANS, Fault.FIGURE),
        ("35 loans did not go to farms.", LOANS, Fault.FIGURE),
        ("The show runs for twelve days.", SHOW, Fault.DURATION),
        ("Doors open for six hours.", SHOW, Fault.DURATION),
        ("The councils will pay 30 million euros.", PLAN, Fault.FIGURE),
        ("The councils have to pay before October 2026.", PLAN, Fault.DATE),
        ("The councils have to pay by the start of August.", PLAN, Fault.DATE),
        ("The mill burned down in 1889.", MILL, Fault.DATE),
        ("The mill was sold in the eighteenth century.", MILL, Fault.ORDINAL),
        ("It does not apply before June 2027.", LEVY, Fault.DATE),
        ("Four of the seven districts are spared.", LEVY, Fault.FIGURE),
        ("Some 52 percent of the shops objected.", LEVY, Fault.FIGURE),
        ("The third phase cost $1.2 million.", COST, Fault.UNIT),
        ("Between them, the three will receive 90 percent.", SHARES, Fault.FIGURE),
        ("The contained share has gone up by 25 percentage points.", FIRE, Fault.FIGURE),
        ("The strike was suspended at 5 p.m.", STRIKE, Fault.DATE),
        ("고용 약속의 70%를 못 지키면 회사가 보조금을 돌려줘야 한다.", GRANT, Fault.FIGURE),
        ("시민 80%는 스물다섯 개 쪽만 찾았다.", PAGES, Fault.FIGURE),
        ("추경예산 41억 원은 도가 55%를 부담한다.", BUDGET, Fault.FIGURE),
        ("진행자 은수향은 28년 동안 마이크 앞에 앉았다.", RADIO, Fault.DURATION),
        ("금요일은 푸른가정의원이 진료를 맡는다.", CLINICS, Fault.DATE),
        ("한울항공은 여름에 정기편을 띄운다.", FLIGHTS, Fault.DATE),
        ("공장은 2027년 5월부터 생산에 들어간다.", PLANT, Fault.DATE),
    ],
)
def test_what_they_do_not_come_to_is_withdrawn(text: str, source: str, fault: Fault) -> None:
    found = compared(text, source)
    assert isinstance(found, Verdict)
    assert found.fault is fault


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("No one can come in on 25 December.", SHOW),
        ("It took a year and a half.", "It took 18 months."),
        ("The budget is passed in May.", "The subsidy is part of the May budget."),
        ("Buses run from Monday to Friday.", "Buses run on weekdays."),
        ("Buses leave at half past four.", "Buses leave at 4.30 a.m."),
        ("The councils have to pay before September 2026.", PLAN),
        ("It does not apply before July 2027.", LEVY),
        ("The third phase cost €1.2 million.", COST),
        ("One shop objected.", "A shop objected."),
        ("At first the shop objected.", "The shop objected initially."),
    ],
)
def test_another_writing_of_the_same_passes_and_is_not_called_derived(text: str, source: str) -> None:
    found = compared(text, source)
    assert isinstance(found, Comparison)
    assert not found.figures.computed


@pytest.mark.parametrize(
    ("text", "source", "fault"),
    [
        ("The pool opens in the spring.", "The pool opens in the autumn.", Fault.DATE),
        ("The pool opens next winter.", "The pool opens in July 2026.", Fault.DATE),
        ("The pool opens by the start of 2028.", "The pool opens by the end of 2028.", Fault.DATE),
        ("The pool opens in early May.", "The pool opens on 28 May.", Fault.DATE),
        ("One shop objected.", "Two shops objected.", Fault.FIGURE),
        ("The pool opens on 22 August.", "The pool opens on 14 March.", Fault.DATE),
        ("수영장은 가을에 문을 연다.", "수영장은 봄에 문을 연다.", Fault.DATE),
    ],
)
def test_another_season_part_or_count_is_withdrawn(text: str, source: str, fault: Fault) -> None:
    found = compared(text, source)
    assert isinstance(found, Verdict)
    assert found.fault is fault


def test_many_figures_take_little_time() -> None:
    source = "It has " + ", ".join(f"{number} seats in {1900 + number}" for number in range(3, 43)) + "."
    found = compared("About 7,777 seats are left of nearly 9,999 in 2,345 days.", source)
    assert isinstance(found, Verdict)
