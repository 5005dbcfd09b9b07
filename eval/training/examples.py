"""Questions put to an index, with all that may be learnt from what it finds."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.benchmarks.herald import CORPUS, Workshop, build_index, write_announcements
from eval.benchmarks.method import Document
from eval.benchmarks.near_miss import rounds
from eval.benchmarks.squad import read_squad
from eval.training.texts import TrainingText
from indexer.index import Index
from indexer.language import detect
from service.answering.answerability import features
from service.answering.found import Found
from service.answering.lead import Excerpt, excerpts_of
from service.answering.question import analyse
from service.answering.reader import window
from service.answering.retriever import retrieve
from service.answering.scoring import ScoringWeights

SEED = 2026
FOREIGN = 2
"""Questions on other texts that are put to each text, less those that fall on the text itself."""
WRONG = 3
"""Sentences that do not answer that are shown for each question."""
BESIDE_SHARE = 0.5
"""What each of them counts, but for the best sentence found for a question that has no answer."""
Place = tuple[int, int]
"""A candidate and one of its sentences."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text to read for the question; ``answer`` is where it answers, None where it does not."""

    text: str
    answer: tuple[int, int] | None
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A question put to an index: what tells whether it answers, and whether it does.

    ``row`` holds the features that need no reader, ``mean`` is the question's mean token vector,
    ``excerpts`` what the reader is given when the question is asked, ``prior`` the logit that its wording alone
    gives away, where that is known.
    """

    group: str
    kind: str
    language: str
    question: str
    row: Mapping[str, float]
    mean: npt.NDArray[np.float32]
    excerpts: tuple[Excerpt, ...]
    answerable: bool
    lessons: tuple[Lesson, ...]
    prior: float = 0.0


def ask(
    index: Index,
    question: str,
    ranking: ScoringWeights,
    *,
    group: str,
    kind: str,
    answerable: bool,
    answers: Sequence[str] = (),
) -> Example:
    """Put one question. ``answers`` are the words looked for in what is found; the index must not be empty."""
    found = retrieve(index, analyse(question, detect(question)), ranking)
    best = found.ranking.sentences[0]
    title = "" if kind == "xquad" else found.passages[best.candidate].revision.announcement.title
    return Example(
        group=group,
        kind=kind,
        language=found.inquiry.question.language,
        question=question,
        row=features(found.inquiry, found.evidence, found.ranking, title),
        mean=found.inquiry.tokens.mean(axis=0),
        excerpts=excerpts_of(found),
        answerable=answerable,
        lessons=tuple(_lessons(found, answers, answerable=answerable)),
    )


def _lessons(found: Found, answers: Sequence[str], *, answerable: bool) -> Iterator[Lesson]:
    """The sentence that answers, and the best that do not: what a hasty reader would take for it."""
    ranked = [(each.candidate, each.sentence) for each in found.ranking.sentences[:8]]
    right: list[Place] = []
    if answerable:
        taken = {candidate for candidate, _ in ranked}
        taken |= {each.candidate for each in found.ranking.passages[:4]}
        everywhere = [(c, s) for c in sorted(taken) for s in range(len(found.evidence[c].sentences))]
        right = [place for place in ranked + everywhere if any(a in _sentence(found, place) for a in answers)]
        if not right:
            return
        sentence = _sentence(found, right[0])
        text = window(found.evidence[right[0][0]], right[0][1]).text
        answer = max((a for a in answers if a in sentence), key=len)
        start = text.find(sentence) + sentence.find(answer)
        yield Lesson(text, (start, start + len(answer)), 1.0)
    wrong = [place for place in ranked if place not in right]
    for number, place in enumerate(wrong[:WRONG]):
        beside = _without(found, place, frozenset(right))
        if beside.strip():
            yield Lesson(beside, None, 1.0 if number == 0 and not answerable else BESIDE_SHARE)


def _sentence(found: Found, place: Place) -> str:
    return found.evidence[place[0]].sentence(place[1])


def _without(found: Found, place: Place, left_out: frozenset[Place]) -> str:
    candidate, sentence = place
    last = min(sentence + 1, len(found.evidence[candidate].sentences) - 1)
    places = [(candidate, s) for s in range(max(sentence - 1, 0), last + 1)]
    return " ".join(_sentence(found, place) for place in places if place not in left_out)


def ask_texts(texts: Sequence[TrainingText], workshop: Workshop, ranking: ScoringWeights) -> list[Example]:
    """Every question on every text, put to its text alone, and a few that are on another text."""
    examples: list[Example] = []
    foreign = _foreign(texts)
    for text in texts:
        folder = workshop.new_folder()
        entry = {
            "id": text.id,
            "title": text.title,
            "text": text.text,
            "language": text.language,
            "published": text.published,
        }
        (folder / CORPUS).write_text(json.dumps(entry, ensure_ascii=False) + "\n", "utf-8")
        index = build_index([folder / CORPUS], folder, workshop.threads)
        asked: list[tuple[str, tuple[str, ...]]] = [(pair.question, (pair.answer,)) for pair in text.answered]
        asked += [(question, ()) for question in text.near_misses]
        examples += [
            ask(
                index,
                question,
                ranking,
                group=text.id,
                kind="text",
                answerable=bool(answers),
                answers=answers,
            )
            for question, answers in asked
        ]
        examples += [
            ask(index, question, ranking, group=text.id, kind="foreign", answerable=False)
            for question in foreign[text.id]
        ]
    return examples


def _foreign(texts: Sequence[TrainingText]) -> dict[str, list[str]]:
    """For each text, questions that another one in its language answers, whose name comes before: what is drawn for
    one stays the same when texts are added at the end."""
    drawn: dict[str, list[str]] = {}
    for language in {text.language: None for text in texts}:
        alike = sorted((text for text in texts if text.language == language), key=lambda text: text.id)
        chance = random.Random(SEED)  # noqa: S311
        for number, text in enumerate(alike):
            others = [
                other for _ in range(FOREIGN) if (other := chance.choice(alike[: number + 1])).id != text.id
            ]
            drawn[text.id] = [chance.choice(other.answered).question for other in others]
    return drawn


def ask_cases(folder: Path, workshop: Workshop, ranking: ScoringWeights) -> list[Example]:
    """The cases of one question each, put to their announcement alone. Cross-language ones are left out."""
    examples = []
    for file in sorted(folder.glob("*.jsonl")):
        cases = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
        sources = [path for path in sorted(folder.glob(f"{file.stem}.*")) if path != file]
        if not sources:
            continue
        index = build_index(sources, workshop.new_folder(), workshop.threads)
        for case in cases:
            refused = bool(case["expect"].get("refusal"))
            tags = case.get("tags", [])
            if "question" not in case or "cross-language" in tags:
                continue
            if refused or {"any_of", "all_of"} & case["expect"].keys():
                kind = "out-of-scope" if "out-of-scope" in tags else "case"
                examples.append(
                    ask(index, case["question"], ranking, group=file.stem, kind=kind, answerable=not refused)
                )
    return examples


def ask_xquad(
    data: Path, articles: frozenset[int], workshop: Workshop, ranking: ScoringWeights
) -> list[Example]:
    """The questions of some of XQuAD's articles, each with its answer there and with it taken out."""
    documents, questions = read_squad(data / "xquad.en.json", "en")
    index = _open(documents, workshop)
    segmented = [
        replace(
            document,
            sentences=tuple((s.start, s.end) for p in index.passages_of(document.id) for s in p.sentences),
        )
        for document in documents
    ]
    examples = [
        ask(
            index,
            q.text,
            ranking,
            group=f"article {q.article}",
            kind="xquad",
            answerable=True,
            answers=list(q.wanted),
        )
        for q in questions
        if q.article in articles
    ]
    for turn in rounds(segmented, questions):
        asked = [questions[number] for number in turn.questions if questions[number].article in articles]
        if asked:
            lacking = _open(turn.documents, workshop)
            examples += [
                ask(lacking, q.text, ranking, group=f"article {q.article}", kind="xquad", answerable=False)
                for q in asked
            ]
    return examples


def _open(documents: Sequence[Document], workshop: Workshop) -> Index:
    folder = workshop.new_folder()
    write_announcements(folder / CORPUS, documents)
    return build_index([folder / CORPUS], folder, workshop.threads)
