"""kill -9 at any moment: what is served is whole, and what was acknowledged is kept."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from running import serving, wait_until

from indexer.builder import Report, build
from indexer.generation import Layout, current_generation
from indexer.index import Index

KILLS = 50

# Each build is a fork of one process that has imported everything: what is killed is the build and not Python's start.
BUILDS = """
import os, select, signal, sys, traceback
from pathlib import Path
import faiss, numpy, onnxruntime, tantivy, tokenizers
from indexer.builder import build

print("ready", flush=True)
for line in sys.stdin:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            build([Path(sys.argv[1])], Path(sys.argv[2]))
            os.write(writer, b"acknowledged")
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    os.close(writer)
    select.select([reader], [], [], float(line))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    said = os.read(reader, 99).decode() or ("killed" if os.WIFSIGNALED(status) else "failed")
    os.close(reader)
    print(said, flush=True)
"""


@contextmanager
def builds(source: Path, folder: Path) -> Iterator[Callable[[float], str]]:
    """Begins a build and kills it after some seconds: tells whether it was ``acknowledged`` or ``killed``."""
    process = subprocess.Popen(
        [sys.executable, "-c", BUILDS, str(source), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"

    def begin(seconds: float) -> str:
        print(seconds, file=process.stdin, flush=True)
        return process.stdout.readline().strip()  # type: ignore[union-attr]

    try:
        yield begin
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


def test_indexing_killed_at_fifty_moments_leaves_the_old_text_or_the_new(
    tmp_path: Path, index_folder: Path
) -> None:
    """Each time the index opens, answers from one text throughout, and holds all that was acknowledged."""
    source = tmp_path / "source"
    source.mkdir()
    for name in ("bridge", "school"):
        (source / f"{name}.txt").write_text(f"The {name} gets nine new lamps this autumn.", encoding="utf-8")
    harbour = source / "harbour.txt"
    harbour.write_text("The harbour budget is 10 million crowns.", encoding="utf-8")
    report = build([source], index_folder)
    encoder = Index(index_folder, report.generation).encoder
    question = encoder.encode_question("How large is the harbour budget?").pooled
    served, outcomes, moments = harbour.read_text("utf-8"), [], random.Random(7)
    with builds(source, index_folder) as begin:
        harbour.write_text("The harbour budget is 20 million crowns.", encoding="utf-8")
        start = time.monotonic()
        assert begin(120) == "acknowledged"
        whole, served = time.monotonic() - start, harbour.read_text("utf-8")
        for number in range(KILLS):
            text = f"The harbour budget is {number + 100} million crowns. The quay opens in week {number}."
            harbour.write_text(text, encoding="utf-8")
            if number % 10 == 9:
                (source / f"notice {number}.txt").write_text(f"Road {number} is closed.", encoding="utf-8")
            outcomes.append(begin(moments.uniform(0.0, 1.2 * whole)))
            # The machine may become slower or quicker: about one build in five is to end before its kill.
            whole *= 1.03 if outcomes[-1] == "killed" else 0.9
            index = Index(index_folder, current_generation(Layout(index_folder)), encoder)
            shown = {announcement.id: announcement.text for announcement in index.announcements()}
            assert shown["harbour"] in {served, text}
            assert {"bridge", "school"} <= shown.keys()
            assert len(index) == sum(len(index.passages_of(id)) for id in shown)
            nearest = index.passages([index.nearest(question, 1)[0][0]])[0]
            assert nearest.text == shown["harbour"]
            if outcomes[-1] == "acknowledged":
                assert shown == {path.stem: path.read_text("utf-8") for path in source.iterdir()}
            served = shown["harbour"]
    assert set(outcomes) == {"acknowledged", "killed"}, (
        "the kills must lie before and after the acknowledgement"
    )
    assert isinstance(build([source], index_folder), Report)
    index = Index(index_folder, current_generation(Layout(index_folder)), encoder)
    assert {a.id: a.text for a in index.announcements()} == {
        p.stem: p.read_text("utf-8") for p in source.iterdir()
    }


@pytest.mark.parametrize("least", [1, 20, 60])
def test_a_server_killed_during_chats_loses_no_acknowledged_turn(
    announcements_folder: Path, tmp_path: Path, least: int
) -> None:
    store = f"sqlite:///{tmp_path / 'conversations.db'}"
    acknowledged: list[tuple[str, str]] = []
    with serving(announcements_folder, HERALD_STORE=store) as (address, process):

        def chat() -> None:
            conversation = None
            with httpx.Client(timeout=60) as client:
                while True:
                    body = {"message": "When does the bridge close?", "conversation_id": conversation}
                    try:
                        reply = client.post(f"{address}/v1/chat", json=body)
                    except httpx.HTTPError:
                        return
                    conversation = reply.json()["conversation_id"]
                    acknowledged.append((conversation, reply.json()["id"]))

        threads = [threading.Thread(target=chat) for _ in range(4)]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(acknowledged) >= least, 60)
        process.kill()
        for thread in threads:
            thread.join()
    with (
        serving(announcements_folder, HERALD_STORE=store) as (address, _),
        httpx.Client(timeout=60) as client,
    ):
        for conversation in {conversation for conversation, _ in acknowledged}:
            turns = client.get(f"{address}/v1/conversations/{conversation}").json()["turns"]
            kept = {turn["answer"]["id"] for turn in turns}
            assert {id for other, id in acknowledged if other == conversation} <= kept
