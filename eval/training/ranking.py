"""Fit every weight that ships: the ranking of passages and sentences, and when to refuse.

    python -m eval.benchmarks.fit --data ../shared/data

reads XQuAD's fitted half (``eval.benchmarks.split``) and the development cases, and writes
``service/answering/weights``. It refuses to read a test split. The word frequencies come from XQuAD's
and MTRAG's passages. With ``--refusal-only`` the ranking stays as it is, and when to refuse is fitted on
the development cases alone: the refusal weights that ship were made so. Everything is deterministic. What it prints was measured on articles and
announcements that the weights in question were not fitted on.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.benchmarks.confidence import ALLOWED, calibration_error, refused_at, separation
from eval.benchmarks.fitting import Listed, Logistic, fit_listwise, fit_logistic
from eval.benchmarks.herald import CORPUS, Workshop, build_index, open_workshop, write_announcements
from eval.benchmarks.method import Document
from eval.benchmarks.mtrag import read_mtrag
from eval.benchmarks.near_miss import rounds
from eval.benchmarks.split import fitted_articles, held_out_articles
from eval.benchmarks.squad import Question as SquadQuestion
from eval.benchmarks.squad import read_squad
from indexer.index import Index
from indexer.language import detect
from service.answering import scoring
from service.answering.answerability import FOREIGN, features, out_of_scope
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
RIDGE_PASSAGE, RIDGE_SENTENCE, RIDGE_ANSWER = 1e-3, 1e-2, 10.0
PRIOR_RIDGE = 60.0
XQUAD_SHARE = 0.15
"""What an XQuAD question counts beside one on an announcement: there are many more of them."""
RISING = frozenset(
    {
        "uniform", "weighted", "content", "joint content", "topic", "passage uniform", "passage weighted", "coverage",
        "joint coverage", "passage coverage", "near", "pooled", "news", "focus", "margin", "lead", "ahead", "least",
        "second least", "least joint", "least in passage", "least anywhere", "mean", "mean joint", "last word",
        "first word", "pairs", "kind", "kinds", "words over 0.35", "words over 0.5", "words over 0.65",
        "words over 0.8", "words over 0.92", "met anywhere",
    }
)  # fmt: skip
"""Features of which more can only make an answer more likely."""
EITHER = frozenset({"length", "opens", "words", "has names", "has years", "kind told"})
"""Features that may count either way, as may those that name the expected kind; all others speak against."""
ASKS = "asks "

Row = dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question put to an index: its features, its mean token vector, whether the index answers it."""

    group: str
    kind: str
    language: str
    row: Row
    mean: npt.NDArray[np.float32]
    answerable: bool


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    arguments.add_argument("--cases", type=Path, default=ROOT / "eval" / "cases" / "development")
    arguments.add_argument("--out", type=Path, default=ROOT / "service" / "answering" / "weights")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--refusal-only", action="store_true")
    given = arguments.parse_args()
    if "test" in given.cases.resolve().parts[-2:]:
        sys.exit("a test split is for measuring alone")
    with tempfile.TemporaryDirectory() as folder:
        workshop = open_workshop(Path(folder), given.threads)
        asked = []
        if given.refusal_only:
            ranking = scoring.load_scoring(given.out / "scoring.npz")
        else:
            ranking = fit_ranking(given.data, workshop, print)
            np.savez_compressed(
                given.out / "scoring.npz",
                background=ranking.background.astype(np.float16),
                passage=ranking.passage,
                sentence=ranking.sentence,
                spelled_passage=ranking.spelled_passage,
                spelled_sentence=ranking.spelled_sentence,
            )
            asked += ask_xquad(given.data, workshop, ranking)
        asked += ask_cases(given.cases, workshop, ranking)
        fitted: dict[str, Any] = fit_answerability(asked, print)
        np.savez_compressed(given.out / "answerability.npz", **fitted)


def open_corpus(documents: Sequence[Document], workshop: Workshop) -> Index:
    folder = workshop.new_folder()
    write_announcements(folder / CORPUS, documents)
    return build_index([folder / CORPUS], folder, workshop.threads)


# Ranking -------------------------------------------------------------------------------------------------


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
    evidence = found.evidence[candidate]
    text = evidence.text[slice(*evidence.sentences[sentence])]
    return any(words in text for words in question.wanted)


def _ranked_right(found: Found, question: SquadQuestion) -> tuple[bool, bool]:
    first = found.passages[found.ranking.passages[0].candidate].revision.announcement.id
    best = found.ranking.sentences[0]
    return first == question.paragraph, _holds(found, best.candidate, best.sentence, question)


# Answerability -------------------------------------------------------------------------------------------


def ask_xquad(data: Path, workshop: Workshop, ranking: ScoringWeights) -> list[Asked]:
    """XQuAD's questions, each with its answer there and with it taken out."""
    documents, questions = read_squad(data / "xquad.en.json", "en")
    index = open_corpus(documents, workshop)
    segmented = [
        replace(
            document,
            sentences=tuple((s.start, s.end) for p in index.passages_of(document.id) for s in p.sentences),
        )
        for document in documents
    ]
    asked = [
        _ask(index, q.text, ranking, f"article {q.article}", "xquad", answerable=True) for q in questions
    ]
    for turn in rounds(segmented, questions):
        lacking = open_corpus(turn.documents, workshop)
        asked += [
            _ask(lacking, q.text, ranking, f"article {q.article}", "xquad", answerable=False)
            for q in (questions[number] for number in turn.questions)
        ]
    return asked


def ask_cases(folder: Path, workshop: Workshop, ranking: ScoringWeights) -> list[Asked]:
    """The development cases of one question each, put to their announcement alone."""
    asked = []
    for file in sorted(folder.glob("*.jsonl")):
        cases = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
        sources = [path for path in sorted(folder.glob(f"{file.stem}.*")) if path != file]
        if not sources:
            continue
        index = build_index(sources, workshop.new_folder(), workshop.threads)
        for case in cases:
            refused = bool(case["expect"].get("refusal"))
            if "question" in case and (refused or {"any_of", "all_of"} & case["expect"].keys()):
                tags = case.get("tags", [])
                kind = next((tag for tag in ("out-of-scope", "cross-language") if tag in tags), "case")
                asked.append(_ask(index, case["question"], ranking, file.stem, kind, answerable=not refused))
    return asked


def _ask(
    index: Index, text: str, ranking: ScoringWeights, group: str, kind: str, *, answerable: bool
) -> Asked:
    found = retrieve(index, analyse(text, detect(text)), ranking)
    best = found.passages[found.ranking.sentences[0].candidate]
    title = best.revision.announcement.title if group != "xquad" else ""
    row = features(found.inquiry, found.evidence, found.ranking, title)
    return Asked(
        group, kind, found.inquiry.question.language, row, found.inquiry.tokens.mean(axis=0), answerable
    )


def fit_answerability(asked: Sequence[Asked], say: Callable[[str], None]) -> dict[str, npt.NDArray[Any]]:
    """Fit the model and its calibration, and say how it does on groups that it was not fitted on."""
    names = tuple(asked[0].row)
    count = 1 + max((int(a.group.split()[1]) for a in asked if a.kind == "xquad"), default=-1)
    usable = [a for a in asked if a.kind != "cross-language"]
    held_out = {f"article {number}" for number in held_out_articles(count)}
    groups = sorted({a.group for a in usable if a.kind != "xquad"})
    logits = np.zeros(len(usable))
    for group in groups:
        model = _fit([a for a in usable if a.group != group and a.group not in held_out], names)
        for i, a in enumerate(usable):
            if a.group == group:
                logits[i] = _logit(model, a, names)
    model = _fit([a for a in usable if a.group not in held_out], names)
    for i, a in enumerate(usable):
        if a.kind == "xquad":
            logits[i] = _logit(model, a, names)
    cases = np.array([a.kind == "case" for a in usable])
    right = np.array([a.answerable for a in usable])
    calibration = fit_logistic(
        logits[cases, None].astype(np.float32), right[cases], np.ones(int(cases.sum())), 1e-3
    )
    slope = float(calibration.weights[0] / calibration.scale[0])
    intercept = float(calibration.bias - slope * calibration.centre[0])
    probable = 1 / (1 + np.exp(-(slope * logits + intercept)))
    probable[[out_of_scope(a.row, a.language) for a in usable]] *= FOREIGN
    threshold = float(np.quantile(probable[cases & right], ALLOWED))
    others = np.array([a.kind == "xquad" and a.group in held_out for a in usable])
    for name, chosen in (
        ("development, one announcement left out at a time", cases),
        ("XQuAD, held-out half", others),
    ):
        if not chosen.any():
            continue
        say(
            f"{name}: near-miss AUROC {separation(probable[chosen & right], probable[chosen & ~right]):.3f}, refused"
            f" when {ALLOWED:.0%} of the answerable are {refused_at(probable[chosen & right], probable[chosen & ~right]):.3f},"
            f" calibration error {calibration_error(probable[chosen & right], probable[chosen & ~right]):.3f}"
        )
    linear, prior = model
    return {
        "names": np.array(names),
        "centre": linear.centre.astype(np.float32),
        "scale": linear.scale.astype(np.float32),
        "weights": linear.weights.astype(np.float32),
        "prior": (prior.weights / prior.scale).astype(np.float32),
        "slope": np.array(slope),
        "intercept": np.array(intercept + slope * (linear.bias + prior.bias - float(prior.centre @ (prior.weights / prior.scale)))),
        "threshold": np.array(threshold),
    }  # fmt: skip


def _fit(asked: Sequence[Asked], names: Sequence[str]) -> tuple[Logistic, Logistic]:
    """The model over the features, and beside it the one over the kind of question alone."""
    right = np.array([a.answerable for a in asked])
    shares = np.array([XQUAD_SHARE if a.kind == "xquad" else 1.0 for a in asked])
    matrix = np.array([[a.row[name] for name in names] for a in asked], np.float32)
    linear = fit_logistic(matrix, right, shares, RIDGE_ANSWER, [_bounds(name) for name in names])
    cases = [a for a in asked if a.kind == "case"]
    means = np.array([a.mean for a in cases], np.float32)
    prior = fit_logistic(
        means, np.array([a.answerable for a in cases]), np.ones(len(cases)), PRIOR_RIDGE * 10
    )
    return linear, prior


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name in EITHER or name.startswith(ASKS):
        return None, None
    return (0.0, None) if name in RISING else (None, 0.0)


def _logit(model: tuple[Logistic, Logistic], asked: Asked, names: Sequence[str]) -> float:
    linear, prior = model
    row = np.array([[asked.row[name] for name in names]], np.float32)
    return float(linear.logits(row)[0] + prior.logits(asked.mean[None])[0])


if __name__ == "__main__":
    main()
