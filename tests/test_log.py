"""Logs: one line of JSON an event, with the request's id, and nothing that was said or is secret."""

import io
import json
import logging
import re
import threading
from collections.abc import Iterator

import pytest
from application import KEY, bearer, client_of
from fake_assistant import FakeAssistant, MemoryConversations

from indexer.errors import IndexDamaged
from service.keys import hash_key
from service.log import BatchingHandler, JsonFormatter, accepted_id, logger, request_id


class Kept(logging.Handler):
    """Keeps each line as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def entries(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.lines]


@pytest.fixture
def log() -> Iterator[Kept]:
    kept, level = Kept(), logger.level
    logger.addHandler(kept)
    logger.setLevel(logging.DEBUG)
    yield kept
    logger.removeHandler(kept)
    logger.setLevel(level)


def test_each_request_has_one_line_with_its_id(log: Kept) -> None:
    with client_of() as client:
        answered = client.post("/v1/chat", json={"message": "harbour budget"})
        missing = client.get("/v1/sources/none")
    first, last = (entry for entry in log.entries if entry["message"] == "request")
    assert first["request_id"] == answered.headers["x-request-id"]
    assert (first["method"], first["route"], first["status"]) == ("POST", "/v1/chat", 200)
    assert first["reply"] == "answer"
    assert first["answer"] == answered.json()["id"]
    assert isinstance(first["milliseconds"], float)
    assert (last["route"], last["status"]) == ("/v1/sources/{id:path}", 404)
    assert last["request_id"] == missing.headers["x-request-id"] == missing.json()["request_id"]


def test_an_id_that_a_proxy_gave_is_kept(log: Kept) -> None:
    with client_of() as client:
        response = client.get("/healthz", headers={"x-request-id": "edge-7.a_B"})
    assert response.headers["x-request-id"] == "edge-7.a_B"
    assert log.entries[-1]["request_id"] == "edge-7.a_B"


@pytest.mark.parametrize("offered", [None, "", "a b", "a\nb", "x" * 129, "é", "<script>", '"', "a\x00"])
def test_an_id_that_could_do_harm_is_replaced(offered: str | None) -> None:
    assert re.fullmatch(r"req_[0-9a-f]{24}", accepted_id(offered))


SECRET = "Does my illness 7731 entitle me to the subsidy?"


def test_nothing_that_was_asked_or_is_secret_is_in_the_log(log: Kept) -> None:
    assistant = FakeAssistant(MemoryConversations())
    with client_of(assistant, api_key_hashes=(hash_key(KEY),)) as client:
        for path, body in (
            ("/v1/chat", {"message": SECRET}),
            ("/v1/chat", {"message": SECRET, "stream": True}),
            ("/v1/chat", {"message": SECRET, "conversation_id": SECRET}),
            ("/v1/chat", {"massage": SECRET}),
            ("/v1/search", {"messages": [{"role": "user", "content": SECRET}]}),
            ("/v1/answers/none/feedback", {"value": "up", "comment": SECRET}),
            ("/v1/chat/completions", {"model": "herald", "messages": [{"role": "user", "content": SECRET}]}),
        ):
            client.post(path, json=body, headers=bearer(KEY))
            client.post(path, content=b'{"message": "' + SECRET.encode(), headers=bearer(KEY))
            client.post(f"{path}?q=7731", json=body, headers=bearer(f"wrong 7731 {KEY}"))
        assistant.failure = IndexDamaged("/srv/index/herald.db: cut short")
        client.post("/v1/chat", json={"message": SECRET}, headers=bearer(KEY))
    written = "\n".join(log.lines)
    assert len(log.lines) > 20
    assert "7731" not in written
    assert KEY not in written
    assert hash_key(KEY) not in written


def test_questions_are_logged_where_the_operator_says_so(log: Kept) -> None:
    with client_of(log_questions=True) as client:
        client.post("/v1/chat", json={"message": "harbour budget"})
    assert log.entries[-1]["question"] == "harbour budget"


def test_what_only_the_operator_can_mend_is_in_the_log_and_not_in_the_answer(log: Kept) -> None:
    assistant = FakeAssistant(MemoryConversations())
    assistant.failure = IndexDamaged("/srv/index/herald.db: cut short")
    with client_of(assistant) as client:
        response = client.post("/v1/chat", json={"message": "budget"})
    assert response.status_code == 503
    assert "/srv" not in response.text
    (entry,) = (entry for entry in log.entries if entry["level"] == "warning")
    assert entry["detail"] == "/srv/index/herald.db: cut short"
    assert entry["request_id"] == response.json()["request_id"]


def test_an_unexpected_error_is_logged_with_where_it_happened(log: Kept) -> None:
    assistant = FakeAssistant(MemoryConversations())
    assistant.failure = ZeroDivisionError("by accident")
    with client_of(assistant) as client:
        response = client.post("/v1/chat", json={"message": "budget"})
    assert response.status_code == 500
    assert "accident" not in response.text
    (entry,) = (entry for entry in log.entries if entry["level"] == "error")
    assert "ZeroDivisionError: by accident" in str(entry["exception"])
    assert entry["request_id"] == response.json()["request_id"]


def record(message: str, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("herald", logging.INFO, "", 0, message, (), None)
    made.fields = fields
    return made


def test_a_line_is_one_line_whatever_it_holds() -> None:
    line = JsonFormatter().format(record("a\nb\x1b[31m\u2028\ud800", question="c\r\n\x00🎉"))
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["question"] == "c\r\n\x00🎉"


def test_a_line_outside_of_a_request_has_no_id() -> None:
    assert request_id.get() is None
    assert "request_id" not in json.loads(JsonFormatter().format(record("begins")))


def test_lines_are_written_by_another_thread_in_order() -> None:
    out = io.StringIO()
    handler = BatchingHandler(out, seconds=0.01)
    handler.setFormatter(JsonFormatter())
    for number in range(100):
        handler.emit(record(str(number)))
    handler.flush()
    assert [json.loads(line)["message"] for line in out.getvalue().splitlines()] == list(map(str, range(100)))


class Stuck(io.StringIO):
    """A reader of the log that takes nothing until it is let go, and may have gone altogether."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()
        self.broken = False

    def write(self, text: str) -> int:
        self.free.wait()
        if self.broken:
            raise BrokenPipeError
        return super().write(text)


def test_a_stuck_reader_of_the_log_holds_nobody_up_and_hears_what_it_missed() -> None:
    out = Stuck()
    handler = BatchingHandler(out, seconds=0.001, most_lines=10)
    handler.setFormatter(JsonFormatter())
    for number in range(1_000):
        handler.emit(record(str(number)))
    out.free.set()
    handler.flush()
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    dropped = [line["message"] for line in lines if "dropped" in line["message"]]
    assert dropped
    told = sum(int(message.split()[0]) for message in dropped)
    assert told + len(lines) - len(dropped) == 1_000


def test_a_log_that_cannot_be_written_is_counted() -> None:
    out = Stuck()
    out.free.set()
    out.broken = True
    handler = BatchingHandler(out, seconds=3_600)
    handler.setFormatter(JsonFormatter())
    handler.emit(record("lost"))
    handler.flush()
    out.broken = False
    handler.emit(record("kept"))
    handler.flush()
    assert [json.loads(line)["message"] for line in out.getvalue().splitlines()] == [
        "kept",
        "1 log lines were dropped",
    ]
