"""The methods to compare with, each on whole texts or chunks and on single sentences."""

import sys

from eval.benchmarks.bm25 import Bm25, whole
from eval.benchmarks.method import Method, sentences_of
from eval.benchmarks.quickstart import Quickstart, chunks, missing_packages, open_embeddings

QUICKSTART = "LangChain quickstart"
QUICKSTART_SENTENCES = "LangChain quickstart, on sentences"
BM25 = "BM25"
BM25_SENTENCES = "BM25, on sentences"


def open_baselines(threads: int) -> list[Method]:
    """All of them; without the quickstart, saying so, where its packages are not installed."""
    methods: list[Method] = []
    missing = missing_packages()
    if missing:
        sys.stderr.write(f"the quickstart is left out: {', '.join(missing)} not installed\n")
    else:
        embeddings = open_embeddings(threads)
        methods += [
            Quickstart(QUICKSTART, chunks, embeddings, finds_sentences=False),
            Quickstart(QUICKSTART_SENTENCES, sentences_of, embeddings, finds_sentences=True),
        ]
    return [
        *methods,
        Bm25(BM25, whole, finds_sentences=False),
        Bm25(BM25_SENTENCES, sentences_of, finds_sentences=True),
    ]
