"""What people asked, grouped by meaning: what the next announcement should say.

Two wordings belong together where their vectors and their words are close, and nothing in them says that
they ask different things: another year or figure, another name, a person where the other asks for a date.
Groups are formed around the wording asked most often (leader clustering, Hartigan 1975), in an order
that the questions alone decide, so that the same questions always give the same groups.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from indexer.encoder import Floats
from indexer.language import detect
from indexer.lexicon import content_terms
from service.answering.question import Expectation, analyse
from service.conversation import AskedQuestion, Outcome, Vote

Encode = Callable[[Sequence[str]], Floats]
"""Texts to unit vectors [N, D]."""

CLOSE = 0.72
"""The least closeness of two wordings of one question: a mean of their vectors' and their words'.

This, the next and the weight of words are those that did best on ``tests/question_groups.py`` with the
default encoder: all of its 54 pairs and no other are found. They were chosen there, so that this says
little about other questions.
"""
CLOSE_IN = {"ko": 0.66}
"""The same in a language whose words are pairs of syllables: two wordings share fewer of those."""
LEAST_COSINE = 0.55
"""Below this no wording is looked at more closely."""
WEIGHT_OF_WORDS = 0.35
ROWS = 512
"""Wordings compared with all others at once."""

KINDS = {
    Expectation.PERSON: "person",
    Expectation.PLACE: "place",
    Expectation.REASON: "reason",
    Expectation.CONTACT: "contact",
    Expectation.DATE: "time",
    Expectation.DURATION: "time",
    Expectation.MONEY: "amount",
    Expectation.PERCENT: "amount",
    Expectation.COUNT: "amount",
    Expectation.MEASURE: "amount",
    Expectation.AMOUNT: "amount",
}
"""What is asked for, as far as it tells two questions apart."""

# Pairs of syllables in these words would make all questions who somebody is alike.
_KOREAN_ASKING = re.compile("(?:누구|무엇|언제|어디|얼마|어떻게|어느|무슨|왜|몇)[가-힣]*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_EDGES = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """One question, in its several wordings, the most frequent first."""

    wordings: tuple[str, ...]
    asked: int
    refused: int
    clarified: int
    up: int
    down: int
    first_asked: datetime
    last_asked: datetime

    @property
    def question(self) -> str:
        return self.wordings[0]


@dataclass(frozen=True, slots=True)
class _Wording:
    """Questions that are the same but for case, spacing and punctuation at the ends."""

    text: str
    questions: tuple[AskedQuestion, ...]
    terms: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    kind: str | None
    close: float


def group_questions(questions: Sequence[AskedQuestion], encode: Encode) -> list[QuestionGroup]:
    """The questions in groups: those refused most often first, then those asked most often."""
    wordings = _wordings(questions)
    if not wordings:
        return []
    groups = [_summed([wordings[i] for i in members]) for members in _grouped(wordings, encode)]
    return sorted(groups, key=lambda g: (-g.refused, -g.asked, g.question))


def _wordings(questions: Sequence[AskedQuestion]) -> list[_Wording]:
    """The distinct wordings, those asked most often first."""
    same: dict[str, list[AskedQuestion]] = {}
    for question in questions:
        same.setdefault(_normal(question.understood_as), []).append(question)
    found = [_wording(members) for members in same.values()]
    return sorted(found, key=lambda wording: (-len(wording.questions), wording.text))


def _normal(text: str) -> str:
    return _EDGES.sub("", " ".join(unicodedata.normalize("NFKC", text).casefold().split()))


def _wording(questions: Sequence[AskedQuestion]) -> _Wording:
    spellings = Counter(question.understood_as for question in questions)
    text = min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
    language = detect(text)
    read = analyse(text, language)
    return _Wording(
        text=text,
        questions=tuple(questions),
        terms=frozenset(content_terms(_KOREAN_ASKING.sub(" ", text), language)),
        numbers=frozenset(number.replace(",", "") for number in _NUMBER.findall(text)),
        names=frozenset(word.text.casefold() for word in read.names),
        kind=KINDS.get(read.expects),
        close=CLOSE_IN.get(language, CLOSE),
    )


def _grouped(wordings: Sequence[_Wording], encode: Encode) -> list[list[int]]:
    """The wordings' indices, each group led by its first."""
    groups: dict[int, list[int]] = {}
    for i, near in enumerate(_near(encode([wording.text for wording in wordings]))):
        rated = [
            (_closeness(wordings[i], wordings[j], cosine), -j)
            for j, cosine in near
            if j in groups and not _differ(wordings[i], wordings[j])
        ]
        closeness, leader = max(rated, default=(0.0, 0))
        if closeness >= wordings[i].close:
            groups[-leader].append(i)
        else:
            groups[i] = [i]
    return list(groups.values())


def _near(vectors: Floats) -> Iterator[list[tuple[int, float]]]:
    """For each vector those before it that may be close, with their cosine."""
    for start in range(0, len(vectors), ROWS):
        block = vectors[start : start + ROWS]
        cosines = block @ vectors[: start + len(block)].T
        for row, values in enumerate(cosines):
            before = values[: start + row]
            yield [(int(j), float(before[j])) for j in np.flatnonzero(before >= LEAST_COSINE)]


def _closeness(one: _Wording, other: _Wording, cosine: float) -> float:
    """From 0 to 1: of the vectors, and of the words by Dice's coefficient."""
    words = len(one.terms) + len(other.terms)
    dice = 2 * len(one.terms & other.terms) / words if words else 0.0
    return (1 - WEIGHT_OF_WORDS) * cosine + WEIGHT_OF_WORDS * dice


def _differ(one: _Wording, other: _Wording) -> bool:
    """Whether something in the wordings shows that they ask different things, however close they are."""
    if one.numbers != other.numbers:
        return True
    if not (one.names <= other.names or other.names <= one.names):
        return True
    if "person" in {one.kind, other.kind} and one.kind != other.kind:
        # Who may do a thing is never how, when or whether; other kinds are asked for in many ways.
        return True
    return one.kind is not None and other.kind is not None and one.kind != other.kind


def _summed(members: Sequence[_Wording]) -> QuestionGroup:
    questions = [question for member in members for question in member.questions]
    outcomes = Counter(question.outcome for question in questions)
    votes = Counter(question.vote for question in questions)
    times = [question.asked_at for question in questions]
    return QuestionGroup(
        wordings=tuple(member.text for member in members),
        asked=len(questions),
        refused=outcomes[Outcome.REFUSED],
        clarified=outcomes[Outcome.CLARIFIED],
        up=votes[Vote.UP],
        down=votes[Vote.DOWN],
        first_asked=min(times),
        last_asked=max(times),
    )
