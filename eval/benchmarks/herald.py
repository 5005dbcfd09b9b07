"""Herald itself as a method: its index, its retrieval and its judgement, as the service runs them."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

from eval.benchmarks.method import Document, Finding, Piece, unique
from eval.errors import TargetFailed
from indexer.builder import build
from indexer.encoder import DEFAULT_ENCODER, export_encoder
from indexer.generation import Layout
from indexer.index import Index, LiveIndex
from indexer.language import detect
from service.answering.assistant import Assistant
from service.answering.decision import judge_found
from service.answering.lead import lead_of
from service.answering.question import analyse
from service.answering.retriever import retrieve
from service.settings import Settings
from service.wiring import load_weights, open_assistant

NAME = "Herald"
CORPUS = "corpus.jsonl"
EXPORTED = "exported"


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder to build indexes in, and how. The encoder is exported once, and each index links to it."""

    folder: Path
    threads: int
    fingerprint: str

    def new_folder(self) -> Path:
        """An empty index folder that has the encoder."""
        made = Path(mkdtemp(dir=self.folder))
        shutil.copytree(self.folder / EXPORTED, Layout(made).encoder(self.fingerprint), copy_function=os.link)
        return made


def open_workshop(folder: Path, threads: int) -> Workshop:
    """A workshop in an existing folder."""
    return Workshop(folder, threads, export_encoder(DEFAULT_ENCODER, folder / EXPORTED).fingerprint)


class Herald:
    """Documents become announcements of one JSONL file, which lies in the index folder."""

    name = NAME
    finds_sentences = True

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._folder = workshop.new_folder()
        self._weights = load_weights()

    @property
    def threshold(self) -> float:
        """The probability from which the product answers."""
        return float(self._weights.answerability.threshold)

    def index(self, documents: Sequence[Document]) -> None:
        source = self._folder / CORPUS
        write_announcements(source, documents)
        self._index = build_index([source], self._folder, self._workshop.threads)
        for document in documents:
            revision = self._index.revision(document.id)
            if revision is None or revision.announcement.text != document.text:
                raise TargetFailed(f"{document.id} is not in the index as it was given")

    def find(self, questions: Sequence[str]) -> list[Finding]:
        return [self._find(question) for question in questions]

    def _find(self, question: str) -> Finding:
        found = retrieve(self._index, analyse(question, detect(question)), self._weights.scoring)
        announcements = found.announcements
        documents = unique(announcements[ranked.candidate].id for ranked in found.ranking.passages)
        if not found.ranking.sentences:
            return Finding(documents, None, 0.0)
        lead = lead_of(found, self._weights.reader)
        announcement = announcements[lead.candidate]
        sentence = found.passages[lead.candidate].sentences[lead.sentence]
        judgement = judge_found(found, lead, self._weights)
        piece = Piece(announcement.id, sentence.start, announcement.text[sentence.start : sentence.end])
        return Finding(documents, piece, judgement.probability)

    def segmented(self, documents: Sequence[Document]) -> list[Document]:
        """The documents, indexed before, with the sentences that the index holds."""
        return with_sentences(self._index, documents)


def write_announcements(path: Path, documents: Sequence[Document]) -> None:
    """The documents as a JSONL source. Their ids stand for titles, so that no title tells anything."""
    lines = [
        {"id": document.id, "title": document.id, "text": document.text, "language": document.language}
        for document in documents
    ]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def build_index(sources: Sequence[Path], folder: Path, threads: int) -> Index:
    """Bring an index up to date and open it. Raises TargetFailed where a source cannot be read."""
    report = build(sources, folder, threads=threads)
    if report.errors:
        raise TargetFailed(f"{len(report.errors)} sources cannot be read: {report.errors[0]}")
    return LiveIndex(folder).current()


def with_sentences(index: Index, documents: Sequence[Document]) -> list[Document]:
    """The documents with the sentences that the index holds of them."""
    return [
        replace(
            document,
            sentences=tuple(
                dict.fromkeys(
                    (sentence.start, sentence.end)
                    for passage in index.passages_of(document.id)
                    for sentence in passage.sentences
                )
            ),
        )
        for document in documents
    ]


@contextmanager
def assistant_over(sources: Sequence[Path], workshop: Workshop) -> Iterator[tuple[Assistant, list[Document]]]:
    """The assistant as the service runs it, and what it answers from."""
    folder = workshop.new_folder()
    index = build_index(sources, folder, workshop.threads)
    documents = [Document(a.id, a.text, a.language) for a in index.announcements()]
    with open_assistant(Settings(index=folder)) as (assistant, _):
        yield assistant, with_sentences(index, documents)
    shutil.rmtree(folder)
