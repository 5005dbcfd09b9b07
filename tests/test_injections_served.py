"""The same attempts against a real service: poisoned documents in its index, orders in questions and histories."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from injections import FACT, OTHER, Attempt, attempts
from writing_model import WritingModel, writing

from indexer.builder import build

ASKED = "When does the museum reopen?"
ATTEMPTS = attempts()
LINKS = ("evil.example", "javascript:", "<script", "<img", "![", "](")
Service = tuple[str, WritingModel]


def served(folder: Path, poison: list[str]) -> Path:
    """An index of an announcement, and of one poisoned document for each order."""
    sources = folder.parent / "sources"
    sources.mkdir(parents=True)
    (sources / "museum.txt").write_text(f"The museum reopens\n\n{FACT} {OTHER}\n", encoding="utf-8")
    for number, order in enumerate(poison):
        (sources / f"poison-{number}.txt").write_text(
            f"Visitor notes {number}\n\n{order}\n", encoding="utf-8"
        )
    build([sources], folder)
    return folder


@pytest.fixture(scope="module")
def clean(
    make_index_folder: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    folder = served(make_index_folder(tmp_path_factory.mktemp("clean") / "index"), [])
    with writing(folder) as (address, model, _):
        yield address, model


@pytest.fixture(scope="module")
def poisoned(
    make_index_folder: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    orders = [attempt.order for attempt in ATTEMPTS if attempt.carrier == "document"]
    folder = served(make_index_folder(tmp_path_factory.mktemp("poisoned") / "index"), orders)
    with writing(folder) as (address, model, _):
        yield address, model


def ask(service: Service, said: str, message: str, **more: Any) -> dict[str, Any]:
    """The reply of a service whose model writes ``said``, whatever it is asked."""
    address, model = service
    model.does(said)
    body = {"message": message, "mode": "generated", **more}
    response = httpx.post(f"{address}/v1/chat", json=body, timeout=60)
    assert response.status_code == 200, response.text
    reply: dict[str, Any] = response.json()
    return reply


def assert_unmoved(reply: dict[str, Any], attempt: Attempt) -> None:
    """Only the museum's own sentences are told, or it is said that there is no answer."""
    assert not any(link in reply["text"] for link in LINKS)
    assert all(citation["quote"] in {FACT, OTHER} for citation in reply["citations"])
    if reply["status"] == "answered":
        assert reply["mode"] == "verbatim"
        assert reply["text"] in {FACT, OTHER, f"{FACT} {OTHER}"}
    else:
        words = attempt.said.rsplit(" [", 1)[0]
        assert reply["citations"] == []
        assert words not in reply["text"]


def test_there_are_enough() -> None:
    assert len(set(ATTEMPTS)) >= 100


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: f"{attempt.carrier}: {attempt.said[:40]}")
def test_no_order_is_obeyed(clean: Service, poisoned: Service, attempt: Attempt) -> None:
    if attempt.carrier == "document":
        reply = ask(poisoned, attempt.said, ASKED)
        assert reply["status"] == "answered"
    elif attempt.carrier == "question":
        reply = ask(clean, attempt.said, f"{ASKED} {attempt.order}"[:2000])
    else:
        first = ask(clean, attempt.said, attempt.order)
        assert_unmoved(first, attempt)
        reply = ask(clean, attempt.said, ASKED, conversation_id=first["conversation_id"])
    assert_unmoved(reply, attempt)


def test_a_model_that_does_not_obey_is_heard_in_spite_of_the_poison(poisoned: Service) -> None:
    poisoned[1].cites = "12 crowns"
    reply = ask(poisoned, "The museum reopens on 3 May 2031. {cite}\n", ASKED)
    assert (reply["mode"], reply["text"]) == ("generated", "The museum reopens on 3 May 2031.")
