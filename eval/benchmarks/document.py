"""docs/quality.md and docs/quality.json out of what was measured."""

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from eval.benchmarks.intervals import RESAMPLES, SEED
from eval.benchmarks.plot import draw
from eval.benchmarks.summary import summary
from eval.benchmarks.table import Part, markdown, record
from service.wiring import WEIGHTS

PLOT = "quality-risk-coverage.svg"
PACKAGES = (
    "faiss-cpu",
    "langchain-community",
    "langchain-huggingface",
    "langchain-text-splitters",
    "numpy",
    "onnxruntime",
    "sentence-transformers",
    "tantivy",
    "torch",
)

INTRODUCTION = f"""# Quality

How well Herald finds, answers and refuses without any language model, beside the LangChain quickstart and
beside plain BM25. `make bench-quality` (`python -m eval.benchmarks.quality`) measures all of it on two
CPU cores and writes this page and `quality.json`.

In brackets: 95% bootstrap intervals (percentile, {RESAMPLES} draws of the questions with replacement,
seed {SEED}). Differences are paired: both methods are drawn the same questions. A dash means that a
method does not have the figure."""

METHODS = """## What is compared

- **Herald**: the product itself. Every corpus is indexed by `indexer.builder` and asked through
  `service.answering`; whole questions and conversations go through the same assistant as every channel's.
  Encoder: all-MiniLM-L6-v2.
- **LangChain quickstart**: `RecursiveCharacterTextSplitter` (1000 characters, overlap 200), the same
  all-MiniLM-L6-v2 through `langchain-huggingface`, FAISS through `langchain-community`, defaults
  otherwise. It always answers with the nearest chunk; its confidence is that chunk's cosine. A chunk is
  no sentence, so a second row has the same store over single sentences.
- **BM25**: k1 = 1.2, b = 0.75, lower case, Snowball's English stems, bigrams of Hangul runs, no stop
  words; over whole texts and over single sentences. Its confidence is its score.

The single sentences are those that Herald's segmenter cut, the same for all methods."""

DEFINITIONS = """## Definitions

- **Paragraph R@1, R@5**: passages are mapped to the paragraph (announcement) they come from, each counted
  at its first place; the share of questions whose paragraph is the first, or among the first five.
- **Best sentence holds the answer**: over the whole corpus, the first sentence has the words of an
  annotated answer, wherever it comes from. **… is the annotated one**: it comes from the question's
  paragraph and overlaps the place that the annotators marked, which is stricter.
- **Near miss** (XQuAD): the question again, over a corpus in which the sentence or sentences that overlap
  the annotated answer are cut out of their paragraph, the rest of the paragraph left in. The shortened
  paragraphs are segmented, encoded and indexed anew, for every method. So as not to index 1,190 corpora,
  one corpus serves one question (or all with the same answering sentence) of every paragraph at once; it
  thus lacks a sentence in other paragraphs too.
- **AUROC**: how often an answerable question gets more confidence than a near miss, ties counting half;
  0.5 is chance.
- **Risk-coverage**: of the questions, half of them near misses, the most confident share is answered
  (coverage); of these, the share that is a near miss or has a best sentence without the answer is the
  risk. The area under it is the mean risk over all coverages; with half of the questions unanswerable,
  the best possible area is 0.153.
- **Near misses refused when 6% of the answerable are**: at the best threshold in hindsight, for comparing
  methods that have no threshold of their own.
- **Answered right** (our own cases): the expected words are within the quotes of the answer, from the
  right announcement; of a conversation, the last turn is graded. For the other methods: within the best
  chunk or sentence, for the last turn alone, as they have no memory; a chunk of 1000 characters is a good
  part of a short announcement, so it holds much that was not asked. Case, spacing and typography play no
  part. Plain BM25 over whole texts is left out: the whole announcement holds every answer.
- **Refused**: a refusal, or a question back, which claims nothing either; questions back are also shown
  apart.
- **Answers taken out**: each answerable question of one message is asked of its announcement less the sentences
  that hold its answer, and is to be refused. The question is the same, so that its wording does not tell. How
  far its figure is from that of the written near misses shows how much of theirs is the wording; so does a model
  that sees the question alone (`eval/benchmarks/partial_input.py`).
- **Expected calibration error**: |probability − share answerable| over ten bins of equal width, weighted
  by count, over answerable questions and near misses.
- **Alone, together**: with its announcement alone in the index, or with all announcements of all sets.
- **MTRAG R@5**: the share of a task's relevant passages (it has up to seven) among the first five, over the
  passages of all four domains at once; beside it, whether any of them is among the five. Herald's through
  `search` with the whole conversation. Its confidence is that of the assistant's reply to the last turn, given the
  conversation before it."""

SPLITS = """## What was fitted on what

- **XQuAD**: its 48 articles are halved by a fixed seed (`eval/benchmarks/split.py`). Herald's weights, the
  reader's among them, were fitted on one half; the figures that count are those of the other, held-out half. Which features there are
  was settled by cross-validation over all articles. Figures over all articles include what was fitted on.
- **eval/training/data/texts**: texts and questions written to train on. The reader and the refusal weights were
  fitted on them, except that the reader never saw one text in seven, and of those whose questions are put as in a
  chat one in three.
- **eval/cases/development**: the refusal weights were fitted on it, the reader was not. Its figures are
  shown to be compared with those of the test split.
- **eval/cases/test**: other announcements; fitted on never, and reported only as totals.
- **eval/cases/together**: what belongs together, and which year, name or notice is meant, was settled on its
  development split; the test split was not looked at, and is reported only as totals.
- **Announcements worded alike**: made by a generator. What Herald does with the names of a question was settled
  on announcements of the same patterns and another seed; no weight was fitted on either.
- **The shipped announcement's cases and the web page's questions**: development.
- **KorQuAD and MTRAG**: no weight was fitted on them."""


def write(parts: Sequence[Part], docs: Path) -> None:
    """Write the page, its plot and the figures for programs."""
    docs.mkdir(parents=True, exist_ok=True)
    curves = next((part.curves for part in parts if part.curves), None)
    if curves:
        draw(curves, docs / PLOT)
    (docs / "quality.md").write_text(page(parts), "utf-8")
    (docs / "quality.json").write_text(figures(parts), "utf-8")


def page(parts: Sequence[Part]) -> str:
    """The page in Markdown."""
    measured = [markdown(summary(parts)), *(_section(part) for part in parts)]
    sections = [INTRODUCTION, *measured, METHODS, DEFINITIONS, SPLITS, _versions()]
    return "\n\n".join(sections) + "\n"


def figures(parts: Sequence[Part]) -> str:
    """All figures as JSON."""
    content = {
        "bootstrap": {"draws": RESAMPLES, "seed": SEED},
        "weights": fingerprints(WEIGHTS),
        "skipped": {part.key: part.skipped for part in parts if part.skipped},
        "tables": {table.key: record(table) for part in parts for table in part.tables},
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def fingerprints(folder: Path) -> dict[str, str]:
    """The first digits of the SHA-256 of each file of weights."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in sorted(folder.glob("*"))
    }


def _section(part: Part) -> str:
    if part.skipped:
        return f"## {part.title}\n\nSkipped: {part.skipped}."
    blocks = [f"## {part.title}", *([part.text] if part.text else []), *map(markdown, part.tables)]
    if part.curves:
        blocks.append(f"![Risk against coverage on held-out articles of XQuAD]({PLOT})")
    return "\n\n".join(blocks)


def _versions() -> str:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    packages = ", ".join(f"{name} {number}" for name, number in found.items())
    weights = ", ".join(f"{name} `{digest}`" for name, digest in fingerprints(WEIGHTS).items())
    return f"## Measured with\n\n{packages}. Weights (SHA-256, first digits): {weights or 'none'}."
