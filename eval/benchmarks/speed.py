"""`python -m eval.benchmarks.speed`: measure speed beside the LangChain quickstart, write docs/speed.md.

Indexes are kept in ``--cache``, so that a later run need not encode again. Runs are interleaved: each of
them takes every size, and at each size the quickstart and Herald one after the other, so that a machine
that does other work beside slows both. Progress goes to stderr, the figures to stdout.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from eval.benchmarks import speed_document, speed_floor, speed_million
from eval.benchmarks.speed_adding import measure_adding
from eval.benchmarks.speed_corpus import questions
from eval.benchmarks.speed_indexing import GENERATED_FROM, HERALD, QUICKSTART, Cellar
from eval.benchmarks.speed_load import latencies, rate
from eval.benchmarks.speed_samples import Samples, percentile
from eval.benchmarks.speed_server import (
    HOST,
    Server,
    chat,
    free_port,
    herald,
    module,
    quickstart_search,
    running,
    search,
)

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 10_000, 100_000)
RUNS = 5
CLIENTS = 8
WARMING = 20
"""Requests of each kind that are made before any is measured."""
ASKED = {HERALD: (200, 800), QUICKSTART: (200, 300)}
"""Requests one after the other, and by CLIENTS at once, in each run."""
HERALD_WORKERS = 2
OPEN = {"HERALD_RATE_LIMIT": "0", "HERALD_LOG_LEVEL": "warning", "HF_HUB_OFFLINE": "1"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; 0 unless something went wrong."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    say = _progress()
    cellar, samples = Cellar(options.cache, options.generated_from), Samples()
    say("exporting the encoder")
    exported = cellar.exported()
    for size in options.sizes:
        for whom in (HERALD, QUICKSTART):
            say(f"indexing {size} passages: {whom}")
            cellar.built(whom, size)
    for run in range(options.runs):
        _index_again(cellar, min(options.sizes), samples)
        for size in options.sizes:
            say(f"run {run + 1} of {options.runs}: {size} passages")
            measure(cellar, size, samples)
        say(f"run {run + 1} of {options.runs}: floors and adding")
        speed_floor.measure(cellar.index(HERALD, min(options.sizes)), samples)
        measure_cached(cellar, _middle(options.sizes), samples)
        measure_adding(cellar, max(options.sizes), samples)
    million = None
    if options.million:
        say(f"retrieval alone at {options.million} passages")
        million = speed_million.measure(cellar, options.million, say)
    report = speed_document.Report(
        samples,
        {(whom, size): cellar.built(whom, size) for whom in (HERALD, QUICKSTART) for size in options.sizes},
        tuple(options.sizes),
        options.runs,
        million,
        exported,
    )
    sys.stdout.write(speed_document.text(report) + "\n")
    (options.cache / "samples.json").write_text(json.dumps(samples.listed(), indent=1), encoding="utf-8")
    if options.docs:
        speed_document.write(report, options.docs)
        say(f"written: {options.docs / 'speed.md'}")
    return 0


def measure(cellar: Cellar, size: int, samples: Samples) -> None:
    """One run at one size: the quickstart, Herald, and Herald with several processes."""
    count = WARMING + max(sum(ASKED[HERALD]), sum(ASKED[QUICKSTART]))
    asked = questions(count, size)
    warming, asked = asked[:WARMING], asked[WARMING:]
    port = free_port()
    command = module("speed_quickstart", "serve", cellar.index(QUICKSTART, size), port)
    with running(command, port, quickstart_search(warming[0]), OPEN) as server:
        samples.add("first answer", QUICKSTART, size, server.first_answer)
        one, many = ASKED[QUICKSTART]
        _ask(
            server, QUICKSTART, size, "search", [quickstart_search(q) for q in warming + asked[:one]], samples
        )
        requests = [quickstart_search(q) for q in asked[one : one + many]]
        samples.add("rate", QUICKSTART, size, rate(HOST, port, requests, CLIENTS))
        samples.add("memory", QUICKSTART, size, server.memory())
    port = free_port()
    index = cellar.index(HERALD, size)
    one, many = ASKED[HERALD]
    with running(herald(index, port), port, chat(warming[0]), OPEN) as server:
        samples.add("first answer", HERALD, size, server.first_answer)
        _ask(server, HERALD, size, "search", [search(q) for q in warming + asked[:one]], samples)
        # Not those that were searched for: their passages would be remembered.
        _ask(server, HERALD, size, "chat", [chat(q) for q in warming + asked[-one:]], samples)
        requests = [chat(q) for q in asked[:many]]
        samples.add("rate", HERALD, size, rate(HOST, port, requests, CLIENTS))
        samples.add("memory", HERALD, size, server.memory())
    port = free_port()
    several = OPEN | {"HERALD_WORKERS": str(HERALD_WORKERS)}
    with running(herald(index, port), port, chat(warming[0]), several) as server:
        rate(HOST, port, [chat(q) for q in warming], CLIENTS)
        samples.add("rate of several", HERALD, size, rate(HOST, port, requests, CLIENTS))
        samples.add("memory of several", HERALD, size, server.memory())


def measure_cached(cellar: Cellar, size: int, samples: Samples) -> None:
    """One question over and over, beside an endpoint that only reads JSON and writes some."""
    port = free_port()
    again = chat(questions(1, size)[0])
    with running(herald(cellar.index(HERALD, size), port), port, again, OPEN):
        samples.add("cached rate", HERALD, size, rate(HOST, port, [again] * 2_000, CLIENTS))


def _ask(
    server: Server, whom: str, size: int, what: str, requests: Sequence[bytes], samples: Samples
) -> None:
    taken = latencies(HOST, server.port, requests)[WARMING:]
    samples.add(f"{what} p50", whom, size, percentile(taken, 0.5))
    samples.add(f"{what} p99", whom, size, percentile(taken, 0.99))


def _index_again(cellar: Cellar, size: int, samples: Samples) -> None:
    """Index the smallest corpus anew by both, so that the speed of indexing has a median too."""
    for whom in (QUICKSTART, HERALD):
        built = cellar.built(whom, size, anew=True)
        samples.add("indexing", whom, size, built.passages / built.seconds)


def _middle(sizes: Sequence[int]) -> int:
    return 10_000 if 10_000 in sizes else sizes[0]


def _progress() -> Callable[[str], None]:
    begun = time.monotonic()

    def say(text: str) -> None:
        sys.stderr.write(f"{time.monotonic() - begun:5.0f} s  {text}\n")
        sys.stderr.flush()

    return say


def _numbers(value: str) -> list[int]:
    return sorted(int(part) for part in value.split(","))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.speed", description="Measure speed.")
    parser.add_argument("--sizes", type=_numbers, default=list(SIZES), help="passages, by commas")
    parser.add_argument("--runs", type=int, default=RUNS, help="interleaved runs, whose median counts")
    parser.add_argument(
        "--million", type=int, default=0, metavar="N", help="also retrieval alone over N passages"
    )
    parser.add_argument(
        "--generated-from",
        type=int,
        default=GENERATED_FROM,
        metavar="N",
        help="the size from which on vectors are made like the encoder's instead of by it",
    )
    parser.add_argument("--cache", type=Path, default=ROOT / ".speed", help="where indexes are kept")
    parser.add_argument("--docs", type=Path, help="where speed.md is written; nowhere by default")
    return parser


if __name__ == "__main__":
    sys.exit(main())
