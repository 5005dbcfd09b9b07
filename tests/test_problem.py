"""Bad input gets an RFC 9457 problem that says what is wrong; what only the operator can mend stays in the log."""

import json

import pytest
from application import client_of
from fake_assistant import FakeAssistant, MemoryConversations
from httpx import Response

from indexer import errors as indexing
from indexer.errors import EncoderMismatch, HeraldError, IndexBusy, IndexDamaged, IndexMissing
from service import errors as answering
from service.channels.problem import RULES, Problem, problem_of, rule_of
from service.errors import Overloaded, QuestionInvalid, StoreUnavailable

JSON = {"content-type": "application/json"}


def descendants(class_: type[HeraldError]) -> set[type[HeraldError]]:
    return {class_}.union(*(descendants(child) for child in class_.__subclasses__()))


def checked(response: Response, status: int, code: str) -> str:
    """The detail of a problem document, which has to be a sound one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate(response.json())
    assert (problem.type, problem.status, problem.code) == ("about:blank", status, code)
    assert problem.title
    assert problem.request_id == response.headers["x-request-id"]
    assert len(response.text) < 6_000
    return problem.detail


def test_every_error_of_ours_has_a_rule_of_its_own() -> None:
    ours = {c for c in descendants(HeraldError) if c.__module__ in {indexing.__name__, answering.__name__}}
    assert ours - RULES.keys() == set()


def test_an_error_that_is_not_ours_tells_nothing() -> None:
    problem = problem_of(KeyError("/etc/secret"))
    assert problem.status == 500
    assert "secret" not in problem.detail


def test_an_error_without_a_rule_has_that_of_its_kind() -> None:
    class Later(IndexDamaged):
        pass

    assert rule_of(Later("x")) is RULES[IndexDamaged]


@pytest.mark.parametrize("message", ["", " ", "\n\t ", "\u2003\u00a0"])
def test_an_empty_message(message: str) -> None:
    with client_of() as client:
        response = client.post("/v1/chat", json={"message": message})
    checked(response, 422, "request_invalid")
    assert response.json()["errors"][0]["pointer"] == "/message"
    assert "empty" in response.text


def test_a_message_that_is_too_long_is_told_how_long_it_may_be() -> None:
    with client_of(message_limit=100) as client:
        assert client.post("/v1/chat", json={"message": "가" * 100}).status_code == 200
        response = client.post("/v1/chat", json={"message": "가" * 101})
    detail = checked(response, 422, "request_invalid")
    assert "101 characters" in detail
    assert "at most 100" in detail


def test_a_message_of_ten_megabytes() -> None:
    with client_of() as client:
        response = client.post("/v1/chat", json={"message": "x" * 10 * 2**20})
    assert "65536 bytes" in checked(response, 413, "body_too_large")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"{", "not JSON"),
        (b"message=budget", "not JSON"),
        (b'{"message": "caf\xe9"}', "not JSON"),
        (b'\xff\xfe{\x00"\x00m\x00', "not JSON"),
        (b'{"message": "a\x00b"}', "not JSON"),
        (b"[" * 60_000, "not JSON"),
        (b'{"message": "x"} trailing', "not JSON"),
        (b'{"message": "\\ud800"}', ""),
    ],
)
@pytest.mark.parametrize("path", ["/v1/chat", "/v1/search", "/v1/answers/ans_1/feedback"])
def test_a_body_that_is_no_json(path: str, body: bytes, words: str) -> None:
    with client_of() as client:
        response = client.post(path, content=body, headers=JSON)
    if words:
        assert words in checked(response, 400, "request_malformed")
    else:
        assert response.status_code in {400, 422}
        checked(response, response.status_code, response.json()["code"])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"message": "a\0b"}, "/message"),
        ({"message": None}, "/message"),
        ({"message": 5}, "/message"),
        ({"message": ["x"]}, "/message"),
        ({}, "/message"),
        ([], ""),
        ("budget", ""),
        ({"message": "x", "mode": "fast"}, "/mode"),
        ({"message": "x", "stream": "maybe"}, "/stream"),
        ({"message": "x", "conversation_id": 5}, "/conversation_id"),
        ({"message": "x", "conversation_id": "x" * 1_000}, "/conversation_id"),
        ({"message": "x", "massage": "y"}, "/massage"),
        ({"message": "x", "a/b~c": 1}, "/a~1b~0c"),
        ({"message": "x"} | {f"field {n}": n for n in range(500)}, "/field 0"),
        ({"message": "x", "y" * 5_000: 1}, "/" + "y" * 100),
    ],
)
def test_what_is_wrong_is_pointed_at(body: object, pointer: str) -> None:
    with client_of() as client:
        response = client.post("/v1/chat", json=body)
    checked(response, 422, "request_invalid")
    assert response.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "body",
    [
        {"messages": []},
        {"messages": [{"role": "system", "content": "x"}]},
        {"messages": [{"role": "user", "content": ""}]},
        {"messages": [{"role": "user", "content": "x" * 20_000}]},
        {"messages": [{"role": "user", "content": "x"}] * 65},
        {"messages": [{"role": "user", "content": "x"}], "k": 0},
        {"messages": [{"role": "user", "content": "x"}], "k": 51},
        {"messages": [{"role": "user", "content": "x"}], "k": 2.5},
    ],
)
def test_a_search_that_cannot_be_made(body: object) -> None:
    with client_of() as client:
        checked(client.post("/v1/search", json=body), 422, "request_invalid")


@pytest.mark.parametrize(
    "type", [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"]
)
def test_a_body_that_does_not_claim_to_be_json(type: str | None) -> None:
    with client_of() as client:
        headers = {"content-type": type} if type else {}
        response = client.post("/v1/chat", content=b'{"message": "budget"}', headers=headers)
    checked(response, 415, "media_type_unsupported")


@pytest.mark.parametrize(
    "type", ["application/json", "application/json; charset=utf-8", 'Application/JSON; charset="UTF-8"']
)
def test_a_body_that_does(type: str) -> None:
    with client_of() as client:
        response = client.post("/v1/chat", content='{"message": "budget?"}', headers={"content-type": type})
    assert response.status_code == 200


IDS = [
    "none",
    "cnv_" + "x" * 100,
    "../../etc/passwd",
    "%00",
    "%2e%2e%2f",
    "a%0d%0ab",
    "가",
    "'; DROP TABLE turns; --",
    "x" * 4_000,
]


@pytest.mark.parametrize("id", IDS)
def test_an_unknown_id(id: str) -> None:
    with client_of() as client:
        for response in (
            client.get(f"/v1/conversations/{id}"),
            client.get(f"/v1/sources/{id}"),
            client.post(f"/v1/answers/{id}/feedback", json={"value": "up"}),
        ):
            checked(response, 404, "not_found")
            assert "/etc" not in response.json()["detail"] or id in response.json()["detail"]


def test_an_unknown_conversation_is_named() -> None:
    with client_of() as client:
        response = client.post("/v1/chat", json={"message": "and?", "conversation_id": "cnv_none"})
    assert "'cnv_none'" in checked(response, 404, "not_found")


def test_an_unknown_address_and_method() -> None:
    with client_of() as client:
        assert "no page and no call" in checked(client.get("/v2/chat"), 404, "not_found")
        refused = client.get("/v1/chat")
    checked(refused, 405, "method_not_allowed")
    assert refused.headers["allow"] == "POST"


WHERE = "/srv/herald/index"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (IndexMissing(f"{WHERE}: no index here"), "index_missing"),
        (IndexDamaged(f"{WHERE}/herald.db: cut short"), "index_damaged"),
        (EncoderMismatch(f"{WHERE} was built with the encoder a, not b"), "encoder_mismatch"),
        (IndexBusy(f"{WHERE}: busy"), "index_busy"),
        (StoreUnavailable(f"{WHERE}/herald.db: disk full"), "store_unavailable"),
        (Overloaded(2.5), "overloaded"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_the_operator_has_to_mend_is_said_without_particulars(
    error: HeraldError, code: str, stream: bool
) -> None:
    assistant = FakeAssistant(MemoryConversations())
    assistant.failure = error
    with client_of(assistant) as client:
        response = client.post("/v1/chat", json={"message": "budget", "stream": stream})
        if stream and response.status_code == 200:
            events = response.text.split("\n\n")
            problem = json.loads(next(e for e in events if "event: error" in e).split("data: ")[1])
            assert (problem["status"], problem["code"]) == (503, code)
        else:
            checked(response, 503, code)
            assert int(response.headers["retry-after"]) >= 1
    assert WHERE not in response.text


def test_readiness_tells_an_unusable_index() -> None:
    assistant = FakeAssistant(MemoryConversations())
    with client_of(assistant) as client:
        assert client.get("/readyz").json() == {"status": "ready", "generation": 3}
        assistant.unready = IndexDamaged(f"{WHERE}: cut short")
        checked(client.get("/readyz"), 503, "index_damaged")
        assert client.get("/healthz").status_code == 200


def test_a_question_that_the_assistant_refuses_is_told_why() -> None:
    assistant = FakeAssistant(MemoryConversations())
    assistant.failure = QuestionInvalid("the message holds half of a surrogate pair, which is no character")
    with client_of(assistant) as client:
        response = client.post("/v1/chat", json={"message": "budget"})
    assert "surrogate" in checked(response, 422, "question_invalid")
