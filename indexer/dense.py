"""The dense index: from a question's vector to the passages whose vectors lie nearest.

A base that is searched by faiss, exactly or approximately as its size asks for, and a small exact delta
of what was added since, so that adding one passage to a million does not write the million again. Only
this module imports faiss.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from indexer.array_file import load_array
from indexer.encoder import Floats
from indexer.errors import IndexDamaged

Ids = npt.NDArray[np.int64]

FLAT_UP_TO = 50_000
"""Passages up to which search is exact."""
HNSW_UP_TO = 300_000
"""Passages. Beyond, building the graph takes too long, and quantised lists take a third of the memory."""
NEIGHBOURS = 32
SEARCH_BREADTH = 96
TRAINED_ON = 64
"""Vectors a list that the centres of the lists are learnt from."""
PROBED = 48
"""Lists that are looked into."""
REFINED = 8
"""Candidates a result whose finer vectors are compared."""
SAMPLE = 200
DELTA_UP_TO = 2_048
"""Passages beside the base; more are merged into it."""
GONE_UP_TO = 0.2
"""The share of the base that may be gone before it is made anew."""

BASE, BASE_IDS, GONE, DELTA, DELTA_IDS = (
    "dense.faiss",
    "dense_ids.npy",
    "gone.npy",
    "delta.npy",
    "delta_ids.npy",
)


@dataclass(frozen=True, slots=True)
class DenseKind:
    """``name`` is the kind of the base, ``recall`` its measured recall@10 on a sample of its own vectors."""

    name: str
    recall: float


class DenseIndex:
    """Passage ids by inner product."""

    def __init__(self, folder: Path) -> None:
        """Open, memory-mapped, what was written into a generation's folder. Raises IndexDamaged."""
        self._base = _read(folder / BASE)
        self._ids = load_array(folder / BASE_IDS, np.int64, 1)
        self._gone = load_array(folder / GONE, np.int64, 1)
        delta = load_array(folder / DELTA, np.float32, 2)
        self._delta_ids = load_array(folder / DELTA_IDS, np.int64, 1)
        if len(self._ids) != self._base.ntotal or len(delta) != len(self._delta_ids):
            raise IndexDamaged(f"{folder}: its dense files do not belong together")
        self._delta = faiss.IndexFlatIP(self._base.d)
        self._delta.add(delta)
        self._parameters = _parameters(self._base, self._gone)

    def __len__(self) -> int:
        return len(self._ids) - len(self._gone) + len(self._delta_ids)

    def search(self, vector: Floats, k: int) -> list[tuple[int, float]]:
        """The ids of the k nearest passages to a unit vector [D], with their cosine, best first."""
        # Its threads would fight with onnxruntime's and the requests'. OpenMP keeps this for each thread.
        faiss.omp_set_num_threads(1)
        found = _hits(self._base, self._ids, vector, k, self._parameters)
        if len(self._delta_ids):
            found += _hits(self._delta, self._delta_ids, vector, k, None)
            found.sort(key=lambda hit: -hit[1])
        return found[:k]


def build_dense(
    folder: Path, ids: Ids, vectors: Sequence[Floats], dimensions: int, threads: int
) -> DenseKind:
    """Write an index of blocks of unit vectors [n, D], which belong to ``ids`` in their order.

    The blocks are gone through one at a time, as often as needed, so they may be read as they are asked for.
    """
    faiss.omp_set_num_threads(threads)
    name = kind_for(len(ids))
    base = _new(name, dimensions, len(ids))
    _train(base, vectors, len(ids))
    for block in vectors:
        base.add(np.ascontiguousarray(block, np.float32))
    faiss.write_index(base, str(folder / BASE))
    np.save(folder / BASE_IDS, ids, allow_pickle=False)
    _write_rest(folder, np.zeros(0, np.int64), np.zeros((0, dimensions), np.float32), np.zeros(0, np.int64))
    return DenseKind(name, 1.0 if name == "flat" else _recall(base, vectors))


def carry_dense(folder: Path, former: Path, removed: Ids, added: Ids, vectors: Floats) -> bool:
    """Write what the generation ``former`` holds less the passages ``removed`` plus ``added``.

    The base is shared by a hard link; where the delta has grown too large, it is merged into a new one.
    False, with nothing written, where the index is to be built anew: too much of the base is gone, or
    its kind is not the one for its size any more. Raises IndexDamaged.
    """
    ids = load_array(former / BASE_IDS, np.int64, 1)
    gone = np.union1d(load_array(former / GONE, np.int64, 1), np.flatnonzero(np.isin(ids, removed)))
    kept = ~np.isin(load_array(former / DELTA_IDS, np.int64, 1), removed)
    delta_ids = np.concatenate([load_array(former / DELTA_IDS, np.int64, 1)[kept], added])
    delta = np.concatenate([load_array(former / DELTA, np.float32, 2)[kept], vectors])
    total = len(ids) + len(delta_ids)
    if len(gone) > GONE_UP_TO * max(len(ids), 1) or kind_for(total) != kind_for(len(ids)):
        return False
    if len(delta_ids) <= DELTA_UP_TO:
        os.link(former / BASE, folder / BASE)
        os.link(former / BASE_IDS, folder / BASE_IDS)
        _write_rest(folder, gone, delta, delta_ids)
        return True
    base = _read(former / BASE, mapped=False)
    base.add(delta)
    faiss.write_index(base, str(folder / BASE))
    np.save(folder / BASE_IDS, np.concatenate([ids, delta_ids]), allow_pickle=False)
    _write_rest(folder, gone, delta[:0], delta_ids[:0])
    return True


def kind_for(passages: int) -> str:
    """The kind of index that is quickest at this size without giving up what is nearest."""
    if passages <= FLAT_UP_TO:
        return "flat"
    return f"hnsw{NEIGHBOURS}-fp16" if passages <= HNSW_UP_TO else "ivf-rabitq"


def _new(kind: str, dimensions: int, passages: int) -> Any:
    if kind == "flat":
        return faiss.IndexFlatIP(dimensions)
    if kind == "ivf-rabitq":
        lists = 1 << int(4 * passages**0.5).bit_length() - 1
        factory = f"IVF{lists},RaBitQ,Refine(SQ8)"
        lists_index: Any = faiss.index_factory(dimensions, factory, faiss.METRIC_INNER_PRODUCT)
        lists_index.k_factor = REFINED
        faiss.extract_index_ivf(lists_index.base_index).nprobe = PROBED
        return lists_index
    halves: Any = faiss.ScalarQuantizer.QT_fp16
    index = faiss.IndexHNSWSQ(dimensions, halves, NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efSearch = SEARCH_BREADTH
    return index


def _train(index: Any, vectors: Sequence[Floats], total: int) -> None:
    """Learn what the index has to know of the vectors from a sample of them, drawn from all blocks."""
    if index.is_trained:
        return
    wanted = TRAINED_ON * faiss.extract_index_ivf(index.base_index).nlist
    step = max(1, total // wanted)
    index.train(np.concatenate([np.asarray(block[::step], np.float32) for block in vectors]))


def _recall(index: "faiss.Index", vectors: Sequence[Floats], k: int = 10) -> float:
    """Which share of the exact k nearest is found, for SAMPLE of the vectors themselves."""
    rows = np.sort(np.random.default_rng(0).choice(index.ntotal, SAMPLE, replace=False))
    bounds = np.cumsum([0, *map(len, vectors)])
    queries = np.concatenate(
        [
            np.asarray(block[rows[(rows >= first) & (rows < last)] - first], np.float32)
            for block, first, last in zip(vectors, bounds, bounds[1:], strict=False)
        ]
    )
    heap = faiss.ResultHeap(len(queries), k, keep_max=True)
    for block, first in zip(vectors, bounds, strict=False):
        exact = faiss.IndexFlatIP(index.d)
        exact.add(np.ascontiguousarray(block, np.float32))
        scores, found = exact.search(queries, k)
        heap.add_result(scores, found + int(first))
    heap.finalize()
    truth, approximate = heap.I, index.search(queries, k)[1]
    shared = [len(set(a) & set(b)) for a, b in zip(truth.tolist(), approximate.tolist(), strict=True)]
    return sum(shared) / (k * len(rows))


def _parameters(base: "faiss.Index", gone: Ids) -> Any:
    """How to search the base without finding what is gone; None where nothing is."""
    if not len(gone):
        return None
    # Its type stubs do not know what its Python side adds to these constructors.
    parameters: Any = faiss
    selector = faiss.IDSelectorNot(faiss.IDSelectorBatch(gone))
    if isinstance(base, faiss.IndexHNSW):
        return parameters.SearchParametersHNSW(sel=selector, efSearch=SEARCH_BREADTH)
    if isinstance(base, faiss.IndexRefine):
        lists = parameters.IVFRaBitQSearchParameters(sel=selector, nprobe=PROBED)
        return parameters.IndexRefineSearchParameters(k_factor=REFINED, base_index_params=lists)
    return parameters.SearchParameters(sel=selector)


def _hits(index: "faiss.Index", ids: Ids, vector: Floats, k: int, parameters: Any) -> list[tuple[int, float]]:
    if not index.ntotal:
        return []
    scores, rows = index.search(vector[None, :], min(k, index.ntotal), params=parameters)
    found = rows[0] >= 0
    return list(zip(ids[rows[0][found]].tolist(), scores[0][found].tolist(), strict=True))


def _write_rest(folder: Path, gone: Ids, delta: Floats, delta_ids: Ids) -> None:
    for name, array in ((GONE, gone), (DELTA, delta), (DELTA_IDS, delta_ids)):
        np.save(folder / name, array, allow_pickle=False)


def _read(path: Path, *, mapped: bool = True) -> "faiss.Index":
    try:
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC | faiss.IO_FLAG_READ_ONLY if mapped else 0)
    except RuntimeError as error:
        raise IndexDamaged(f"{path}: {error}") from error
