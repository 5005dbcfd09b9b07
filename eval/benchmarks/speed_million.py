"""Retrieval over a million passages, whose vectors are made by ``speed_likeness`` instead of encoded.

Everything else is the product's own: the database, the segments, the dense and lexical index, the server.
The passages are the headlines of the corpus with their dates; encoding a million for real would take hours.
"""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.benchmarks.speed_corpus import announcement
from eval.benchmarks.speed_indexing import Cellar, disk, pooled
from eval.benchmarks.speed_likeness import Likeness
from eval.benchmarks.speed_load import latencies
from eval.benchmarks.speed_samples import percentile
from eval.benchmarks.speed_server import HOST, free_port, herald, running, search
from indexer.announcement import Announcement, Kind, Passage, Sentence
from indexer.catalogue import Catalogue
from indexer.derived import Change, write_generation
from indexer.generation import Layout, current_generation, parse_manifest, point_to
from indexer.segment import write_segment

BLOCK = 16_384
SEED = 7
ASKED, WARMING, EXACTLY = 300, 50, 20
THREADS = 2


@dataclass(frozen=True, slots=True)
class Million:
    """What retrieval over so many passages takes. Seconds, MB in memory, bytes on the disk.

    ``flat`` is exact search by FAISS over the same vectors alone, as the quickstart's store does it. ``cold_p50``
    and ``cold_p99`` are of searches where nothing of the index was in memory when the server was started,
    ``p50`` and ``p99`` of the same searches once more.
    """

    passages: int
    dense: str
    recall: float
    building: float
    first_answer: float
    cold_p50: float
    cold_p99: float
    p50: float
    p99: float
    memory: float
    disk: int
    flat: float


def measure(cellar: Cellar, passages: int, say: Callable[[str], None]) -> Million:
    """Build the index where it is not there yet, and measure."""
    folder = cellar.folder / f"generated-{passages}"
    layout = Layout(folder)
    took = folder / "seconds"
    if not took.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        likeness = cellar.likeness()
        shutil.copytree(cellar.encoders(), layout.encoders)
        began = time.perf_counter()
        _build(layout, likeness, passages, say)
        took.write_text(str(time.perf_counter() - began), encoding="ascii")
    manifest = parse_manifest(layout, current_generation(layout))
    numbers = np.random.default_rng(SEED).choice(passages, ASKED + WARMING, replace=False).tolist()
    asked = [
        search(f"When was the {_headline(number)[0].lower()}{_headline(number)[1:]} announced?")
        for number in numbers
    ]
    _forget(folder)
    port = free_port()
    with running(herald(folder, port), port, asked[0], {"HERALD_RATE_LIMIT": "0"}) as server:
        cold = latencies(HOST, port, asked)[WARMING:]
        taken = latencies(HOST, port, asked)[WARMING:]
        memory = server.memory()
    return Million(
        passages=passages,
        dense=manifest.dense,
        recall=manifest.recall,
        building=float(took.read_text(encoding="ascii")),
        first_answer=server.first_answer,
        cold_p50=percentile(cold, 0.5),
        cold_p99=percentile(cold, 0.99),
        p50=percentile(taken, 0.5),
        p99=percentile(taken, 0.99),
        memory=memory,
        disk=disk(folder) - disk(layout.encoders),
        flat=_flat(folder),
    )


def _build(layout: Layout, likeness: Likeness, passages: int, say: Callable[[str], None]) -> None:
    catalogue = Catalogue(layout.database, create=True)
    try:
        revisions: list[int] = []
        for first in range(0, passages, BLOCK):
            say(f"{first} of {passages} passages generated")
            revisions += _block(layout, catalogue, likeness, range(first, min(first + BLOCK, passages)))
        say("writing the generation")
        change = Change(lambda: [], revisions, [])
        write_generation(layout, catalogue, 1, change, card=likeness.card, former=None, threads=THREADS)
        catalogue.publish(1, revisions, [])
    finally:
        catalogue.close()
    point_to(layout, 1)


def _block(layout: Layout, catalogue: Catalogue, likeness: Likeness, numbers: range) -> list[int]:
    """Stage some announcements, and write their vectors; their revisions."""
    texts = [f"{_headline(number)}." for number in numbers]
    staged = [
        (
            Announcement(f"g{number:08}", text, text, "en"),
            [Passage(0, len(text), (Sentence(0, len(text), Kind.BODY),))],
        )
        for number, text in zip(numbers, texts, strict=True)
    ]
    revisions = catalogue.stage(staged, "generated")
    ids = [stored.id for stored in catalogue.passages_of(revisions)]
    name = f"{numbers.start:08x}"
    write_segment(layout.segment(name), likeness.encode_passages(texts))
    catalogue.place(likeness.card.fingerprint, name, ids)
    return revisions


def _headline(number: int) -> str:
    made = announcement(number)
    return f"{made.title} on {made.published}"


def _forget(folder: Path) -> None:
    """Have the system drop from memory what it keeps of a folder's files, as after a start of the machine."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _flat(folder: Path) -> float:
    """Seconds that exact search by FAISS takes over an index's vectors; the median of EXACTLY questions."""
    import faiss

    faiss.omp_set_num_threads(THREADS)
    vectors = pooled(folder)
    index = faiss.IndexFlatL2(vectors.shape[1])
    index.add(vectors)
    taken = []
    for question in vectors[:: max(1, len(vectors) // EXACTLY)][:EXACTLY]:
        began = time.perf_counter()
        index.search(question[None, :], 5)
        taken.append(time.perf_counter() - began)
    return percentile(taken, 0.5)
