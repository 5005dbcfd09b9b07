"""`python -m eval.benchmarks.speed_quickstart`: the LangChain quickstart as a FastAPI service and as an indexer.

What a reader of its tutorial would write: RecursiveCharacterTextSplitter of 1000 and 200 characters,
HuggingFaceEmbeddings with the same MiniLM, the FAISS vector store, ``similarity_search``. It retrieves
only: it has no ranking of sentences, no answer, no refusal, and stores nothing it is asked.

``index SOURCE FOLDER`` embeds a JSONL source and saves the store; ``generated SOURCE FOLDER VECTORS`` saves
one of vectors that are given, one a chunk; ``add SOURCE FOLDER`` loads it, adds
and saves; ``serve FOLDER PORT`` answers ``POST /v1/search``.
"""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.benchmarks.quickstart import CHUNK, OVERLAP
from indexer.encoder import DEFAULT_ENCODER, resolve_model

if TYPE_CHECKING:
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings


def main(arguments: list[str]) -> None:
    """Run one command; prints what it measured as JSON."""
    match arguments:
        case ["index", source, folder]:
            began = time.perf_counter()
            pieces = split(Path(source))
            embeddings = open_embeddings()
            loaded = time.perf_counter()
            from langchain_community.vectorstores import FAISS

            FAISS.from_documents(pieces, embeddings).save_local(folder)
            done = time.perf_counter()
            _print({"passages": len(pieces), "seconds": done - loaded, "opening": loaded - began})
        case ["generated", source, folder, vectors]:
            import numpy as np
            from langchain_community.vectorstores import FAISS

            pieces, given = split(Path(source)), np.load(vectors, allow_pickle=False)
            texts = zip((piece.page_content for piece in pieces), given, strict=True)
            store = FAISS.from_embeddings(texts, open_embeddings(), [piece.metadata for piece in pieces])
            store.save_local(folder)
            _print({"passages": len(pieces)})
        case ["add", source, folder]:
            store = open_store(Path(folder))
            store.add_documents(split(Path(source)))
            store.save_local(folder)
            _print({"passages": store.index.ntotal})
        case ["serve", folder, port]:
            serve(Path(folder), int(port))
        case _:
            raise SystemExit(__doc__)


def split(source: Path) -> "list[Document]":
    """The announcements of a JSONL source as the splitter cuts them."""
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    with source.open(encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    documents = [Document(each["text"], metadata={"source": each["id"]}) for each in found]
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
    chunks: list[Document] = splitter.split_documents(documents)
    return chunks


def open_embeddings() -> "HuggingFaceEmbeddings":
    from langchain_huggingface import HuggingFaceEmbeddings

    return HuggingFaceEmbeddings(model_name=resolve_model(DEFAULT_ENCODER))


def open_store(folder: Path) -> "FAISS":
    from langchain_community.vectorstores import FAISS

    return FAISS.load_local(str(folder), open_embeddings(), allow_dangerous_deserialization=True)


def serve(folder: Path, port: int) -> None:
    """Answer until stopped, as FastAPI's own tutorial serves a function."""
    import uvicorn
    from fastapi import FastAPI
    from pydantic import BaseModel

    class Question(BaseModel):
        question: str
        k: int = 5

    app = FastAPI()
    store = open_store(folder)

    @app.post("/v1/search")
    def search(asked: Question) -> dict[str, Any]:
        found = store.similarity_search(asked.question, k=asked.k)
        return {
            "passages": [{"source": each.metadata["source"], "text": each.page_content} for each in found]
        }

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


def _print(measured: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(measured) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
