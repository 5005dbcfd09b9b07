"""KorQuAD: which paragraph, and which sentence, in Korean.

Lim, Kim and Lee, "KorQuAD1.0: Korean QA Dataset for Machine Reading Comprehension" (2019): the
paragraphs and questions of the first 40 articles of its development set.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from eval.benchmarks.comparison import Cells, compared
from eval.benchmarks.herald import Herald
from eval.benchmarks.intervals import share
from eval.benchmarks.method import Method
from eval.benchmarks.squad import holds_answer, is_annotated, rank_of, read_squad
from eval.benchmarks.table import Column, Part

FILE = "korquad_sample.json"
COLUMNS = (
    Column("r_at_1", "paragraph R@1"),
    Column("r_at_5", "paragraph R@5"),
    Column("sentence_holds_answer", "best sentence holds the answer"),
    Column("sentence_annotated", "best sentence is the annotated one"),
)


def measure(data: Path, herald: Herald, others: Sequence[Method], say: Callable[[str], None]) -> Part:
    """Ask every question of every method."""
    documents, questions = read_squad(data / FILE, "ko")
    herald.index(documents)
    documents = herald.segmented(documents)
    rows: dict[str, Cells] = {}
    for method in (herald, *others):
        say(f"KorQuAD: {method.name}")
        if method is not herald:
            method.index(documents)
        findings = method.find([question.text for question in questions])
        pairs = list(zip(findings, questions, strict=True))
        ranks = [rank_of(*pair) for pair in pairs]
        rows[method.name] = {
            "r_at_1": share([rank == 1 for rank in ranks]),
            "r_at_5": share([rank <= 5 for rank in ranks]),
        }
        if method.finds_sentences:
            rows[method.name] |= {
                "sentence_holds_answer": share([holds_answer(f.best, q) for f, q in pairs]),
                "sentence_annotated": share([is_annotated(f.best, q) for f, q in pairs]),
            }
    title = f"{len(questions)} questions on {len(documents)} paragraphs"
    text = f"{sum(len(document.sentences) for document in documents)} sentences."
    return Part("korquad", "KorQuAD sample", text, compared("korquad", title, COLUMNS, rows))
