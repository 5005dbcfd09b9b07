"""Streams of a real service: sentences as they are proven, signs of life, the rest for who comes back, once."""

import json
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fake_model import Hang, ModelServer, Raw, Step, says
from running import wait_until
from writing_model import COST, TRUE, WritingModel, writing

FIRST = f"{TRUE} {{cite}}\n"
FALSE = "The rebuilding of the east quay cost 200 million crowns. {cite}\n"
BODY = {"message": COST, "mode": "generated", "stream": True}


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    id: str
    name: str
    data: dict[str, Any]


Service = tuple[str, WritingModel, ModelServer]


@pytest.fixture(scope="module")
def service(announcements_folder: Path) -> Iterator[Service]:
    settings = {
        "HERALD_HEARTBEAT_SECONDS": "0.1",
        "HERALD_RESUME_SECONDS": "1",
        "HERALD_LLM_SILENCE_SECONDS": "20",
        "HERALD_LLM_DEADLINE_SECONDS": "20",
    }
    with writing(announcements_folder, **settings) as served:
        yield served


@contextmanager
def streaming(address: str, last: str | None = None, **more: Any) -> Iterator[Iterator[Event]]:
    """The events of a stream as they come; leaving the block hangs up."""
    headers = {} if last is None else {"last-event-id": last}
    with httpx.stream(
        "POST", f"{address}/v1/chat", json=BODY | more, headers=headers, timeout=30
    ) as response:
        assert response.status_code == 200
        yield events_in(response.iter_lines())


def events_in(lines: Iterable[str]) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
        elif not line and fields:
            yield Event(fields["id"], fields["event"], json.loads(fields["data"]))
            fields = {}


def first_sentence(events: Iterator[Event]) -> Event:
    return next(event for event in events if event.name == "sentence")


class Gate:
    """Makes a model wait in the middle of its text until the test says so."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self.passed = False

    def open(self) -> None:
        self._open.set()

    def script(self, *then: Step) -> Any:
        def steps(request: dict[str, Any]) -> Iterator[Step]:
            yield FIRST
            self.passed = self._open.wait(10)
            yield from says(*then)(request)

        return steps


def test_a_sentence_is_there_before_the_next_is_written(service: Service) -> None:
    address, model, _ = service
    gate = Gate()
    model.script = gate.script(FALSE)
    with streaming(address) as events:
        assert first_sentence(events).data["text"] == TRUE
        gate.open()
        rest = list(events)
    assert gate.passed
    assert [event.name for event in rest] == ["done"]
    assert (rest[0].data["text"], rest[0].data["withdrawn"]) == (TRUE, 1)


def test_what_is_not_proven_and_half_a_marker_never_show(service: Service) -> None:
    address, model, _ = service
    model.does(
        FALSE, f"{TRUE} [", Hang(0.3), "1", Hang(0.3), "]\n", FIRST, "The city paid 60 million crowns of it ["
    )
    with httpx.stream("POST", f"{address}/v1/chat", json=BODY, timeout=30) as response:
        raw = "".join(response.iter_text())
    assert "200 million" not in raw
    texts = [
        event.data["text"] for event in events_in(raw.splitlines()) if event.name in {"sentence", "done"}
    ]
    assert texts
    assert all("[" not in text for text in texts)


def test_shows_that_it_is_alive_while_the_model_thinks(service: Service) -> None:
    address, model, _ = service
    model.does(Hang(0.5), Raw(b": thinking\n\n"), FIRST)
    with httpx.stream("POST", f"{address}/v1/chat", json=BODY, timeout=30) as response:
        raw = "".join(response.iter_text())
    assert raw.count(": waiting") >= 2
    assert raw.index(": waiting") < raw.index("event: sentence")


def test_who_comes_back_gets_the_rest_once(service: Service) -> None:
    address, model, server = service
    gate, asked = Gate(), len(server.requests)
    model.script = gate.script(FIRST.replace("cost", "has cost"))
    with streaming(address) as events:
        seen = [next(events), next(events)]
        seen.append(first_sentence(events))
    with streaming(address, last=seen[-1].id) as events:
        gate.open()
        rest = list(events)
    assert gate.passed
    assert len(server.requests) == asked + 1
    ids = [event.id for event in (*seen, *rest)]
    assert len(set(ids)) == len(ids)
    assert [event.name for event in rest].count("done") == 1
    assert rest[-1].data["text"].startswith(TRUE)
    with streaming(address, last=rest[-1].id) as events:
        assert list(events) == []


def test_who_comes_back_late_gets_the_stored_answer(service: Service) -> None:
    address, model, server = service
    model.writes_well()
    with streaming(address) as events:
        whole = list(events)
    time.sleep(1.2)
    with streaming(address) as events:
        assert list(events)
    asked = len(server.requests)
    with streaming(address, last=whole[1].id) as events:
        (done,) = list(events)
    assert (done.name, done.data) == ("done", whole[-1].data)
    assert len(server.requests) == asked


def test_an_id_opens_no_other_question(service: Service) -> None:
    address, model, server = service
    model.writes_well()
    with streaming(address) as events:
        ours = list(events)
    asked = len(server.requests)
    with streaming(address, last=ours[0].id, message="What did the east quay's rebuilding cost?") as events:
        others = list(events)
    assert len(server.requests) == asked + 1
    assert not {event.id for event in ours} & {event.id for event in others}


def test_a_client_that_leaves_for_good_cancels_the_models_call(service: Service) -> None:
    address, model, server = service
    server.left.clear()
    model.does(FIRST, Hang(60))
    with streaming(address) as events:
        first_sentence(events)
        assert not server.left.is_set()
    wait_until(server.left.is_set, 10)
