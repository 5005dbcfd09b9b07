"""Questions in the form of SQuAD 1.1, with the offsets of their answers.

Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text" (EMNLP 2016). Each
paragraph becomes a document of its own. Titles of articles are given to no method.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from eval.benchmarks.method import Document, Finding, Piece, Span


@dataclass(frozen=True, slots=True)
class Question:
    """``answers`` are offsets in the paragraph, the document with the id ``paragraph``."""

    id: str
    text: str
    paragraph: str
    article: int
    answers: tuple[Span, ...]
    wanted: tuple[str, ...]
    """The answers' words."""


def read_squad(path: Path, language: str) -> tuple[list[Document], list[Question]]:
    """The paragraphs and the questions of a file, in its order."""
    documents: list[Document] = []
    questions: list[Question] = []
    for number, article in enumerate(json.loads(path.read_text("utf-8"))["data"]):
        for paragraph in article["paragraphs"]:
            id, text = f"paragraph-{len(documents) + 1:04}", paragraph["context"]
            documents.append(Document(id, text, language))
            for asked in paragraph["qas"]:
                starts = [(answer["answer_start"], answer["text"]) for answer in asked["answers"]]
                spans = tuple((start, start + len(words)) for start, words in starts)
                if any(text[slice(*span)] != words for span, (_, words) in zip(spans, starts, strict=True)):
                    raise ValueError(f"{path}: the answers of {asked['id']} are not where they should be")
                wanted = tuple(dict.fromkeys(words for _, words in starts))
                questions.append(Question(asked["id"], asked["question"].strip(), id, number, spans, wanted))
    return documents, questions


def holds_answer(piece: Piece | None, question: Question) -> bool:
    """Whether the piece has the words of an answer, wherever it comes from."""
    return piece is not None and any(words in piece.text for words in question.wanted)


def is_annotated(piece: Piece | None, question: Question) -> bool:
    """Whether the piece is where the annotators marked an answer."""
    return (
        piece is not None
        and piece.document == question.paragraph
        and any(start < piece.end and piece.start < end for start, end in question.answers)
    )


def rank_of(finding: Finding, question: Question) -> int:
    """The place of the question's paragraph, from 1; a large number where it was not found."""
    found = finding.documents
    return found.index(question.paragraph) + 1 if question.paragraph in found else 10**6
