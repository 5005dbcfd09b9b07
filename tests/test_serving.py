"""The real server, as its users meet it: answers, new text under load, nothing acknowledged is lost, no torch."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from running import serving

from indexer.builder import build

SAMPLE = Path(__file__).resolve().parents[1] / "indexer" / "samples"


def ask(address: str, message: str, **more: object) -> dict[str, object]:
    response = httpx.post(f"{address}/v1/chat", json={"message": message, **more}, timeout=30)
    assert response.status_code == 200, response.text
    reply: dict[str, object] = response.json()
    return reply


@pytest.fixture(scope="module")
def folder(make_index_folder: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = make_index_folder(tmp_path_factory.mktemp("served") / "index")
    build([SAMPLE], index)
    return index


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    with serving(folder) as (address, _):
        yield address


def test_answers_in_the_announcements_own_words(server: str) -> None:
    reply = ask(server, "How large will the AI budget be?")
    assert reply["status"] == "answered"
    (citation,) = reply["citations"]  # type: ignore[misc]
    source = httpx.get(f"{server}/v1/sources/{citation['source_id']}").json()
    quote = source["text"][citation["quote_start"] : citation["quote_end"]]
    assert quote == citation["quote"] == reply["text"]
    assert citation["source_sha256"] == source["sha256"]
    assert quote[citation["highlight_start"] : citation["highlight_end"]] == "9.9 trillion won"


def test_refuses_a_near_miss(server: str) -> None:
    reply = ask(server, "What was the AI budget in 2023?")
    assert reply["status"] == "refused"
    assert "2023" in str(reply["text"])
    assert reply["refusal"]["nearest"]  # type: ignore[index]


def test_follows_up(server: str) -> None:
    first = ask(server, "How large will the regional R&D budget be in 2030?")
    second = ask(server, "And in 2026?", conversation_id=first["conversation_id"])
    assert "160 billion won" in str(second["text"])
    assert "2026" in str(second["standalone_question"])
    turns = httpx.get(f"{server}/v1/conversations/{first['conversation_id']}").json()["turns"]
    assert len(turns) == 2


def test_streams_the_same_answer(server: str) -> None:
    question = {"message": "How large will the AI budget be?", "stream": True}
    events = []
    with httpx.stream("POST", f"{server}/v1/chat", json=question) as response:
        for line in response.iter_lines():
            if line.startswith("event: "):
                events.append(line.removeprefix("event: "))
            elif line.startswith("data: ") and events[-1] == "done":
                done = json.loads(line.removeprefix("data: "))
    assert events == ["status", "sentence", "done"]
    assert done["text"] == ask(server, question["message"])["text"]  # type: ignore[arg-type]


def test_serves_the_page(server: str) -> None:
    page = httpx.get(server)
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src" in page.headers["content-security-policy"]


def test_stops_when_told_and_finishes_what_it_began(folder: Path) -> None:
    with serving(folder) as (address, process):
        ask(address, "How large will the AI budget be?")
        process.terminate()
        assert process.wait(20) == 0


NO_TORCH = """
import sys
from service.cli import main
code = main(sys.argv[1:])
heavy = {"torch", "transformers", "sentence_transformers"} & set(sys.modules)
assert not heavy, heavy
sys.exit(code)
"""


@pytest.mark.parametrize("command", ["ask", "search"])
def test_answering_never_imports_torch(folder: Path, command: str) -> None:
    arguments = [command, "How large will the AI budget be?", "--index", str(folder), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", NO_TORCH, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "9.9 trillion won" in done.stdout


def test_serving_never_imports_torch(folder: Path) -> None:
    with serving(folder) as (address, process):
        ask(address, "How large will the AI budget be?")
        maps = Path(f"/proc/{process.pid}/maps")
        if not maps.exists():
            pytest.skip("this system does not show which libraries a process holds")
        assert "torch" not in maps.read_text(encoding="utf-8")
