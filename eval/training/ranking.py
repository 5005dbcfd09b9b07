"""Fit how passages and sentences are ranked: the weights of ``service.answering.scoring``.

    python -m eval.training.ranking --data ../shared/data

reads XQuAD's fitted half (``eval.benchmarks.split``) and writes ``scoring.npz`` into
``service/answering/weights``. The word frequencies come from XQuAD's and MTRAG's passages. Deterministic.
What it prints was measured on articles that the weights in question were not fitted on.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.benchmarks.herald import CORPUS, Workshop, build_index, open_workshop, write_announcements
from eval.benchmarks.method import Document
from eval.benchmarks.mtrag import read_mtrag
from eval.benchmarks.split import fitted_articles, held_out_articles
from eval.benchmarks.squad import Question as SquadQuestion
from eval.benchmarks.squad import read_squad
from eval.training.fitting import Listed, fit_listwise
from indexer.index import Index
from service.answering import scoring
from service.answering.found import Found
from service.answering.question import analyse
from service.answering.retriever import retrieve
from service.answering.scoring import PASSAGE_FEATURES, PASSAGES, SENTENCE_FEATURES, Match, ScoringWeights

ROOT = Path(__file__).resolve().parents[2]
SPELLED_PASSAGE = ("lexical", "coverage")
SPELLED_SENTENCE = (
    "coverage", "joint coverage", "passage coverage", "passage score", "figure", "name", "phrase", "opens",
    "heading", "length",
)  # fmt: skip
RIDGE_PASSAGE, RIDGE_SENTENCE = 1e-3, 1e-2


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    arguments.add_argument("--out", type=Path, default=ROOT / "service" / "answering" / "weights")
    arguments.add_argument("--threads", type=int, default=2)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ranking = fit_ranking(given.data, open_workshop(Path(folder), given.threads), print)
        np.savez_compressed(
            given.out / "scoring.npz",
            background=ranking.background.astype(np.float16),
            passage=ranking.passage,
            sentence=ranking.sentence,
            spelled_passage=ranking.spelled_passage,
            spelled_sentence=ranking.spelled_sentence,
        )


def open_corpus(documents: Sequence[Document], workshop: Workshop) -> Index:
    folder = workshop.new_folder()
    write_announcements(folder / CORPUS, documents)
    return build_index([folder / CORPUS], folder, workshop.threads)


def fit_ranking(data: Path, workshop: Workshop, say: Callable[[str], None]) -> ScoringWeights:
    """Fit on half of XQuAD's articles, and say how the other half is ranked."""
    documents, questions = read_squad(data / "xquad.en.json", "en")
    index = open_corpus(documents, workshop)
    background = word_frequencies([*documents, *read_mtrag(data / "mtrag_subset.json")[0]], index)
    flat = np.ones(len(PASSAGE_FEATURES), np.float32), np.zeros(len(SENTENCE_FEATURES), np.float32)
    empty = ScoringWeights(background, *flat, *flat)
    count = 1 + max(question.article for question in questions)
    halves = [fitted_articles(count), held_out_articles(count)]
    fitted = [_fit_half(index, [q for q in questions if q.article in half], empty) for half in halves]
    for name, half, weights in (
        ("the held-out half", halves[1], fitted[0]),
        ("the fitted half, crossed", halves[0], fitted[1]),
    ):
        right = [
            _ranked_right(retrieve(index, analyse(q.text, "en"), weights), q)
            for q in questions
            if q.article in half
        ]
        first, best = np.mean(right, axis=0)
        say(f"XQuAD, {name}: paragraph R@1 {first:.4f}, best sentence {best:.4f}")
    return fitted[0]


def word_frequencies(documents: Sequence[Document], index: Index) -> npt.NDArray[np.float32]:
    """The share of documents that hold each word piece [V]."""
    counts = np.zeros(len(index.piece_frequencies), np.float32)
    for document in documents:
        counts[np.unique(index.encode_question(document.text).pieces)] += 1
    return (counts / len(documents)).astype(np.float32)


def _fit_half(index: Index, questions: Sequence[SquadQuestion], empty: ScoringWeights) -> ScoringWeights:
    """Questions are retrieved anew for each step: what is found for all of them would not fit in memory."""
    passages = [_passages(index, _retrieved(index, q, empty), q) for q in questions]
    fitted = []
    for by_passage, by_sentence in ((None, None), (SPELLED_PASSAGE, SPELLED_SENTENCE)):
        columns = None if by_passage is None else [PASSAGE_FEATURES.index(name) for name in by_passage]
        passage = fit_listwise(passages, RIDGE_PASSAGE, columns).astype(np.float32)
        sentences = [
            _sentences(_retrieved(index, question, empty), question, listed.features @ passage)
            for question, listed in zip(questions, passages, strict=True)
        ]
        columns = None if by_sentence is None else [SENTENCE_FEATURES.index(name) for name in by_sentence]
        fitted += [passage, fit_listwise(sentences, RIDGE_SENTENCE, columns).astype(np.float32)]
    return ScoringWeights(empty.background, *fitted)


def _retrieved(index: Index, question: SquadQuestion, weights: ScoringWeights) -> Found:
    return retrieve(index, analyse(question.text, "en"), weights)


def _passages(index: Index, found: Found, question: SquadQuestion) -> Listed:
    rows = scoring.passage_features(Match(found.inquiry, found.evidence), _lexical(index, found))
    right = [p.revision.announcement.id == question.paragraph for p in found.passages]
    return Listed(rows, np.array(right))


def _sentences(found: Found, question: SquadQuestion, scores: npt.NDArray[np.float32]) -> Listed:
    best = np.argsort(-scores, kind="stable")[:PASSAGES].tolist()
    places, rows, _ = scoring.sentence_features(Match(found.inquiry, found.evidence), best, scores)
    right = [
        found.passages[i].revision.announcement.id == question.paragraph and _holds(found, i, j, question)
        for i, j in places
    ]
    return Listed(rows, np.array(right, bool))


def _lexical(index: Index, found: Found) -> list[float]:
    from indexer import lexicon
    from service.answering.retriever import EACH

    question = found.inquiry.question
    terms = lexicon.content_terms(question.text, question.language) or lexicon.terms(
        question.text, question.language
    )
    scores = dict(index.matching(terms, EACH))
    return [scores.get(passage.id, 0.0) for passage in found.passages]


def _holds(found: Found, candidate: int, sentence: int, question: SquadQuestion) -> bool:
    text = found.evidence[candidate].sentence(sentence)
    return any(words in text for words in question.wanted)


def _ranked_right(found: Found, question: SquadQuestion) -> tuple[bool, bool]:
    first = found.passages[found.ranking.passages[0].candidate].revision.announcement.id
    best = found.ranking.sentences[0]
    return first == question.paragraph, _holds(found, best.candidate, best.sentence, question)


if __name__ == "__main__":
    main()
