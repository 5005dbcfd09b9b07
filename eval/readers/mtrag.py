"""Cases from MTRAG files: conversations whose last turn is graded.

Katsis et al. 2025, "MTRAG: A Multi-Turn Conversational Benchmark for Evaluating Retrieval-Augmented
Generation Systems". Both forms are read: tasks one a line (``conversation_id``, ``input``), and the
file of human evaluations that holds ``tasks`` and ``documents``. The agent's former replies are left
out: a target under test gives its own.
"""

from collections.abc import Iterator
from typing import Any


def recognises(record: dict[str, Any]) -> bool:
    return _is_task(record) or (
        isinstance(record.get("tasks"), list) and all(map(_is_task, record["tasks"][:1]))
    )


def cases(record: dict[str, Any], stem: str) -> Iterator[dict[str, Any]]:
    """One case a task. Partly answerable and conversational ones accept a refusal beside an answer."""
    documents = {d["document_id"]: d["text"] for d in record.get("documents", ())}
    for task in record.get("tasks", [record]):
        label = _label(task)
        answers = [t["text"] for t in task.get("targets", ()) if t.get("text", "").strip()]
        expect: dict[str, Any] = {"refusal": True} if label != "ANSWERABLE" else {}
        if label != "UNANSWERABLE" and answers:
            expect["answers"] = answers
        passages = [c.get("text") or documents.get(c.get("document_id")) for c in task.get("contexts", ())]
        yield {
            "id": str(task["task_id"]),
            "turns": [turn["text"] for turn in task["input"] if turn["speaker"] == "user"],
            "expect": expect,
            "sentences": [p for p in passages if p and p.strip()] if label != "UNANSWERABLE" else [],
            "tags": [stem, label.lower()],
        }


def _is_task(record: Any) -> bool:
    return isinstance(record, dict) and "task_id" in record and isinstance(record.get("input"), list)


def _label(task: dict[str, Any]) -> str:
    label = task.get("Answerability", task.get("answerability", "ANSWERABLE"))
    return str(label[0] if isinstance(label, list) and label else label or "ANSWERABLE").upper()
