"""Building the indexes that are measured, once for each size, and how long that takes."""

import json
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

import indexer.builder
from eval.benchmarks.speed_corpus import announcement, write_source
from eval.benchmarks.speed_likeness import Likeness
from eval.benchmarks.speed_server import module, plain_environment
from eval.errors import TargetFailed
from indexer.array_file import load_array
from indexer.encoder import DEFAULT_ENCODER, Floats, read_card
from indexer.generation import Layout, current_generation, parse_manifest
from indexer.segment import Segment

HERALD, QUICKSTART = "Herald", "LangChain quickstart"


GENERATED_FROM = 50_000
"""Passages from which on vectors are made by ``speed_likeness`` and not by the encoder."""
SAMPLED = 1_000
THREADS = 2
WATCHED = 0.02
"""Seconds between two looks at a process's memory."""


@dataclass(frozen=True, slots=True)
class Built:
    """An index and what it took. ``seconds`` are the command's, from start to end; ``memory`` is its peak
    in MB, ``disk`` the index's bytes without the encoder's. ``encoded`` is False where vectors were generated:
    what building took then tells nothing of indexing."""

    passages: int
    seconds: float
    memory: float
    disk: int
    kind: str = ""
    recall: float = 1.0
    encoded: bool = True


@dataclass(frozen=True, slots=True)
class Exported:
    """What it takes to export the encoder, which is done once for an index: seconds, peak MB, bytes."""

    seconds: float
    memory: float
    disk: int


@dataclass(frozen=True, slots=True)
class Cellar:
    """The folder that keeps corpora and indexes from one run to the next."""

    folder: Path
    generated_from: int = GENERATED_FROM

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

    def encoders(self) -> Path:
        """A folder with the exported encoder, as it lies in an index."""
        return self.folder / "encoder"

    def exported(self) -> Exported:
        """What exporting the encoder takes; done where it was not done yet."""
        record = self.folder / "encoder.json"
        if not record.is_file():
            shutil.rmtree(self.encoders(), ignore_errors=True)
            self.encoders().mkdir(parents=True)
            new = self.encoders() / "new"
            began = time.perf_counter()
            _, memory = execute([sys.executable, "-m", "indexer.encoder", DEFAULT_ENCODER, str(new)])
            made = Exported(time.perf_counter() - began, memory, disk(new))
            new.replace(self.encoders() / read_card(new).fingerprint)
            record.write_text(json.dumps(asdict(made), indent=1), encoding="utf-8")
        return Exported(**json.loads(record.read_text(encoding="utf-8")))

    def likeness(self) -> Likeness:
        """An encoder that guesses, for what would take too long to encode."""
        self.exported()
        sample = [announcement(number).text for number in range(SAMPLED)]
        return Likeness(next(self.encoders().iterdir()), sample)

    def built(self, whom: str, size: int, *, anew: bool = False) -> Built:
        """The index of that size, built where it is not there yet, and what building it took."""
        record = self.folder / f"{self.index(whom, size).name}.json"
        if anew or not record.is_file():
            record.unlink(missing_ok=True)
            folder = self.index(whom, size)
            shutil.rmtree(folder, ignore_errors=True)
            if whom == HERALD:
                self.exported()
                folder.mkdir(parents=True)
                shutil.copytree(self.encoders(), Layout(folder).encoders)
            made = self._build(whom, size, folder)
            record.write_text(json.dumps(asdict(made), indent=1), encoding="utf-8")
        return Built(**json.loads(record.read_text(encoding="utf-8")))

    def _build(self, whom: str, size: int, folder: Path) -> Built:
        if size < self.generated_from:
            return build(whom, self.source(size), folder)
        began = time.perf_counter()
        if whom == HERALD:
            report = indexer.builder.build(
                [self.source(size)], folder, threads=THREADS, encoder=self.likeness()
            )
            seconds = time.perf_counter() - began
            own = disk(folder) - disk(Layout(folder).encoders)
            return Built(report.passages, seconds, 0.0, own, report.dense, report.recall, encoded=False)
        # Of the same passages, the quickstart is given the same vectors.
        self.built(HERALD, size)
        vectors = self.folder / f"vectors-{size}.npy"
        np.save(vectors, pooled(self.index(HERALD, size)), allow_pickle=False)
        made, _ = run(module("speed_quickstart", "generated", self.source(size), folder, vectors))
        vectors.unlink()
        seconds = time.perf_counter() - began
        return Built(made["passages"], seconds, 0.0, disk(folder), "flat", 1.0, encoded=False)


def pooled(folder: Path) -> Floats:
    """The vectors of an index's passages, in the order of their ids."""
    layout = Layout(folder)
    number = current_generation(layout)
    segments = [Segment(layout.segment(name)) for name in parse_manifest(layout, number).segments]
    rows = load_array(layout.generation(number) / "rows.npy", np.int64, 2)
    found = np.empty((len(rows), segments[0].pooled.shape[1]), np.float32)
    for segment, of in enumerate(segments):
        mine = rows[:, 1] == segment
        found[mine] = of.pooled[rows[mine, 2]]
    return found


def build(whom: str, source: Path, folder: Path) -> Built:
    """Index a source with the command of Herald or of the quickstart. Herald's encoder is there already."""
    before = disk(folder)
    began = time.perf_counter()
    if whom == HERALD:
        program = Path(sys.executable).with_name("herald")
        report, memory = run([str(program), "index", str(source), "--index", str(folder), "--json"])
        kind, recall = report["dense"], report["recall"]
    else:
        report, memory = run(module("speed_quickstart", "index", source, folder))
        kind, recall = "flat", 1.0
    seconds = time.perf_counter() - began
    return Built(report["passages"], seconds, memory, disk(folder) - before, kind, recall)


def run(command: list[str]) -> tuple[dict[str, Any], float]:
    """What a command printed, as JSON, and the peak of its resident memory in MB."""
    printed, memory = execute(command)
    return json.loads(printed), memory


def execute(command: list[str]) -> tuple[bytes, float]:
    """What a command printed, and the peak of its resident memory in MB. Raises TargetFailed."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=plain_environment())
    with ThreadPoolExecutor(1) as pool:
        peak = pool.submit(_peak, process)
        printed, _ = process.communicate()
    if process.returncode:
        raise TargetFailed(f"{command}: exit status {process.returncode}")
    return printed, peak.result()


def disk(folder: Path) -> int:
    """Bytes of all files below a folder, those that are linked to twice counted once."""
    found = {(s.st_dev, s.st_ino): s.st_size for p in folder.rglob("*") if p.is_file() and (s := p.stat())}
    return sum(found.values())


def _peak(process: "subprocess.Popen[bytes]") -> float:
    """The peak of a process's resident memory in MB, read until it ends. (That in ``os.wait4`` is at least
    the memory of the process that started it, which may be larger.)"""
    status, peak = Path(f"/proc/{process.pid}/status"), 0
    while process.returncode is None:
        try:
            lines = status.read_text(encoding="ascii").splitlines()
        except OSError:
            break
        peak = max([peak, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))])
        time.sleep(WATCHED)
    return peak * 1024 / 1e6
