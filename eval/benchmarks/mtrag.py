"""MTRAG: retrieval for the last turn of a conversation, and whether it can be answered at all.

Katsis et al., "MTRAG: A Multi-Turn Conversational Benchmark for Evaluating Retrieval-Augmented
Generation Systems" (TACL 2025): the tasks of its human conversations that came with passages.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.benchmarks.comparison import Cells, compared
from eval.benchmarks.confidence import separation
from eval.benchmarks.herald import CORPUS, NAME, Workshop, assistant_over, write_announcements
from eval.benchmarks.intervals import Estimate, estimate, share
from eval.benchmarks.method import Document, Method, unique
from eval.benchmarks.table import Column, Part
from service.answer import Refusal, Reply
from service.answering.assistant import Assistant, Message

FILE = "mtrag_subset.json"
DEPTH = 30
"""Passages asked of search, so that five different documents are among them."""
ROLES = {"user": "user", "agent": "assistant"}
COLUMNS = (
    Column("r_at_5", "R@5"),
    Column("any_at_5", "any relevant one among five"),
    Column("auroc", "answerability AUROC", percent=False),
)


@dataclass(frozen=True, slots=True)
class Task:
    """A conversation whose last message is asked; ``relevant`` are document ids."""

    messages: tuple[Message, ...]
    relevant: frozenset[str]
    label: str

    @property
    def asked(self) -> list[str]:
        """The user's messages."""
        return [message.content for message in self.messages if message.role == "user"]


@dataclass(frozen=True, slots=True)
class Reached:
    """For each task: document ids, best first, and the confidence that it can be answered."""

    documents: tuple[tuple[str, ...], ...]
    confidence: tuple[float, ...]


def read_mtrag(path: Path) -> tuple[list[Document], list[Task]]:
    """The passages and the tasks of a file."""
    content = json.loads(path.read_text("utf-8"))
    documents = [Document(entry["document_id"], entry["text"], "en") for entry in content["documents"]]
    tasks = [
        Task(
            tuple(Message(ROLES[message["speaker"]], message["text"]) for message in task["input"]),
            frozenset(context["document_id"] for context in task["contexts"]),
            task["Answerability"][0],
        )
        for task in content["tasks"]
    ]
    return documents, tasks


def measure(data: Path, workshop: Workshop, others: Sequence[Method], say: Callable[[str], None]) -> Part:
    """Search for each task with its history; the others get the last turn, or all of the user's turns."""
    documents, tasks = read_mtrag(data / FILE)
    source = workshop.folder / f"mtrag-{CORPUS}"
    write_announcements(source, documents)
    say(f"MTRAG: {NAME}")
    reached = {}
    with assistant_over([source], workshop) as (assistant, segmented):
        reached[NAME] = _ours(assistant, tasks)
    for method in others:
        say(f"MTRAG: {method.name}")
        method.index(segmented)
        reached[f"{method.name}, last turn"] = _theirs(method, [task.asked[-1] for task in tasks])
        reached[f"{method.name}, all turns"] = _theirs(method, [" ".join(task.asked) for task in tasks])
    rows = {name: _figures(found, tasks) for name, found in reached.items()}
    labels = [task.label for task in tasks]
    searched = sum(bool(task.relevant) for task in tasks)
    title = f"{searched} tasks with relevant passages, {len(documents)} passages"
    return Part(
        "mtrag",
        "MTRAG subset",
        f"Answerability: {labels.count('ANSWERABLE')} answerable tasks against"
        f" {labels.count('UNANSWERABLE')} that are not; tasks labelled otherwise are left out. So few"
        " make the interval wide.",
        compared("mtrag", title, COLUMNS, rows),
    )


def recall(documents: Sequence[str], relevant: frozenset[str], k: int) -> float:
    """The share of the relevant documents that are among the first k."""
    return len(relevant & set(documents[:k])) / len(relevant)


def answerability(reply: Reply) -> float:
    """The probability that the announcements answer: a refusal's confidence is that they do not."""
    return 1 - reply.confidence if isinstance(reply, Refusal) else reply.confidence


def _ours(assistant: Assistant, tasks: Sequence[Task]) -> Reached:
    documents, confidence = [], []
    for task in tasks:
        documents.append(unique(hit.source_id for hit in assistant.search(task.messages, DEPTH)))
        turn = assistant.ask(task.messages[-1].content, history=task.messages[:-1])
        confidence.append(answerability(turn.reply))
    return Reached(tuple(documents), tuple(confidence))


def _theirs(method: Method, queries: Sequence[str]) -> Reached:
    findings = method.find(queries)
    return Reached(tuple(f.documents for f in findings), tuple(f.confidence for f in findings))


def _figures(reached: Reached, tasks: Sequence[Task]) -> Cells:
    relevant = [(d, task.relevant) for d, task in zip(reached.documents, tasks, strict=True) if task.relevant]
    recalls = [recall(documents, wanted, 5) for documents, wanted in relevant]
    by_label = {
        label: np.array([c for c, t in zip(reached.confidence, tasks, strict=True) if t.label == label])
        for label in ("ANSWERABLE", "UNANSWERABLE")
    }
    yes, no = by_label["ANSWERABLE"], by_label["UNANSWERABLE"]
    ordered: Estimate | None = estimate(lambda a, b: separation(yes[a], no[b]), [len(yes), len(no)])
    return {"r_at_5": share(recalls), "any_at_5": share([r > 0 for r in recalls]), "auroc": ordered}
