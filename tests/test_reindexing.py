"""Indexing anew while the service answers: no request fails, and the new text is served at once."""

import threading
from collections.abc import Callable
from pathlib import Path

import httpx
from running import serving, wait_until

from indexer.builder import build

QUESTION = {"message": "How large is the ferry budget?"}
SECONDS = 2.0
"""So soon after publishing the new text has to be served."""


def test_no_request_fails_and_new_text_is_served_within_two_seconds(
    make_index_folder: Callable[[Path], Path], tmp_path: Path
) -> None:
    source, folder = tmp_path / "source", make_index_folder(tmp_path / "index")
    source.mkdir()
    notice = source / "notice.txt"
    notice.write_text("The ferry budget is 100 million crowns.", encoding="utf-8")
    build([source], folder)
    answers: list[str] = []
    failures: list[str] = []
    stop = threading.Event()

    def load(address: str) -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            while not stop.is_set():
                try:
                    for response in (
                        client.post("/v1/chat", json=QUESTION),
                        client.get("/v1/sources/notice"),
                    ):
                        response.raise_for_status()
                    answers.append(response.json()["text"])
                except httpx.HTTPError as error:
                    failures.append(repr(error))

    with serving(folder) as (address, _), httpx.Client(base_url=address, timeout=60) as reader:

        def answered() -> str:
            reply: dict[str, str] = reader.post("/v1/chat", json=QUESTION).raise_for_status().json()
            assert reply["status"] == "answered"
            return reply["text"]

        threads = [threading.Thread(target=load, args=[address]) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for number in range(5):
                text = f"The ferry budget is {200 + number} million crowns."
                notice.write_text(text, encoding="utf-8")
                build([source], folder)
                wait_until(lambda text=text: answered() == text, SECONDS)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    assert not failures, failures[:3]
    assert len(answers) >= 5, "there was load"
    assert len(set(answers)) >= 2, "under which the text changed"


def test_a_removed_announcement_is_answered_from_no_more(
    make_index_folder: Callable[[Path], Path], tmp_path: Path
) -> None:
    source, folder = tmp_path / "source", make_index_folder(tmp_path / "index")
    source.mkdir()
    for name, text in (
        ("ferry", "The ferry budget is 100 million crowns."),
        ("road", "The road opens in May."),
    ):
        (source / f"{name}.txt").write_text(text, encoding="utf-8")
    build([source], folder)
    with serving(folder) as (address, _), httpx.Client(base_url=address, timeout=60) as client:
        assert client.post("/v1/chat", json=QUESTION).json()["status"] == "answered"
        (source / "ferry.txt").unlink()
        build([source], folder)
        reply = client.post("/v1/chat", json=QUESTION).json()
        assert reply["status"] != "answered"
        assert client.get("/v1/sources/ferry").status_code == 404
        assert [source["id"] for source in client.get("/v1/sources").json()["sources"]] == ["road"]
