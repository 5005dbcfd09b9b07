"""Building the indexes that are measured, once for each size, and how long that takes."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.benchmarks.speed_corpus import write_source
from eval.benchmarks.speed_server import module
from eval.errors import TargetFailed

HERALD, QUICKSTART = "Herald", "LangChain quickstart"


@dataclass(frozen=True, slots=True)
class Built:
    """An index and what it took. ``seconds`` are the command's, from start to end; ``memory`` is its peak
    in MB, ``disk`` the index's bytes."""

    passages: int
    seconds: float
    memory: float
    disk: int
    kind: str = ""
    recall: float = 1.0


@dataclass(frozen=True, slots=True)
class Cellar:
    """The folder that keeps corpora and indexes from one run to the next."""

    folder: Path

    def source(self, size: int) -> Path:
        """A JSONL source of that many announcements, written where it is not there yet."""
        path = self.folder / f"source-{size}" / "announcements.jsonl"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_source(path.with_suffix(".new"), 0, size)
            path.with_suffix(".new").replace(path)
        return path

    def index(self, whom: str, size: int) -> Path:
        return self.folder / f"{'herald' if whom == HERALD else 'quickstart'}-{size}"

    def built(self, whom: str, size: int, *, anew: bool = False) -> Built:
        """The index of that size, built where it is not there yet, and what building it took."""
        record = self.folder / f"{self.index(whom, size).name}.json"
        if anew or not record.is_file():
            record.unlink(missing_ok=True)
            folder = self.index(whom, size)
            shutil.rmtree(folder, ignore_errors=True)
            made = build(whom, self.source(size), folder)
            record.write_text(json.dumps(asdict(made), indent=1), encoding="utf-8")
        return Built(**json.loads(record.read_text(encoding="utf-8")))


def build(whom: str, source: Path, folder: Path) -> Built:
    """Index a source with the command of Herald or of the quickstart."""
    began = time.perf_counter()
    if whom == HERALD:
        program = Path(sys.executable).with_name("herald")
        report, memory = run([str(program), "index", str(source), "--index", str(folder), "--json"])
        kind, recall = report["dense"], report["recall"]
    else:
        report, memory = run(module("speed_quickstart", "index", source, folder))
        kind, recall = "flat", 1.0
    seconds = time.perf_counter() - began
    return Built(report["passages"], seconds, memory, disk(folder), kind, recall)


def run(command: list[str]) -> tuple[dict[str, Any], float]:
    """What a command printed, as JSON, and the peak of its resident memory in MB."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ)
    assert process.stdout is not None
    with process.stdout as output:
        printed = output.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise TargetFailed(f"{command}: exit status {process.returncode}")
    return json.loads(printed), _peak(usage)


def disk(folder: Path) -> int:
    """Bytes of all files below a folder, those that are linked to twice counted once."""
    found = {(s.st_dev, s.st_ino): s.st_size for p in folder.rglob("*") if p.is_file() and (s := p.stat())}
    return sum(found.values())


def _peak(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss * 1024 / 1e6
