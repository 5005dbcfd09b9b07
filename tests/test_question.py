import pytest

from service.answering.question import Expectation, analyse


@pytest.mark.parametrize(
    ("text", "expects"),
    [
        ("When is the quantum computer due?", Expectation.DATE),
        ("By when must the rate reach 90%?", Expectation.DATE),
        ("In which year does the lander fly?", Expectation.DATE),
        ("To how much will the AI budget grow?", Expectation.MONEY),
        ("What does a launch cost?", Expectation.MONEY),
        ("How many GPUs will be bought?", Expectation.COUNT),
        ("What percentage of homes is rented?", Expectation.PERCENT),
        ("How long will the works take?", Expectation.DURATION),
        ("How high is the barrier?", Expectation.MEASURE),
        ("Who presented the plan?", Expectation.PERSON),
        ("What are the names of the five instruments?", Expectation.PERSON),
        ("Where was the briefing held?", Expectation.PLACE),
        ("Which city hosts the fair?", Expectation.PLACE),
        ("Why was the line closed?", Expectation.REASON),
        ("What did the President ask about the companies?", Expectation.STATEMENT),
        ("Is the plant in Ashby Quay affected?", Expectation.DECISION),
        ("How are failed projects treated?", Expectation.MANNER),
        ("What is the notice about?", Expectation.SUMMARY),
        ("Summarise it.", Expectation.SUMMARY),
        ("Please sum up what was agreed.", Expectation.SUMMARY),
        ("What was announced?", Expectation.SUMMARY),
        ("Tell me about this announcement.", Expectation.SUMMARY),
        ("What does the text say?", Expectation.SUMMARY),
        ("What is Article 30 about?", Expectation.THING),
        ("Does it say when the bridge opens?", Expectation.DECISION),
        ("What will Daegyeong specialise in?", Expectation.THING),
        ("How old was he when he retired?", Expectation.MEASURE),
        ("batch numbers trout spread", Expectation.OPEN),
    ],
)
def test_kind_of_answer_in_english(text: str, expects: Expectation) -> None:
    assert analyse(text).expects is expects


@pytest.mark.parametrize(
    ("text", "expects"),
    [
        ("발사는 언제인가요?", Expectation.DATE),
        ("예산은 얼마인가요?", Expectation.MONEY),
        ("센터는 몇 곳으로 늘어나나요?", Expectation.COUNT),
        ("누가 계획을 발표했나요?", Expectation.PERSON),
        ("설명회는 어디에서 열리나요?", Expectation.PLACE),
        ("왜 연기되었나요?", Expectation.REASON),
        ("이용률은 몇 %인가요?", Expectation.PERCENT),
        ("주말에도 운영하나요?", Expectation.DECISION),
        ("어떻게 신청하나요?", Expectation.MANNER),
        ("발표 내용을 요약해 줘", Expectation.SUMMARY),
        ("이 발표에 대해 알려줘", Expectation.SUMMARY),
        ("시장은 예산에 대해 뭐라고 했나요?", Expectation.PERSON),
    ],
)
def test_kind_of_answer_in_korean(text: str, expects: Expectation) -> None:
    assert analyse(text, "ko").expects is expects


def test_focus_is_the_noun_asked_about() -> None:
    question = analyse("Which region gets AI factories?")
    assert question.focus is not None
    assert question.text[slice(*question.focus)] == "region"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("What does the announcement say about nuclear fusion?", "nuclear fusion"),
        ("What is said about the costs in this announcement?", "the costs"),
        ("Tell me more about the regional projects", "the regional projects"),
        ("Does the text mention quantum computers?", "quantum computers"),
        ("Is SpaceX mentioned?", "SpaceX"),
        ("Any news on fares?", "fares"),
        ("What about the orbiter?", "the orbiter"),
        ("핵융합에 대해 뭐라고 나와 있나요?", "핵융합"),
        ("양자컴퓨터에 대해 알려 줘", "양자컴퓨터"),
    ],
)
def test_all_that_is_said_about_a_thing_may_be_wanted(text: str, topic: str) -> None:
    question = analyse(text)
    assert question.expects is Expectation.MENTION
    assert question.focus is not None
    assert text[slice(*question.focus)] == topic


def test_capitals_throughout_name_nothing() -> None:
    assert analyse("HOW MUCH WILL HARWICK SPEND?").names == ()


def test_years_names_and_figures_are_read() -> None:
    question = analyse("How much did Korea spend on 260,000 GPUs in 2024?")
    assert question.years == (2024,)
    assert [word.text for word in question.names] == ["Korea", "GPUs"]
    assert any(figure.value == 260_000 for figure in question.quantities)


def test_a_number_with_separators_is_no_year() -> None:
    assert analyse("Why 2,024 of them and not 1,999.5?").years == ()


def test_a_capital_at_the_beginning_names_nothing() -> None:
    assert [word.text for word in analyse("Punitive fines for whom?").names] == []


def test_a_code_is_a_name() -> None:
    assert [word.text for word in analyse("is batch pm3343 affected").names] == ["pm3343"]


def test_asking_words_are_no_content() -> None:
    question = analyse("Can you tell me what the fine is, please?")
    assert [word.text for word in question.content] == ["fine"]


def test_a_plural_asks_for_a_list() -> None:
    assert analyse("Which products are being recalled?").listing
    assert analyse("What does each of the four regions specialise in?").listing
    assert analyse("How are the homes divided between the areas?").listing
    assert analyse("revenue by segment please").listing
    assert analyse("구별로 어떤 사업을 하나요?", "ko").listing
    assert not analyse("가장 큰 사업은 무엇인가요?", "ko").listing
    assert not analyse("Which product is being recalled?").listing
    assert not analyse("What happens in October?").listing
    assert not analyse("What does the region specialise in?").listing


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?",
        "\0",
        "’’’",
        "9" * 5_000,
        "wh" * 20_000,
        "몇" * 5_000,
        "\u202e왜\u202c",
        "tell me " * 2_000,
        "what is said about " * 500,
        "anything about " * 600 + "it",
        "is it " * 900,
        "에 대해 " * 1_000,
        "있나요 " * 1_000,
    ],
)
def test_any_text_is_accepted(text: str) -> None:
    assert analyse(text).text == text
    assert analyse(text, "ko").text == text


@pytest.mark.parametrize(
    ("asked", "bare"),
    [
        ("마을버스 요금이 어떻게 되나요?", "마을버스 요금"),
        ("신청 기간 좀 알려주세요.", "신청 기간"),
        ("얼마인지 궁금해요", "얼마인지"),
        ("회원가입은 어떻게 하나요?", "회원가입은 어떻게 하나요?"),
        ("준비물을 모두 알려주세요", "준비물을 모두 알려주세요"),
        ("이 발표에 대해 알려줘", "이 발표에 대해 알려줘"),
        ("알려주세요", "알려주세요"),
    ],
)
def test_a_korean_request_to_be_told_is_no_part_of_what_is_asked(asked: str, bare: str) -> None:
    assert analyse(asked, "ko").text == bare


@pytest.mark.parametrize(
    ("asked", "bare"),
    [
        ("Can you tell me where the pharmacy is moving?", "where the pharmacy is moving?"),
        ("hi, I'd like to know when it opens", "when it opens"),
        ("hello! until when is it open", "until when is it open"),
        ("hey is it open on monday", "is it open on monday"),
        ("whats the max subsidy", "what's the max subsidy"),
        ("In what year was it opened?", "In what year was it opened?"),
        ("Can you tell me about the budget?", "Can you tell me about the budget?"),
        ("Do you know whether dogs are allowed?", "Do you know whether dogs are allowed?"),
        ("Can you bring a dog?", "Can you bring a dog?"),
    ],
)
def test_an_english_request_to_be_told_is_no_part_of_what_is_asked(asked: str, bare: str) -> None:
    assert analyse(asked).text == bare


@pytest.mark.parametrize(
    "asked",
    [
        "What are the five biggest spending areas and how much for each?",
        "which areas have an orange warning",
        "who pays for it and how much each",
        "documents needed",
        "체험 프로그램 뭐뭐 있고 얼마예요?",
        "사업부별 매출 알려주세요",
    ],
)
def test_several_things_are_wanted(asked: str) -> None:
    assert analyse(asked, "ko" if asked[0] > "z" else "en").listing


@pytest.mark.parametrize(
    "asked",
    [
        "What gas is used?",
        "who pays",
        "opening hours saturday",
        "What was the largest fine?",
        "특별 공급 물량은?",
    ],
)
def test_one_thing_is_wanted(asked: str) -> None:
    assert not analyse(asked, "ko" if asked[0] > "z" else "en").listing


def test_a_quarter_is_no_name() -> None:
    assert [word.text for word in analyse("How much did Voltra earn in Q3?").names] == ["Voltra"]
