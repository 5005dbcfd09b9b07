"""The dense index: from a question's vector to the passages whose vectors lie nearest.

This is the only module that imports faiss.
"""

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np

from indexer.encoder import Floats
from indexer.errors import IndexDamaged

FLAT_UP_TO = 50_000
"""Passages. Up to here exact search is as quick as anything else (docs/speed.md)."""
NEIGHBOURS = 32
SEARCH_BREADTH = 96
SAMPLE = 200


class DenseIndex:
    """Passage vectors by inner product; rows are numbered as they were added."""

    def __init__(self, path: Path) -> None:
        """Open, memory-mapped, what ``build_dense`` wrote. Raises IndexDamaged."""
        faiss.omp_set_num_threads(1)  # its threads would fight with onnxruntime's and the requests'
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except RuntimeError as error:
            raise IndexDamaged(f"{path}: {error}") from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Floats, k: int) -> list[tuple[int, float]]:
        """The k nearest rows to a unit vector [D], with their cosine, best first."""
        if not len(self):
            return []
        scores, rows = self._index.search(vector[None, :], min(k, len(self)))
        return [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]


def build_dense(path: Path, vectors: Sequence[Floats], dimensions: int, threads: int) -> tuple[str, float]:
    """Write an index of blocks of unit vectors [n, D]; its kind and its recall@10 on a sample.

    The blocks are gone through one at a time, as often as needed, so they may be read as they are asked for.
    """
    total = sum(map(len, vectors))
    faiss.omp_set_num_threads(threads)
    kind = "flat" if total <= FLAT_UP_TO else f"hnsw{NEIGHBOURS}"
    index = _new(kind, dimensions)
    for block in vectors:
        index.add(np.ascontiguousarray(block, np.float32))
    faiss.write_index(index, str(path))
    return kind, 1.0 if kind == "flat" else _recall(index, vectors)


def _new(kind: str, dimensions: int) -> "faiss.Index":
    if kind == "flat":
        return faiss.IndexFlatIP(dimensions)
    index = faiss.IndexHNSWFlat(dimensions, NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efSearch = SEARCH_BREADTH
    return index


def _recall(index: "faiss.Index", vectors: Sequence[Floats], k: int = 10) -> float:
    exact = faiss.IndexFlatIP(index.d)
    for block in vectors:
        exact.add(np.ascontiguousarray(block, np.float32))
    rows = np.random.default_rng(0).choice(index.ntotal, SAMPLE, replace=False)
    queries = np.stack([exact.reconstruct(int(row)) for row in rows])
    truth, found = exact.search(queries, k)[1], index.search(queries, k)[1]
    shared = [len(set(a) & set(b)) for a, b in zip(truth.tolist(), found.tolist(), strict=True)]
    return sum(shared) / (k * len(rows))
