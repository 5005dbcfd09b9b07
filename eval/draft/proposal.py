"""Proposes cases from an announcement, for a person to review: no model takes part."""

import random
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest

from eval.case import Case, Expectation
from eval.draft.asked import Asked, asked
from eval.draft.near_miss import Missed, false_premise, near_misses
from eval.draft.unanswerable import unanswerables
from indexer.announcement import Announcement, Kind
from indexer.segmenter import sentences
from service.name import NameKind, names

REVIEW = "proposed without a model: reword the question, check the answer, or delete the case"
EACH_KIND = 2
"""Requests of each kind of UAEval4RAG's."""
FALSE_PREMISES = 4


def propose(announcement: Announcement, *, most: int = 60, seed: int = 1) -> list[Case]:
    """Up to ``most`` cases: about half answerable, the others near misses and other unanswerable kinds.

    The same announcement and seed give the same cases.
    """
    chance = random.Random(f"{seed}:{announcement.id}")  # noqa: S311
    text, language = announcement.text, announcement.language
    told = [text[s.start : s.end] for s in sentences(text, language) if s.kind is Kind.BODY]
    questions = [question for sentence in told for question in asked(sentence, language)]
    known = _names(told, language)
    unanswerable = unanswerables(known, announcement.title, language, EACH_KIND, chance)
    premises = (false_premise(q, text, language, chance) for q in _spread(questions, chance))
    unanswerable += islice((p for p in premises if p is not None), FALSE_PREMISES)
    missed = [miss for q in questions for miss in islice(near_misses(q, text, known, language, chance), 1)]
    room = max(0, most - len(unanswerable))
    answerable = _spread(questions, chance)[: room - min(len(missed), room // 2)]
    missed = chance.sample(missed, min(len(missed), room - len(answerable)))
    proposed: list[Asked | Missed] = list(answerable)
    proposed += missed
    proposed += unanswerable
    unique = {q.question: q for q in proposed[:most]}
    return [_case(announcement.id, n, q) for n, q in enumerate(unique.values(), 1)]


def _spread(questions: Sequence[Asked], chance: random.Random) -> list[Asked]:
    """The questions in such an order that kinds take turns: the first few are of every kind."""
    kinds: dict[str, list[Asked]] = {}
    for question in chance.sample(list(questions), len(questions)):
        kinds.setdefault(question.kind, []).append(question)
    return [q for turn in zip_longest(*kinds.values()) for q in turn if q is not None]


def _names(told: Sequence[str], language: str) -> list[str]:
    found: Iterator[str] = (
        name.text
        for sentence in told
        for name in names(sentence, language)
        if name.kind is NameKind.PROPER and not name.opens
    )
    return list(dict.fromkeys(found))


def _case(source: str, number: int, proposed: Asked | Missed) -> Case:
    id = f"{source}-draft-{number:03}"
    if isinstance(proposed, Asked):
        expect = Expectation(any_of=(proposed.fact,))
        tags = ("answerable", proposed.kind)
        return Case(
            id,
            expect,
            proposed.question,
            source=source,
            sentences=(proposed.sentence,),
            tags=tags,
            note=REVIEW,
        )
    out = proposed.kind == "out-of-scope"
    labels = ("out-of-scope",) if out else ("near-miss", proposed.kind)
    return Case(id, Expectation(refusal=True), proposed.question, source=source, tags=labels, note=REVIEW)
