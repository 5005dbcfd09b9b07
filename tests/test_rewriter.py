"""Follow-ups take what they lack from the turn before; what stands on its own is left alone."""

import pytest

from service.answering.follow_up.exchange import Exchange
from service.answering.rewriter import Courtesy, courtesy, rewrite

BUDGET = "How large will the AI budget be?"


@pytest.mark.parametrize(
    ("before", "message", "standalone"),
    [
        (BUDGET, "And by 2030?", "How large will the AI budget be by 2030?"),
        ("How big is the fund in 2026?", "in 2023?", "How big is the fund in 2023?"),
        ("What is the regional R&D budget in 2030?", "What was it in 2026?", "What was the regional R&D budget in 2026?"),
        (BUDGET, "What is its share?", "What is the AI budget's share?"),
        ("How often is the grey bin emptied?", "and the blue one?", "How often is the blue bin emptied?"),
        (
            "What does a monthly pass for adults cost?",
            "And a yearly one?",
            "What does a yearly pass for adults cost?",
        ),
        ("are schools shut on friday", "and ferries?", "are ferries shut on friday?"),
        ("Is the bridge closed?", "And the tunnel?", "Is the tunnel closed?"),
        ("how much can pensioners get for a pump", "what about landlords?", "how much can landlords get for a pump?"),
        ("how much revenue did the firm make in Q3?", "and profit?", "how much profit did the firm make in Q3?"),
        (
            "what was the revenue of the medical division?",
            "and the industrial division?",
            "what was the revenue of the industrial division?",
        ),
        ("Is parking free on Sunday?", "And on Saturday?", "Is parking free on Saturday?"),
        ("the old scheme, how long did it run", "why was it ended", "why was the old scheme ended"),
        ("불꽃놀이는 언제 해요", "누가 반대했어요?", "불꽃놀이 누가 반대했어요?"),
        ("where is the wrecked exhibition", "how long is it on", "how long is the wrecked exhibition on"),
        ("what dividend do i get per share", "when is it paid", "when is the dividend paid"),
        ("is the bus free", "when does it run", "when does the bus run"),
        ("which division shrank", "why", "Why the division shrank?"),
        (
            "how much more than planned did the library cost",
            "why?",
            "Why did the library cost more than planned?",
        ),
        ("How many jobs will the plant create?", "When?", "When will the plant create jobs?"),
        ("What does a day pass cost?", "Why?", "Why does a day pass cost?"),
        ("when is the line closed", "what runs instead", "what runs instead of the line?"),
        ("방과후 언제 시작해요", "언제 끝나요?", "방과후 언제 끝나요?"),
        ("수돗물 언제 나와요?", "왜 끊긴 거예요", "수돗물 왜 끊긴 거예요"),
        ("N7번 배차 간격 몇 분이에요", "그럼 N3번은?", "N3번 배차 간격 몇 분이에요"),
        ("작년 경쟁률은 얼마였나요?", "재작년은?", "재작년 경쟁률은 얼마였나요?"),
        ("비행기 언제부터 뜨나요", "배는요?", "배 언제부터 뜨나요"),
        ("비추미 가격은 얼마예요", "출시일은요", "비추미 출시일?"),
        ("What will Daegyeong specialise in?", "And the Southeast?", "What will the Southeast specialise in?"),
        ("How much is admission for adults?", "What about children?", "How much is admission for children?"),
        ("What did the president say?", "What did he ask?", "What did the president ask?"),
        ("What is the fine?", "Who has to pay it?", "Who has to pay the fine?"),
        ("When did the new line open?", "How long is it?", "How long is the new line?"),
        ("Tell me about the National AI Competition.", "When is it?", "When is the National AI Competition?"),
        ("Could you please explain the new fares to us?", "When do they start?", "When do the new fares start?"),
        ("Give me an overview of the housing scheme", "Who pays for it?", "Who pays for the housing scheme?"),
        ("What do you know about the ferry?", "Is it new?", "Is the ferry new?"),
        ("How much will the arena in Port Melby cost?", "When does it open?", "When does the arena in Port Melby open?"),
        ("When does the arena at Melby open?", "What does it cost?", "What does the arena at Melby cost?"),
        ("When will the arena in Melby hold a match?", "Who pays for it?", "Who pays for the arena in Melby?"),
        ("How much did the fare in May rise?", "Who pays it?", "Who pays the fare?"),
        ("How much will the arena in Melby cost?", "And how many jobs are expected?", "How many jobs are expected for the arena in Melby?"),
        ("How much will the arena in Melby cost?", "And who pays?", "Who pays for the arena in Melby?"),
        ("How much will the arena in Melby cost?", "What about Norham?", "How much will the arena in Norham cost?"),
        ("How much will the arena in Melby cost?", "What about the pool at Norham?", "How much will the pool at Norham cost?"),
        ("How many jobs are expected for the arena in Melby?", "What about the pool in Norham?", "How many jobs are expected for the pool in Norham?"),
        ("How much will the arena in Melby cost?", "Please summarise it", "Please summarise the arena in Melby"),
        ("When does the pool open (Pool for Melby)?", "And how many jobs are expected?", "And how many jobs are expected (Pool for Melby)?"),
        ("When does the pool open (Pool for Melby)?", "What does it cost?", "What does the pool cost (Pool for Melby)?"),
        ("And who pays (Pool for Melby)?", "What does it cost?", "What does it cost (Pool for Melby)?"),
        ("When does the pool open (Pool for Melby)?", "What about Norham?", "When does the pool open, Norham?"),
        ("비용은 얼마인가요 (멜비시 수영장 건립)?", "언제요?", "비용 언제요 (멜비시 수영장 건립)?"),
        ("What is the lunar plan?", "How old is it?", "How old is the lunar plan?"),
        ("Summarise the plans for space", "What do they cost?", "What do the plans for space cost?"),
        ("What does the council plan to build?", "Where is it?", "Where is the council?"),
        ("Who presented the plan?", "When?", "When presented the plan?"),
        ("How much goes into K-Moonshot?", "Who gets it?", "Who gets K-Moonshot?"),
        ("What caused the outage?", "How long did it last?", "How long did the outage last?"),
        ("What happens to failed projects?", "Who decides on them?", "Who decides on failed projects?"),
        ("Which region gets AI factories?", "When will they open?", "When will AI factories open?"),
        ("Which products are recalled?", "Where were they sold?", "Where were the products sold?"),
        ("Which of the roads close?", "Until when are they closed?", "Until when are the roads closed?"),
        ("How many people work at the plant?", "Where is it?", "Where is the plant?"),
        ("How much more will the dockers earn?", "When do they get it?", "When do the dockers get it?"),
        ("How many jobs does the Edenby Museum expect in Delby?", "When will it open?", "When will the Edenby Museum open?"),
        ("Who won the contract for the tram line?", "When does it open?", "When does the contract for the tram line open?"),
        ("What is the population of Daegyeong?", "And its budget?", "What is Daegyeong's budget?"),
        ("When does building begin?", "And in Hexley?", "When does building begin in Hexley?"),
        ("How much fuel is left?", "How long will it last?", "How long will the fuel last?"),
        ("Can I visit the control centre?", "When?", "When can I visit the control centre?"),
        ("Can I visit the control centre?", "What does it cost?", "What does the control centre cost?"),
        ("무료 접종 대상은 누구예요?", "비용은 얼마예요?", "무료 접종 비용은 얼마예요?"),
        ("언제부터 접종해?", "어디서 맞아?", "접종 어디서 맞아?"),
        ("Who built the tower?", "When did she finish it?", "When did she finish the tower?"),
        ("2030년 예산은 얼마인가요?", "2026년은?", "2026년 예산은 얼마인가요?"),
        ("예방접종은 언제 시작하나요?", "비용은요?", "예방접종 비용은?"),
        ("청년 창업 지원은 몇 팀을 뽑나요?", "나이 제한은?", "청년 창업 지원 나이 제한은?"),
        ("숲길 야영장은 언제 여나요?", "쉬는 날은?", "숲길 야영장 쉬는 날은?"),
        ("예방접종은 언제 시작하나요?", "어디서 맞을 수 있어요?", "예방접종 어디서 맞을 수 있어요?"),
        ("지원금은 얼마예요?", "신청은 어떻게 해요?", "지원금 신청은 어떻게 해요?"),
        ("남울도에서는 환자가 몇 명 나왔나요?", "가람도는?", "가람도에서는 환자가 몇 명 나왔나요?"),
        ("전기차용 매출은 얼마예요?", "ESS는?", "ESS 매출은 얼마예요?"),
        ("올해 환자는 몇 명이야?", "사망자는?", "올해 사망자는 몇 명이야?"),
        ("어린이 보호구역은 어디야?", "언제 지정됐어?", "어린이 보호구역 언제 지정됐어?"),
        ("대구는 얼마를 받나요?", "부산은요?", "부산은 얼마를 받나요?"),
        ("국가AI경진대회는 어디서 열리나요?", "언제야?", "국가AI경진대회 언제야?"),
    ],
)  # fmt: skip
def test_resolves_follow_ups(before: str, message: str, standalone: str) -> None:
    rewritten = rewrite(message, [Exchange(before)])
    assert rewritten.text == standalone
    assert rewritten.follow_up


@pytest.mark.parametrize(
    "message",
    [
        "What does Jeonbuk get?",
        "Which year is the orbiter?",
        "How many graphics processing units will be secured?",
        "Is there a budget for roads?",
        "Is it true that SpaceX helps?",
        "What is planned this year?",
        "What did the minister say about his plans?",
        "When does the museum open and what does it cost?",
        "전북은 어떤 분야를 맡나요?",
        "시장은 누구인가요?",
    ],
)
def test_leaves_what_stands_on_its_own(message: str) -> None:
    rewritten = rewrite(message, [Exchange(BUDGET)])
    assert rewritten.text == message
    assert not rewritten.follow_up


def test_a_full_question_after_and_carries_nothing_over() -> None:
    rewritten = rewrite("And how many GPUs will be secured?", [Exchange(BUDGET)])
    assert "budget" not in rewritten.text


def test_the_first_message_is_never_rewritten() -> None:
    assert rewrite("And by 2030?", []).text == "And by 2030?"


def test_he_is_who_the_answer_named() -> None:
    before = Exchange("Who presented the plan?", named="Minister Baek")
    assert rewrite("What did he say about companies?", [before]).text == (
        "What did Minister Baek say about companies?"
    )


def test_they_are_who_the_answer_named_and_it_is_what_the_question_did() -> None:
    before = Exchange("Who pays for the bridge?", named="the province")
    assert (
        rewrite("When will they pay for it?", [before]).text == "When will the province pay for the bridge?"
    )


def test_after_a_question_for_somebody_nothing_is_carried_over_in_korean() -> None:
    before = Exchange("시장은 누구인가요?")
    assert rewrite("신청은 어떻게 해요?", [before]).text == "신청은 어떻게 해요?"


def test_only_the_latest_turn_is_leaned_on() -> None:
    history = [Exchange("What is the fine?"), Exchange(BUDGET)]
    assert rewrite("And by 2030?", history).text == "How large will the AI budget be by 2030?"


@pytest.mark.parametrize(
    "hostile",
    [
        "?",
        "…",
        "and",
        "it " * 600,
        "tell me " * 400,
        "can you please " * 400 + "tell me more" + " about" * 400,
        "(((((",
        "\\1 \\g<0> it",
        "it\u202e",
        "그건",
        "Why" * 400,
        "𝕚𝕥 it 👩‍👩‍👧",
        "\n\tit\r\n",
        "and it (" * 600 + ")?",
        "What about the " + "a " * 900 + "in A?",
        "in A" * 900,
    ],
)
def test_hostile_messages_stay_text(hostile: str) -> None:
    for before in (
        BUDGET,
        "?",
        "그건 왜?",
        "[0-9]+(",
        "",
        "How much (" * 300 + "a)?",
        "the " * 900 + "in A (a)?",
    ):
        assert isinstance(rewrite(hostile, [Exchange(before)]).text, str)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("hi", Courtesy.GREETING),
        ("Hello there!", Courtesy.GREETING),
        ("안녕하세요", Courtesy.GREETING),
        ("thanks a lot", Courtesy.THANKS),
        ("Thank you so much!", Courtesy.THANKS),
        ("감사합니다!", Courtesy.THANKS),
        ("bye", Courtesy.FAREWELL),
        ("hi, how big is the budget?", None),
        ("thanks, and the budget?", None),
        ("history of the port", None),
        ("", None),
    ],
)
def test_courtesies_are_not_searched_for(message: str, kind: Courtesy | None) -> None:
    assert courtesy(message) is kind


@pytest.mark.parametrize(
    ("listed", "message", "standalone"),
    [
        (
            ("Masks, with Ana, £12", "Drums, with Jabu, £14"),
            "who teaches the second one?",
            "who teaches Drums?",
        ),
        (("Wind | 164.0", "Rail | 92.3"), "and the profit of the last one?", "and the profit of Rail?"),
        (
            ("Sunday 10 am | Book market", "Sunday 2 pm | Parade"),
            "where is the first one",
            "where is Book market",
        ),
        (
            ("10월 1일: 라인 증설", "12월 3일: 공장 착공, 3,600억 원"),
            "두 번째 거는 얼마야?",
            "공장 착공 얼마야?",
        ),
    ],
)
def test_one_of_what_was_listed_is_meant_by_its_place(
    listed: tuple[str, ...], message: str, standalone: str
) -> None:
    assert rewrite(message, [Exchange("which are there", listed=listed)]).text == standalone


def test_a_place_that_nothing_was_listed_at_stands_for_nothing() -> None:
    assert (
        rewrite("who teaches the third one?", [Exchange("which", listed=("A", "B"))]).text != "who teaches ?"
    )


def test_a_day_is_nothing_that_it_stands_for() -> None:
    assert "2019" not in rewrite("why was it ended?", [Exchange("when?", "from 2019 to 2024")]).text
