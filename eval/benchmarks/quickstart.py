"""The LangChain quickstart, to compare with: split, embed, FAISS, nearest pieces.

RecursiveCharacterTextSplitter with chunks of 1000 characters that overlap by 200, the same
all-MiniLM-L6-v2 through langchain-huggingface, and the FAISS vector store of langchain-community, all
with their defaults.
"""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from eval.benchmarks.method import Document, Finding, Piece, unique
from indexer.encoder import DEFAULT_ENCODER, resolve_model

if TYPE_CHECKING:
    from langchain_core.documents import Document as Chunk
    from langchain_core.embeddings import Embeddings

CHUNK = 1000
OVERLAP = 200
DEPTH = 50
"""Pieces asked of FAISS, so that five different documents are among them."""
PACKAGES = ("langchain_community", "langchain_huggingface", "langchain_text_splitters")


def missing_packages() -> list[str]:
    """Which of the packages that this needs are not installed."""
    return [name for name in PACKAGES if find_spec(name) is None]


class Quickstart:
    """The nearest pieces by cosine; ``split`` says what a piece is."""

    def __init__(
        self,
        name: str,
        split: Callable[[Document], list[Piece]],
        embeddings: "Embeddings",
        *,
        finds_sentences: bool,
    ) -> None:
        self.name = name
        self.finds_sentences = finds_sentences
        self._split = split
        self._embeddings = embeddings

    def index(self, documents: Sequence[Document]) -> None:
        from langchain_community.vectorstores import FAISS
        from langchain_core.documents import Document as Chunk

        self._store = FAISS.from_documents(
            [
                Chunk(
                    page_content=piece.text, metadata={"source": piece.document, "start_index": piece.start}
                )
                for document in documents
                for piece in self._split(document)
            ],
            self._embeddings,
        )

    def find(self, questions: Sequence[str]) -> list[Finding]:
        # All in one batch: embedded one by one, they would take most of the benchmark's time.
        self._embeddings.embed_documents([*questions])
        return [self._find(question) for question in questions]

    def _find(self, question: str) -> Finding:
        hits = self._store.similarity_search_with_score(question, k=DEPTH)
        best, distance = hits[0]
        # The store gives the squared distance of unit vectors: 2 - 2 cos.
        return Finding(unique(_piece(hit).document for hit, _ in hits), _piece(best), 1 - float(distance) / 2)


def chunks(document: Document) -> list[Piece]:
    """A document as the splitter cuts it."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
    return [
        Piece(document.id, chunk.metadata["start_index"], chunk.page_content)
        for chunk in splitter.create_documents([document.text])
    ]


def open_embeddings(threads: int) -> "Embeddings":
    """The embedding model. Each text is embedded once, however often it is indexed."""
    import torch
    from langchain_core.embeddings import Embeddings
    from langchain_huggingface import HuggingFaceEmbeddings

    class Remembering(Embeddings):
        def __init__(self) -> None:
            self._model = HuggingFaceEmbeddings(model_name=resolve_model(DEFAULT_ENCODER))
            self._known: dict[str, list[float]] = {}

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
            if fresh:
                self._known.update(zip(fresh, self._model.embed_documents(fresh), strict=True))
            return [self._known[text] for text in texts]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    torch.set_num_threads(threads)
    return Remembering()


def _piece(chunk: "Chunk") -> Piece:
    return Piece(chunk.metadata["source"], chunk.metadata["start_index"], chunk.page_content)
