"""Announcements written to train on, with questions that they answer and near misses, out of eval/training/data."""

import json
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
CHAT = "zzchat-"
"""How the ids of texts begin whose questions are put as in a chat. They come last in the order of ids."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, and the words of the text that answer it."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class TrainingText:
    """An announcement. ``near_misses`` are questions that it does not answer, though it may seem to."""

    id: str
    title: str
    published: str
    language: str
    text: str
    answered: tuple[Answered, ...]
    near_misses: tuple[str, ...]


def read_texts(folder: Path = DATA / "texts") -> list[TrainingText]:
    """Every text of a folder's files, ordered by file and place. Raises OSError, ValueError, KeyError."""
    return [
        _text(json.loads(line))
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]


def _text(entry: dict[str, object]) -> TrainingText:
    answered = tuple(Answered(**pair) for pair in entry["answered"])  # type: ignore[attr-defined]
    missed = tuple(pair["question"] for pair in entry["near_misses"])  # type: ignore[attr-defined]
    text = str(entry["text"])
    for pair in answered:
        if pair.answer not in text:
            raise ValueError(f"{entry['id']}: {pair.answer!r} is not in the text")
    return TrainingText(
        id=str(entry["id"]),
        title=str(entry["title"]),
        published=str(entry["published"]),
        language=str(entry["language"]),
        text=text,
        answered=answered,
        near_misses=missed,
    )
