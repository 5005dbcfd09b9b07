"""What is asked: an index in this process, a Herald at a URL, and whatever speaks OpenAI's completions."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from eval.case import Case, Expectation
from eval.errors import TargetFailed
from eval.response import Response, Status
from eval.score import score
from eval.targets import completion
from eval.targets.completion import CompletionTarget, Prices
from eval.targets.opening import open_index, open_service, open_sources
from eval.targets.target import Target
from prompts.prompt import parse
from service.settings import Settings

ROOT = Path(__file__).parent
QUAY = "The rebuilding of the east quay cost 184.5 million crowns."
CASES = [
    Case("cost", Expectation(any_of=("184.5 million",)), "What did the rebuilding of the east quay cost?",
         source="quay-2031", sentences=(QUAY,)),
    Case("next", Expectation(any_of=("9 to 12 June",)), source="quay-2031",
         turns=("What did the rebuilding of the east quay cost?", "And when does the Lindholm bridge close?")),
    Case("none", Expectation(refusal=True), "What is the capital of Mongolia?", source="quay-2031"),
]  # fmt: skip


@pytest.fixture(scope="module", params=["index", "url", "completions"])
def herald(request: pytest.FixtureRequest, announcements_folder: Path) -> Iterator[Target]:
    if request.param == "index":
        with open_index(Settings(index=announcements_folder)) as target:
            yield target
        return
    address = request.getfixturevalue("address")
    if request.param == "url":
        with open_service(address, None) as target:
            yield target
        return
    with closing(CompletionTarget(f"{address}/v1", "herald")) as target:
        yield target


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_herald_is_graded_alike_wherever_it_is_asked(herald: Target, case: Case) -> None:
    response = herald.ask(case)
    found = score(case, response)
    assert found.verdict.passed, (found.verdict.reasons, response.text)
    if case.answerable:
        assert found.parts["citation_exactness"] == (1.0, 1.0)
        assert found.parts["faithfulness"] == (1.0, 1.0)
        assert response.citations[0].title
        assert response.confidence is not None


def test_herald_says_what_is_under_test(herald: Target) -> None:
    told = json.loads(json.dumps(herald.description()))
    assert told["where"]
    assert told == herald.description()


def test_retrieval_is_asked_where_the_sentences_are_known(announcements_folder: Path) -> None:
    with open_index(Settings(index=announcements_folder)) as target:
        response = target.ask(CASES[0])
        assert response.passages is not None
        assert QUAY in " ".join(response.passages)
        assert score(CASES[0], response).parts["R@5"] == (1.0, 1.0)
        assert target.ask(CASES[2]).passages is None


def test_each_announcement_alone_answers_for_its_own_cases_only(tmp_path: Path) -> None:
    paths = [ROOT / "announcements" / "quay.md", ROOT / "announcements" / "bridge.txt"]
    bridge = Case(
        "b", Expectation(any_of=("9 to 12 June",)), "When does the Lindholm bridge close?", source="bridge"
    )
    with open_sources(paths, Settings(), alone=True, threads=1) as target:
        assert score(bridge, target.ask(bridge)).verdict.passed
        assert {c.source_id for c in target.ask(CASES[0]).citations} == {"quay-2031"}
        assert set(target.description()["alone"]) == {"quay-2031", "bridge"}
        with pytest.raises(TargetFailed, match="no source 'harbour'"):
            target.ask(Case("h", Expectation(refusal=True), "?", source="harbour"))
    with (
        pytest.raises(TargetFailed, match="no announcement"),
        open_sources([tmp_path], Settings(), alone=True, threads=1),
    ):
        pass


def test_a_service_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with open_service("http://127.0.0.1:1", None) as target:
        with pytest.raises(TargetFailed, match=r"127\.0\.0\.1:1"):
            target.ask(CASES[0])
        with pytest.raises(TargetFailed):
            target.description()


Reply = Callable[[httpx.Request], httpx.Response]


def rival(reply: Reply, **options: object) -> CompletionTarget:
    return CompletionTarget("http://rival/v1", "m", transport=httpx.MockTransport(reply), **options)


def said(text: str | None) -> Reply:
    usage = {"prompt_tokens": 1000, "completion_tokens": 20}
    message = {"choices": [{"message": {"content": text}}], "usage": usage, "model": "m-1"}
    return lambda _: httpx.Response(200, json=message)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("It cost 184.5 million crowns.", Status.ANSWERED),
        ("NOT STATED", Status.REFUSED),
        ("The announcement does not mention that.", Status.REFUSED),
        ("해당 내용은 나와 있지 않습니다.", Status.REFUSED),
        ("", Status.REFUSED),
        (None, Status.REFUSED),
    ],
)
def test_a_rival_refuses_by_its_words(text: str | None, status: Status) -> None:
    response = rival(said(text), prices=Prices(2.0, 10.0)).ask(CASES[0])
    assert response.status is status
    assert (response.tokens_in, response.tokens_out, response.model) == (1000, 20, "m-1")
    assert response.cost == pytest.approx(0.0022)
    assert not response.cites


def test_facts_are_looked_for_in_the_words_of_a_rival_that_quotes_nothing() -> None:
    found = score(CASES[0], rival(said("It cost 184.5 million crowns.")).ask(CASES[0]))
    assert found.verdict.passed
    assert "citation_exactness" not in found.parts
    assert "faithfulness" not in found.parts


def test_a_rival_is_told_the_announcement_and_the_conversation() -> None:
    seen: list[list[dict[str, str]]] = []

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(json.loads(request.content)["messages"])
        return said("It cost much.")(request)

    prompt = parse("mine", "Answer.\n---\n{announcements}\nAsked: {question}")
    sources = {"quay-2031": "The quay.", "other": "The other."}
    rival(reply, prompt=prompt, sources=sources).ask(CASES[1])
    assert [m["role"] for m in seen[-1]] == ["system", "user", "assistant", "user"]
    assert seen[-1][1]["content"] == "The quay.\nAsked: What did the rebuilding of the east quay cost?"
    assert seen[-1][3]["content"] == "And when does the Lindholm bridge close?"


def test_a_busy_rival_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "PAUSES", (0.0, 0.0))
    replies = iter([httpx.Response(429), httpx.Response(503), said("4 crowns")(httpx.Request("POST", "/"))])
    response = rival(lambda _: next(replies)).ask(CASES[0])
    assert response == Response(
        Status.ANSWERED, "4 crowns", response.seconds, tokens_in=1000, tokens_out=20, model="m-1"
    )
    with pytest.raises(TargetFailed, match="503"):
        rival(lambda _: httpx.Response(503)).ask(CASES[0])


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (httpx.Response(401, text="no such key"), "401: no such key"),
        (httpx.Response(200, text="<html>"), "no JSON"),
        (httpx.Response(200, json=[]), "no completion"),
        (httpx.Response(200, json={}), "no message"),
        (httpx.Response(200, json={"choices": []}), "no message"),
        (httpx.Response(200, json={"choices": [{"message": {"content": 1}}]}), "no text"),
    ],
)
def test_what_is_no_reply_is_an_error_and_no_refusal(reply: httpx.Response, why: str) -> None:
    with pytest.raises(TargetFailed, match=why):
        rival(lambda _: reply).ask(CASES[0])
