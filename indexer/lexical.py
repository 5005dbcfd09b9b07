"""The lexical index: from a question's terms to the passages that share them, by BM25.

Terms come from ``indexer.lexicon``; tantivy stores and ranks them. This is the only module that
imports tantivy.
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from indexer.errors import IndexDamaged

MEMORY = 64 * 2**20
"""Bytes that a writer gathers before it flushes."""


class LexicalIndex:
    """Passage ids by BM25 over their terms. Safe to search from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open what ``build_lexical`` wrote. Raises IndexDamaged."""
        self._index = _open(folder)
        self._searcher = self._index.searcher()
        self._schema = self._index.schema

    def __len__(self) -> int:
        return self._searcher.num_docs

    def search(self, terms: Sequence[str], k: int) -> list[tuple[int, float]]:
        """The k best passages for some terms, with their BM25 score, best first."""
        if not terms:
            return []
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "terms", term, "freq"))
            for term in dict.fromkeys(terms)
        ]
        hits = self._searcher.search(tantivy.Query.boolean_query(clauses), k, count=False).hits
        ids = self._searcher.fast_field_values("passage", [address for _, address in hits])
        return [(int(id or 0), float(score)) for id, (score, _) in zip(ids, hits, strict=True)]

    def frequency(self, term: str) -> int:
        """In how many passages a term occurs (passages removed since the last merge included)."""
        return self._searcher.doc_freq("terms", term)


def build_lexical(
    folder: Path,
    former: Path | None,
    added: Iterable[tuple[int, int, Sequence[str]]],
    removed: Iterable[int],
) -> None:
    """Write an index: what ``former`` holds, less some revisions, plus some passages.

    ``added`` gives passage id, revision number and terms; ``removed`` gives revision numbers.
    ``former`` is left as it is: the unchanged files are shared by hard links.
    """
    if former is None:
        folder.mkdir()
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer("terms", _analyzer())
    else:
        shutil.copytree(former, folder, copy_function=_link, ignore=shutil.ignore_patterns("*.lock"))
        index = _open(folder)
    writer = index.writer(heap_size=MEMORY, num_threads=1)
    for revision in removed:
        writer.delete_documents_by_term("revision", str(revision))
    for passage, revision, terms in added:
        document = tantivy.Document()
        document.add_unsigned("passage", passage)
        document.add_text("revision", str(revision))
        document.add_text("terms", " ".join(terms))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    for lock in folder.glob(".*.lock"):
        lock.unlink()


def _link(source: str, target: str) -> None:
    # tantivy replaces its two small JSON files; a link to them would be replaced too, not written through,
    # but a copy of them is as cheap and does not depend on that.
    if source.endswith(".json"):
        shutil.copyfile(source, target)
    else:
        os.link(source, target)


def _open(folder: Path) -> "tantivy.Index":
    try:
        index = tantivy.Index.open(str(folder))
    except ValueError as error:
        raise IndexDamaged(f"{folder}: {error}") from error
    index.register_tokenizer("terms", _analyzer())
    return index


def _schema() -> "tantivy.Schema":
    # Deletion goes by the revision as text: deleting by an integer field silently deletes nothing.
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage", fast=True)
    builder.add_text_field("revision", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("terms", tokenizer_name="terms", index_option="freq")
    return builder.build()


def _analyzer() -> "tantivy.TextAnalyzer":
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
