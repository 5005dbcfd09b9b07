"""Retrieval over a million passages, whose vectors are generated instead of encoded.

Everything else is the product's own: the database, the segments, the dense and lexical index, the server.
The passages are one sentence of a dozen drawn words. Their vectors lie in clusters, their token vectors
around their passage's; encoding a million passages for real would take the greater part of an hour.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.benchmarks.speed_indexing import disk
from eval.benchmarks.speed_load import latencies
from eval.benchmarks.speed_samples import percentile
from eval.benchmarks.speed_server import HOST, free_port, herald, running, search
from indexer.announcement import Announcement, Kind, Passage, Sentence
from indexer.catalogue import Catalogue
from indexer.derived import Change, write_generation
from indexer.encoder import DEFAULT_ENCODER, EncoderCard, Encoding, Floats, export_encoder, unit
from indexer.generation import Layout, current_generation, parse_manifest, point_to
from indexer.segment import write_segment

WORDS, VOCABULARY = 12, 50_000
CLUSTERS, SPREAD = 4_096, 0.6
BLOCK = 32_768
SEED = 7
ASKED, WARMING = 300, 50
THREADS = 2


@dataclass(frozen=True, slots=True)
class Million:
    """What retrieval over so many passages takes. Seconds, MB in memory, bytes on the disk.

    ``flat`` is exact search by FAISS over the same vectors alone, as the quickstart's store does it.
    """

    passages: int
    dense: str
    recall: float
    building: float
    first_answer: float
    p50: float
    p99: float
    memory: float
    disk: int
    flat: float


def measure(cache: Path, passages: int, say: Callable[[str], None]) -> Million:
    """Build the index where it is not there yet, and measure."""
    folder = cache / f"generated-{passages}"
    layout = Layout(folder)
    took = folder / "seconds"
    if not took.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        began = time.perf_counter()
        _build(layout, passages, say)
        took.write_text(str(time.perf_counter() - began), encoding="ascii")
    manifest = parse_manifest(layout, current_generation(layout))
    asked = [
        search(" ".join(words) + "?") for words in _words(np.random.default_rng(SEED + 1), ASKED + WARMING)
    ]
    port = free_port()
    with running(herald(folder, port), port, asked[0], {"HERALD_RATE_LIMIT": "0"}) as server:
        taken = latencies(HOST, port, asked)[WARMING:]
        memory = server.memory()
    return Million(
        passages=passages,
        dense=manifest.dense,
        recall=manifest.recall,
        building=float(took.read_text(encoding="ascii")),
        first_answer=server.first_answer,
        p50=percentile(taken, 0.5),
        p99=percentile(taken, 0.99),
        memory=memory,
        disk=disk(folder),
        flat=_flat(passages),
    )


def _build(layout: Layout, passages: int, say: Callable[[str], None]) -> None:
    layout.folder.mkdir(parents=True)
    exported = layout.encoders / "exported"
    card = export_encoder(DEFAULT_ENCODER, exported)
    exported.replace(layout.encoder(card.fingerprint))
    catalogue = Catalogue(layout.database, create=True)
    try:
        revisions: list[int] = []
        for first in range(0, passages, BLOCK):
            say(f"{first} of {passages} passages generated")
            revisions += _block(layout, catalogue, card, first, min(BLOCK, passages - first))
        say("writing the generation")
        change = Change(lambda: [], revisions, [])
        write_generation(layout, catalogue, 1, change, card=card, former=None, threads=THREADS)
        catalogue.publish(1, revisions, [])
    finally:
        catalogue.close()
    point_to(layout, 1)


def _block(layout: Layout, catalogue: Catalogue, card: EncoderCard, first: int, count: int) -> list[int]:
    """Stage and encode announcements ``first`` to ``first + count``; their revisions."""
    random = np.random.default_rng([SEED, first])
    texts = [" ".join(words).capitalize() + "." for words in _words(random, count)]
    staged = [
        (
            Announcement(f"g{first + i:08}", text, text[:40], "en"),
            [Passage(0, len(text), (Sentence(0, len(text), Kind.BODY),))],
        )
        for i, text in enumerate(texts)
    ]
    revisions = catalogue.stage(staged, "generated")
    ids = [stored.id for stored in catalogue.passages_of(revisions)]
    pooled = _pooled(random, count, card.dimensions)
    name = f"{first:08x}"
    write_segment(layout.segment(name), [_encoding(random, p, t) for p, t in zip(pooled, texts, strict=True)])
    catalogue.place(card.fingerprint, name, ids)
    return revisions


def _encoding(random: np.random.Generator, pooled: Floats, text: str) -> Encoding:
    """One token a word, scattered around the passage's vector."""
    ends = [i for i, letter in enumerate(text) if letter in " ."]
    starts = [0, *(end + 1 for end in ends[:-1])]
    noise = random.standard_normal((len(ends), len(pooled)), np.float32) / np.sqrt(np.float32(len(pooled)))
    return Encoding(
        pooled=pooled,
        tokens=unit(pooled + noise),
        pieces=random.integers(1_000, 30_000, len(ends)).astype(np.int32),
        spans=np.stack([starts, ends], axis=1).astype(np.int32),
    )


def _pooled(random: np.random.Generator, count: int, dimensions: int) -> Floats:
    centres = unit(np.random.default_rng(SEED).standard_normal((CLUSTERS, dimensions), np.float32))
    noise = random.standard_normal((count, dimensions), np.float32) * np.float32(SPREAD / dimensions**0.5)
    return unit(centres[random.integers(0, CLUSTERS, count)] + noise)


def _words(random: np.random.Generator, count: int) -> list[list[str]]:
    """Words by Zipf's law, so that some are in a great part of the passages."""
    drawn = np.minimum(random.zipf(1.3, (count, WORDS)), VOCABULARY)
    return [[_spelled(number) for number in row] for row in drawn.tolist()]


def _spelled(number: int) -> str:
    """A word for a number: pairs of a consonant and a vowel."""
    letters = ""
    while number:
        number, digit = divmod(number, 80)
        letters += "bcdfghjklmnprstv"[digit // 5] + "aeiou"[digit % 5]
    return letters


def _flat(passages: int) -> float:
    """Seconds that exact search by FAISS takes over as many vectors; the median of 20 questions."""
    import faiss

    faiss.omp_set_num_threads(THREADS)
    dimensions = 384
    index = faiss.IndexFlatL2(dimensions)
    for first in range(0, passages, BLOCK):
        random = np.random.default_rng([SEED, first])
        index.add(_pooled(random, min(BLOCK, passages - first), dimensions))
    taken = []
    for question in _pooled(np.random.default_rng(SEED + 2), 20, dimensions):
        began = time.perf_counter()
        index.search(question[None, :], 5)
        taken.append(time.perf_counter() - began)
    return percentile(taken, 0.5)
