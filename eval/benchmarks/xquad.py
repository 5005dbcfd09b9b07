"""XQuAD English: which paragraph, which sentence, and whether a near miss is noticed.

Artetxe, Ruder and Yogatama, "On the Cross-lingual Transferability of Monolingual Representations" (ACL
2020): 240 paragraphs of 48 Wikipedia articles, 1,190 questions that people wrote on them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.benchmarks.comparison import Cells, compared
from eval.benchmarks.confidence import ALLOWED, Floats, at_threshold, refused_at, risk_area, separation
from eval.benchmarks.herald import NAME, Herald
from eval.benchmarks.intervals import estimate, share
from eval.benchmarks.method import Document, Finding, Method
from eval.benchmarks.near_miss import answering, rounds
from eval.benchmarks.split import held_out_articles
from eval.benchmarks.squad import Question, holds_answer, is_annotated, rank_of, read_squad
from eval.benchmarks.table import Column, Part, Row, Table
from eval.metrics.calibration import risk_coverage

FILE = "xquad.en.json"
COLUMNS = (
    Column("r_at_1", "paragraph R@1"),
    Column("r_at_5", "paragraph R@5"),
    Column("sentence_holds_answer", "best sentence holds the answer"),
    Column("sentence_annotated", "best sentence is the annotated one"),
    Column("auroc", "near-miss AUROC", percent=False),
    Column("area", "area under risk-coverage", percent=False),
    Column("refused_at_6", f"near misses refused when {ALLOWED:.0%} of the answerable are"),
)
AT_THRESHOLD = (
    Column("near_miss_refused", "near misses refused"),
    Column("answerable_refused", "answerable refused"),
    Column("calibration_error", "expected calibration error", percent=False),
)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Run:
    """What one method found: on the whole corpus, and its confidence where the answer was taken out.

    ``missing[i]`` is NaN for a question that has no near miss.
    """

    findings: tuple[Finding, ...]
    missing: Floats


def measure(data: Path, herald: Herald, others: Sequence[Method], say: Say) -> Part:
    """Ask every question of every method, with its answer there and with it taken out."""
    documents, questions = read_squad(data / FILE, "en")
    herald.index(documents)
    documents = herald.segmented(documents)
    runs = {}
    for method in (herald, *others):
        say(f"XQuAD: {method.name}")
        runs[method.name] = run(method, documents, questions)
    articles = held_out_articles(1 + max(question.article for question in questions))
    held_out = [i for i, question in enumerate(questions) if question.article in articles]
    everything = list(range(len(questions)))
    say("XQuAD: intervals")
    methods = (herald, *others)
    tables = [
        *compared(
            "xquad_held_out",
            f"Held-out articles: {len(held_out)} questions",
            COLUMNS,
            _rows(runs, questions, held_out, methods),
        ),
        *compared(
            "xquad_all",
            f"All articles, those fitted on included: {len(everything)} questions",
            COLUMNS,
            _rows(runs, questions, everything, methods),
        ),
        _at_threshold(
            runs[NAME],
            questions,
            herald.threshold,
            {"held-out articles": held_out, "all articles": everything},
        ),
    ]
    drawn = [method.name for method in methods if method.finds_sentences]
    curves = {name: _curve(runs[name], questions, held_out) for name in drawn}
    return Part("xquad", "XQuAD English", _remark(documents, questions), tuple(tables), curves=curves)


def run(method: Method, documents: Sequence[Document], questions: Sequence[Question]) -> Run:
    """All findings of one method."""
    missing = np.full(len(questions), np.nan)
    for each in rounds(documents, questions):
        method.index(each.documents)
        asked = [questions[number].text for number in each.questions]
        missing[list(each.questions)] = [finding.confidence for finding in method.find(asked)]
    method.index(documents)
    return Run(tuple(method.find([question.text for question in questions])), missing)


def figures(
    found: Run, questions: Sequence[Question], chosen: Sequence[int], *, finds_sentences: bool
) -> Cells:
    """The figures of one method over some of the questions, by the keys of COLUMNS."""
    pairs = [(found.findings[i], questions[i]) for i in chosen]
    ranks = [rank_of(*pair) for pair in pairs]
    present, absent, right = _paired(found, questions, chosen)
    cells: Cells = {
        "r_at_1": share([rank == 1 for rank in ranks]),
        "r_at_5": share([rank <= 5 for rank in ranks]),
        "auroc": estimate(lambda at: separation(present[at], absent[at]), [len(present)]),
        "refused_at_6": estimate(lambda at: refused_at(present[at], absent[at]), [len(present)]),
    }
    if finds_sentences:
        cells |= {
            "sentence_holds_answer": share([holds_answer(f.best, q) for f, q in pairs]),
            "sentence_annotated": share([is_annotated(f.best, q) for f, q in pairs]),
            "area": estimate(lambda at: risk_area(present[at], right[at], absent[at]), [len(present)]),
        }
    return cells


def _paired(
    found: Run, questions: Sequence[Question], chosen: Sequence[int]
) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Confidences with the answer there and taken out, and whether the first found it."""
    usable = [i for i in chosen if not np.isnan(found.missing[i])]
    present = np.array([found.findings[i].confidence for i in usable])
    right = np.array([holds_answer(found.findings[i].best, questions[i]) for i in usable])
    return present, found.missing[usable], right


def _curve(found: Run, questions: Sequence[Question], chosen: Sequence[int]) -> list[tuple[float, float]]:
    present, absent, right = _paired(found, questions, chosen)
    correct = [*right.tolist(), *([False] * len(absent))]
    return [(p.coverage, p.risk) for p in risk_coverage([*present, *absent], correct)]


def _rows(
    runs: dict[str, Run], questions: Sequence[Question], chosen: Sequence[int], methods: Sequence[Method]
) -> dict[str, Cells]:
    return {
        method.name: figures(runs[method.name], questions, chosen, finds_sentences=method.finds_sentences)
        for method in methods
    }


def _at_threshold(
    found: Run, questions: Sequence[Question], threshold: float, subsets: dict[str, list[int]]
) -> Table:
    rows = []
    for label, chosen in subsets.items():
        present, absent, _ = _paired(found, questions, chosen)
        rows.append(Row(label, at_threshold(present, absent, threshold)))
    title = f"{NAME} at the shipped threshold, {threshold:.3f}"
    return Table("xquad_threshold", title, AT_THRESHOLD, tuple(rows))


def _remark(documents: Sequence[Document], questions: Sequence[Question]) -> str:
    by_id = {document.id: document for document in documents}
    removable = [(q, answering(by_id[q.paragraph], q)) for q in questions]
    without = sum(not gold for _, gold in removable)
    again = sum(_said_again(by_id[q.paragraph], gold, q) for q, gold in removable if gold)
    return (
        f"{len(documents)} paragraphs, {sum(len(d.sentences) for d in documents)} sentences, {len(questions)}"
        f" questions. In {again} of the near misses the rest of the paragraph still has the answer's words"
        f" somewhere; they count as near misses all the same. {without} questions have no near miss."
    )


def _said_again(document: Document, gold: Sequence[tuple[int, int]], question: Question) -> bool:
    rest = [document.text[s:e] for s, e in document.sentences if (s, e) not in gold]
    return any(words in sentence for words in question.wanted for sentence in rest)
