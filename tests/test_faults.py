"""A real service whose model server fails in every way: a proven answer or a refusal in time, and never a 5xx."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fake_model import End, Hang, Raw, Reset, Status, Step
from writing_model import COST, FIGURE, SECONDS, TRUE, WritingModel, writing

FALSE = "The rebuilding of the east quay cost 200 million crowns. {cite}\n"
GOOD = f"{TRUE} {{cite}}\n"
UNSAID = "What did the rebuilding of the east quay cost in 2019?"

Service = tuple[str, WritingModel]

FAULTS: dict[str, tuple[list[Step], str]] = {
    "killed before a word": ([Reset()], "unavailable"),
    "killed in the first sentence": (["The rebuilding of the", Reset()], "unavailable"),
    "closed in the first sentence": (["The rebuilding of the", End()], "incoherent"),
    "hanging from the start": ([Hang()], "timeout"),
    "hanging in the first sentence": (["The rebuilding", Hang()], "timeout"),
    "over quota": ([Status(429)], "busy"),
    "broken": ([Status(500)], "unavailable"),
    "behind a broken proxy": ([Status(502, b"<html>Bad Gateway</html>")], "unavailable"),
    "asked for what it does not do": ([Status(400)], "refused"),
    "without permission": ([Status(401)], "refused"),
    "cutting its JSON off": ([Raw(b'data: {"id": "c", "choices": [{"delta": {"cont\n\n')], "incoherent"),
    "sending no JSON": ([Raw(b"data: <html></html>\n\n")], "incoherent"),
    "sending bytes that are no text": ([Raw(b"data: \xff\xfe\x00\n\n"), End()], "incoherent"),
    "sending nothing": ([End()], "incoherent"),
    "endless": (["word " * 2_000] * 10, "incoherent"),
    "endless without a word": (["\n" * 5_000] * 10, "incoherent"),
    "writing another language": (["Der Umbau kostete 184,5 Millionen Kronen. {cite}\n"], "nothing_proven"),
    "writing Korean": (["동쪽 부두 재건에는 1억 8,450만 크로네가 들었다. {cite}\n"], "nothing_proven"),
    "writing what is false": ([FALSE], "nothing_proven"),
    "citing nothing, and false": ([FALSE.replace("{cite}", "")], "nothing_proven"),
    "saying that it cannot": (["NOTHING"], "nothing_proven"),
}


@pytest.fixture(scope="module")
def service(announcements_folder: Path) -> Iterator[Service]:
    with writing(announcements_folder) as (address, model, _):
        yield address, model


@pytest.fixture(autouse=True)
def a_model_that_has_just_worked(service: Service) -> None:
    """So that no test meets a model that is left alone because of the one before."""
    address, model = service
    model.writes_well()
    assert ask(address)["mode"] == "generated"


def ask(address: str, message: str = COST, **more: Any) -> dict[str, Any]:
    """The reply, which came in time and with a status of 200."""
    begun = time.monotonic()
    body = {"message": message, "mode": "generated", "explain": True, **more}
    response = httpx.post(f"{address}/v1/chat", json=body, timeout=60)
    assert response.status_code == 200, response.text
    assert time.monotonic() - begun < SECONDS + 3
    reply: dict[str, Any] = response.json()
    return reply


def assert_proven(address: str, reply: dict[str, Any]) -> None:
    """Every sentence has its quote, and every quote stands in its source."""
    assert reply["citations"]
    for citation in reply["citations"]:
        source = httpx.get(f"{address}/v1/sources/{citation['source_id']}").json()
        assert source["text"][citation["quote_start"] : citation["quote_end"]] == citation["quote"]
    assert FIGURE in reply["text"]
    assert any(FIGURE in citation["quote"] for citation in reply["citations"])


@pytest.mark.parametrize("fault", FAULTS)
def test_the_verbatim_answer_stands_in_and_says_so(service: Service, fault: str) -> None:
    address, model = service
    steps, fallback = FAULTS[fault]
    model.does(*steps)
    reply = ask(address)
    assert (reply["status"], reply["mode"]) == ("answered", "verbatim")
    assert reply["generation"]["fallback"] == fallback
    assert reply["notice"]
    assert_proven(address, reply)


@pytest.mark.parametrize(
    "fault", [Reset(), Hang(), Raw(b"data: {\n\n"), End()], ids=lambda f: type(f).__name__
)
def test_what_was_proven_before_a_fault_stays_and_the_rest_never_shows(service: Service, fault: Step) -> None:
    address, model = service
    model.does(GOOD, "The city paid 60 million crowns and then", fault)
    reply = ask(address)
    assert (reply["text"], reply["mode"]) == (TRUE, "generated")
    assert reply["notice"]
    assert_proven(address, reply)


def test_a_sentence_without_a_marker_is_given_the_one_quote_that_proves_it(service: Service) -> None:
    address, model = service
    model.does(f"{TRUE}\n")
    reply = ask(address)
    assert (reply["text"], reply["mode"], reply["withdrawn"]) == (TRUE, "generated", 0)
    assert_proven(address, reply)


def test_what_is_proven_is_delivered_beside_what_is_not(service: Service) -> None:
    address, model = service
    model.does(FALSE, GOOD)
    reply = ask(address)
    assert (reply["text"], reply["mode"], reply["withdrawn"]) == (TRUE, "generated", 1)
    assert reply["generation"]["fallback"] is None


@pytest.mark.parametrize("fault", ["over quota", "hanging from the start", "killed before a word", "endless"])
def test_a_refusal_stays_a_refusal(service: Service, fault: str) -> None:
    address, model = service
    model.does(*FAULTS[fault][0])
    reply = ask(address, UNSAID)
    assert (reply["status"], reply["citations"]) == ("refused", [])


@pytest.mark.parametrize(
    "fault", ["broken", "hanging in the first sentence", "cutting its JSON off", "endless"]
)
def test_a_stream_ends_well_too(service: Service, fault: str) -> None:
    address, model = service
    model.does(*FAULTS[fault][0])
    body = {"message": COST, "mode": "generated", "stream": True}
    response = httpx.post(f"{address}/v1/chat", json=body, timeout=60)
    assert response.status_code == 200
    names = [line[7:] for line in response.text.splitlines() if line.startswith("event: ")]
    assert names[-1] == "done"
    assert "error" not in names
    last = [line[6:] for line in response.text.splitlines() if line.startswith("data: ")][-1]
    assert_proven(address, json.loads(last))


@pytest.mark.parametrize("fault", ["broken", "hanging from the start", "over quota"])
def test_a_follow_up_is_read_as_it_is_without_a_model(service: Service, fault: str) -> None:
    address, model = service
    follow_up = "And how long did it take?"
    first, other = ask(address), ask(address, mode="verbatim")
    expected = ask(address, follow_up, mode="verbatim", conversation_id=other["conversation_id"])
    model.does(*FAULTS[fault][0])
    reply = ask(address, follow_up, conversation_id=first["conversation_id"])
    assert "rebuilding" in reply["standalone_question"]
    for part in ("status", "text", "standalone_question"):
        assert reply[part] == expected[part]


def test_a_model_that_keeps_failing_is_left_alone_and_answers_go_on(service: Service) -> None:
    address, model = service
    model.does(Status(500))
    begun = time.monotonic()
    replies = [ask(address) for _ in range(8)]
    assert {reply["generation"]["fallback"] for reply in replies} == {"unavailable"}
    assert time.monotonic() - begun < 8 * SECONDS
    assert "herald_" in httpx.get(f"{address}/metrics").text
