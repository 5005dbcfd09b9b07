"""One announcement more, while a server is running: until that server finds it."""

import shutil
import sys
import time
from pathlib import Path

from eval.benchmarks.speed_corpus import announcement, write_source
from eval.benchmarks.speed_indexing import HERALD, QUICKSTART, Cellar, run
from eval.benchmarks.speed_load import Connection
from eval.benchmarks.speed_samples import Samples
from eval.benchmarks.speed_server import HOST, free_port, herald, module, running, search
from eval.errors import TargetFailed

PATIENCE = 120.0


def measure_adding(cellar: Cellar, size: int, samples: Samples) -> None:
    """One run: a new file, the command that adds it, and the first search that finds it.

    The quickstart's store is loaded, added to and saved; that a server that has it loaded must then be
    started again is not counted.
    """
    added = cellar.folder / "added"
    shutil.rmtree(added, ignore_errors=True)
    added.mkdir()
    source = added / "one.jsonl"
    write_source(source, size, size + 1)
    index, port = cellar.index(HERALD, size), free_port()
    program = str(Path(sys.executable).with_name("herald"))
    wanted = announcement(size)
    request = search(f"{wanted.question} {wanted.title}")
    with running(herald(index, port), port, request, {"HERALD_RATE_LIMIT": "0"}):
        began = time.perf_counter()
        run([program, "index", str(source), "--index", str(index), "--json"])
        _until_found(port, request, wanted.id, began + PATIENCE)
        samples.add("adding", HERALD, size, time.perf_counter() - began)
    source.write_text("", encoding="utf-8")
    run([program, "index", str(source), "--index", str(index), "--json"])
    write_source(source, size, size + 1)
    copy = cellar.folder / "added-quickstart"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(cellar.index(QUICKSTART, size), copy)
    began = time.perf_counter()
    run(module("speed_quickstart", "add", source, copy))
    samples.add("adding", QUICKSTART, size, time.perf_counter() - began)
    shutil.rmtree(copy)


def _until_found(port: int, request: bytes, id: str, until: float) -> None:
    connection = Connection(HOST, port)
    try:
        while time.perf_counter() < until:
            if f'"{id}"'.encode() in connection.ask(request):
                return
    finally:
        connection.close()
    raise TargetFailed(f"{id} was added and is not found")
