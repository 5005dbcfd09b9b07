"""Near misses out of answerable questions: the sentences that answer are taken out of their paragraph.

Every sentence that overlaps an annotated answer goes; the rest of the paragraph stays, so the topic is
still there and the answer is not. Each question gets a corpus of which its paragraph without the answer
is a part. To index 1,190 corpora would take hours, so one corpus serves many questions: in it, each
paragraph lacks the answer of one of its questions, and only that paragraph's question is asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from eval.benchmarks.method import Document, Span
from eval.benchmarks.squad import Question


@dataclass(frozen=True, slots=True)
class Round:
    """A corpus, and the numbers of the questions whose answers it lacks."""

    documents: tuple[Document, ...]
    questions: tuple[int, ...]


def rounds(documents: Sequence[Document], questions: Sequence[Question]) -> Iterator[Round]:
    """As many corpora as the paragraph with the most distinct answering sentences needs.

    A question whose answer is in no sentence is in none of them: there is nothing to take out.
    """
    by_id = {document.id: document for document in documents}
    lacking: dict[str, dict[tuple[Span, ...], list[int]]] = {document.id: {} for document in documents}
    for number, question in enumerate(questions):
        gold = answering(by_id[question.paragraph], question)
        if gold:
            lacking[question.paragraph].setdefault(gold, []).append(number)
    for turn in range(max((len(golds) for golds in lacking.values()), default=0)):
        yield _round(turn, documents, {id: list(golds.items()) for id, golds in lacking.items()})


def answering(document: Document, question: Question) -> tuple[Span, ...]:
    """The sentences that overlap an annotated answer; none where segmentation left the answer out."""
    return tuple(
        (start, end)
        for start, end in document.sentences
        if any(start < right and left < end for left, right in question.answers)
    )


def without(document: Document, removed: Sequence[Span]) -> Document:
    """The document less some of its sentences and the white space behind them."""
    text, sentences, position = "", [], 0
    for start, end in document.sentences:
        if (start, end) in removed:
            text += document.text[position:start]
            position = end + len(document.text[end:]) - len(document.text[end:].lstrip())
        else:
            offset = len(text) - position
            sentences.append((start + offset, end + offset))
    return replace(document, text=text + document.text[position:], sentences=tuple(sentences))


def _round(
    turn: int,
    documents: Sequence[Document],
    lacking: Mapping[str, list[tuple[tuple[Span, ...], list[int]]]],
) -> Round:
    corpus, asked = [], list[int]()
    for document in documents:
        golds = lacking[document.id]
        if turn < len(golds):
            removed, numbers = golds[turn]
            asked += numbers
            document = without(document, removed)  # noqa: PLW2901
        if document.text.strip():
            corpus.append(document)
    return Round(tuple(corpus), tuple(asked))
