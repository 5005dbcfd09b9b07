"""The sentence that answers, and which words of it do."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from indexer import lexicon
from service.answering.disambiguation.edition import editions
from service.answering.disambiguation.scope import narrowed, shortfalls, superseded
from service.answering.found import Found
from service.answering.highlight import with_weekday
from service.answering.occasion import of_another_time
from service.answering.question import Span
from service.answering.reader import BESIDE, LANGUAGES, Reader, Reading, Window, beside, window
from service.answering.row import is_row
from service.answering.statement import told_by_others
from service.quantity import quantities

OTHER_NAMES = 6.0
"""What a sentence's logit loses if its announcement has none of the question's names and another one has all."""
OTHER_SPEAKER = 6.0
"""What it loses if the question asks for somebody's words, and it is not these while another one is."""
OTHER_TIME = 6.0
"""What it loses if it tells of another time than the question means, while another one tells of that."""
READ = 6
"""Excerpts that are read at first, at the most. Of the short training texts three are as good, of the longer development
announcements six find a few more of the sentences that answer."""
ANSWERED = 0.0
"""How well the first must be read to answer, for the others to be left unread."""
BEHIND = 4.0
"""How far behind the first one's logit another is not read at first.

Of 100 questions on the training texts that the reader did not see, this leaves 99 with the sentence that they
would have if all were read.
"""
PLAIN = 2.0
"""How well one that was left unread at first must be read to answer, to go before those of which none does.

So is one of 40 questions that development cases and training texts kept apart answer, and one of 180 near misses.
"""
SPAN_SHARE = 0.3
"""What the logit of the words counts beside that of the whole, where readings are compared.

These find the right sentence the most often on the training texts that the reader did not see; above -2 and
0.2 neither changes much.
"""
READING_SHARE = 0.5
"""What a reading counts beside the logit of the rank, where several are compared.

On the training texts that the reader did not see, the right sentence is found the most often at 0.6 in English and
at 0.4 or less in Korean; what is refused hardly changes.
"""
SURE = 1.0
"""How much better the words must answer than none would, for their sentence to go before the best one.

On the training texts that the reader did not see, any value from 0 to 2 finds the right sentence as often.
"""
_LEADING = re.compile(r"^(?:(?:from|on|in|by|at|until|for|to|of|the|an?) )+", re.IGNORECASE)
_ENDS = " .:;!?…。\"'“”‘’"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence of a candidate that may answer, with those beside it; ``logit`` is its rank's, ``title`` its
    announcement's, ``question`` what is asked of it."""

    candidate: int
    sentence: int
    logit: float
    question: str
    title: str
    window: Window


@dataclass(frozen=True, slots=True)
class Lead:
    """A sentence of a candidate. ``mark`` is where in it the words stand that answer, if that is known.

    ``reading`` is what the reader made of it and of those beside it, where it knows the language; then ``excerpts``
    are what might have been read, best first, ``place`` is its own among them, and ``readings`` is what the reader made
    of them, of the first alone where that answers.
    """

    candidate: int
    sentence: int
    mark: Span | None = None
    reading: Reading | None = None
    excerpts: tuple[Excerpt, ...] = ()
    readings: tuple[Reading, ...] = ()
    place: int = 0


def lead_of(found: Found, reader: Reader) -> Lead:
    """The sentence that answers best, by its rank and as the reader reads it. There must be one.

    Where none of those that are read first answers, the others that rank are read too.
    """
    question = found.inquiry.question
    if question.language not in LANGUAGES:
        best = found.ranking.sentences[0]
        return Lead(best.candidate, best.sentence)
    ranked = _Ranked(found)
    first = ranked.first()
    excerpts = tuple(map(ranked.excerpt, first))
    readings, place = best_read(excerpts, reader)
    if max(map(worth, readings)) < ANSWERED:
        others = tuple(map(ranked.excerpt, ranked.others(first)))
        further = [
            pair for pair in zip(others, read_all(others, reader), strict=True) if worth(pair[1]) >= PLAIN
        ]
        if further:
            excerpt, reading = max(further, key=lambda pair: _standing(*pair))
            excerpts, readings, place = (*excerpts, excerpt), (*readings, reading), len(excerpts)
    return _lead_at(found, excerpts, readings, place, reader)


def leads_of(found: Found, reader: Reader) -> list[tuple[Lead, float]]:
    """What each sentence that may answer would lead with, and how well it answers by rank and reading together, best
    ranked first. There must be one, in a language that the reader knows."""
    excerpts = excerpts_of(found)
    readings = tuple(read_all(excerpts, reader))
    return [
        (_lead_at(found, excerpts, readings, place, reader), _standing(excerpt, reading))
        for place, (excerpt, reading) in enumerate(zip(excerpts, readings, strict=True))
    ]


def _lead_at(
    found: Found, excerpts: tuple[Excerpt, ...], readings: tuple[Reading, ...], place: int, reader: Reader
) -> Lead:
    """What the excerpt at ``place`` says."""
    excerpt = excerpts[place]
    reading = _among_rows(found, excerpt, readings[place], reader)
    lead = Lead(excerpt.candidate, excerpt.sentence, None, reading, excerpts, readings, place)
    evidence = found.evidence[excerpt.candidate]
    sentence, mark = excerpt.window.place(reading.start, reading.end)
    elsewhere = sentence != excerpt.sentence
    if mark[0] == mark[1] or (elsewhere and (evidence.headings[sentence] or reading.span < SURE)):
        return lead
    lead = replace(lead, sentence=sentence, mark=_mark(mark, evidence.sentence(sentence)))
    return _in_the_body(found, lead) if evidence.headings[sentence] else lead


def _among_rows(found: Found, excerpt: Excerpt, reading: Reading, reader: Reader) -> Reading:
    """How well a row is read to answer: what the reader makes of it alone tells it from the other rows, but that there
    is an answer among them is told better from several."""
    evidence = found.evidence[excerpt.candidate]
    if worth(reading) >= ANSWERED or not is_row(evidence, excerpt.sentence):
        return reading
    several = reader.read(excerpt.question, excerpt.title, beside(evidence, excerpt.sentence).text)
    better = worth(several) > worth(reading)
    return replace(reading, span=several.span, whole=several.whole) if better else reading


def _in_the_body(found: Found, lead: Lead) -> Lead:
    """The sentence of the body that says with the same words what a heading answers, and more of the question's than
    any other; the heading where none has half of those that it has."""
    if lead.mark is None:
        return lead
    question = found.inquiry.question
    heading = found.evidence[lead.candidate].sentence(lead.sentence)
    words = re.escape(_LEADING.sub("", heading[slice(*lead.mark)]))
    same = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    asked = frozenset(lexicon.content_terms(question.text, question.language))
    asked &= frozenset(lexicon.terms(heading, question.language))
    id = found.announcements[lead.candidate].id
    best, most = lead, len(asked) / 2
    for candidate, evidence in enumerate(found.evidence):
        if found.announcements[candidate].id != id:
            continue
        for sentence, heads in enumerate(evidence.headings):
            text = evidence.sentence(sentence)
            if heads or (place := same.search(text)) is None:
                continue
            held = len(asked.intersection(lexicon.terms(text, question.language)))
            if held >= most and (best is lead or held > most):
                mark = _mark(place.span(), text)
                best, most = replace(lead, candidate=candidate, sentence=sentence, mark=mark), held
    return best


def excerpts_of(found: Found) -> tuple[Excerpt, ...]:
    """What is to be read, best first: of neighbouring sentences only the best, unless they are rows, a heading only if
    it is first, and nothing that is far behind."""
    ranked = _Ranked(found)
    return tuple(map(ranked.excerpt, ranked.first()))


class _Ranked:
    """The ranked sentences of what was found, with what tells that one is not meant taken off their logits."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._sentences = found.ranking.sentences
        self._announcements = [found.announcements[ranked.candidate] for ranked in self._sentences]
        self._years = editions(found.inquiry, found.among)
        question = found.inquiry.question
        texts = [found.evidence[each.candidate].sentence(each.sentence) for each in self._sentences]
        of_another = (
            self._years.of_another(self._announcements, texts, found.ranking.logits) if self._years else 0.0
        )
        self._logits = (
            found.ranking.logits
            - OTHER_NAMES * np.array(shortfalls(found.inquiry, self._announcements))
            - OTHER_SPEAKER * np.array(told_by_others(found))
            - OTHER_TIME * np.array(of_another_time(question, texts))
            - OTHER_TIME * np.array(of_another)
            - np.where(superseded(question, self._announcements), np.inf, 0.0)
        )
        self._order: list[int] = np.argsort(-self._logits, kind="stable").tolist()

    def first(self) -> list[int]:
        """The places of those that are read first, best first."""
        chosen: list[int] = []
        for place in self._order:
            if any(self._is_beside(place, other) for other in chosen):
                continue
            if chosen and self._logits[place] <= self._logits[chosen[0]] - BEHIND:
                break
            if chosen and self._heads(place):
                continue
            chosen.append(place)
            if len(chosen) == READ:
                break
        return chosen

    def others(self, chosen: Sequence[int]) -> list[int]:
        """The places of the others that may be read, best first: none of which it is told that it is not meant."""
        meant = self._logits == self._found.ranking.logits
        return [
            place for place in self._order if place not in chosen and meant[place] and not self._heads(place)
        ]

    def excerpt(self, place: int) -> Excerpt:
        """The sentence at a place, to be read."""
        ranked, announcement = self._sentences[place], self._announcements[place]
        seen = window(self._found.evidence[ranked.candidate], ranked.sentence)
        asked = narrowed(
            self._found.inquiry.question,
            announcement,
            self._announcements,
            of_its_year=self._years is not None and self._years.is_own(announcement, seen.text),
        )
        logit = float(self._logits[place])
        return Excerpt(ranked.candidate, ranked.sentence, logit, asked, announcement.title, seen)

    def _heads(self, place: int) -> bool:
        ranked = self._sentences[place]
        return self._found.evidence[ranked.candidate].headings[ranked.sentence]

    def _is_beside(self, place: int, other: int) -> bool:
        """Whether one of two neighbours shows the other, too."""
        one, two = self._sentences[place], self._sentences[other]
        if one.candidate != two.candidate or abs(one.sentence - two.sentence) > BESIDE:
            return False
        evidence = self._found.evidence[one.candidate]
        return not (is_row(evidence, one.sentence) or is_row(evidence, two.sentence))


def best_read(excerpts: Sequence[Excerpt], reader: Reader) -> tuple[tuple[Reading, ...], int]:
    """What the reader makes of each excerpt, of the first alone where that answers; and which of them answers best, by
    rank and reading together. There must be one."""
    readings = tuple(read_all(excerpts[:1], reader))
    if worth(readings[0]) < ANSWERED:
        readings += tuple(read_all(excerpts[1:], reader))
    standings = [_standing(excerpt, reading) for excerpt, reading in zip(excerpts, readings, strict=False)]
    return readings, standings.index(max(standings))


def _standing(excerpt: Excerpt, reading: Reading) -> float:
    """How well an excerpt answers by rank and reading together."""
    return excerpt.logit + READING_SHARE * worth(reading)


def reading_features(
    excerpts: Sequence[Excerpt], readings: Sequence[Reading], place: int, reading: Reading
) -> dict[str, float]:
    """What tells whether there is an answer, by name: how well the excerpt at ``place`` is read to answer, which
    ``reading`` says, and how well the first and the best one; how high it ranks, and how far behind the first."""
    worths = [worth(each) for each in readings]
    return {
        "reads span": reading.span,
        "reads whole": reading.whole,
        "reads first": worths[0],
        "reads best": max(worths),
        "rank": excerpts[place].logit,
        "rank behind": excerpts[0].logit - excerpts[place].logit,
    }


def read_all(excerpts: Sequence[Excerpt], reader: Reader) -> list[Reading]:
    """What the reader makes of each, several at a time."""

    def read(excerpt: Excerpt) -> Reading:
        return reader.read(excerpt.question, excerpt.title, excerpt.window.text)

    if len(excerpts) <= 1:
        return [read(excerpt) for excerpt in excerpts]
    with ThreadPoolExecutor(len(excerpts)) as pool:
        return list(pool.map(read, excerpts))


def worth(reading: Reading) -> float:
    """How well something is read to answer; from 0 on it rather does."""
    return reading.whole + SPAN_SHARE * reading.span


def _mark(words: Span, sentence: str) -> Span | None:
    """The words with all of each figure that they begin or end in, its unit too; None for all of a sentence,
    in which a mark would show nothing."""
    cut = [q for q in quantities(sentence) if q.start < words[1] and words[0] < q.end]
    start = min([words[0], *(q.start for q in cut)])
    end = max([words[1], *(q.end for q in cut)])
    start, end = with_weekday(sentence, (start, end))
    return None if sentence[start:end].strip(_ENDS) == sentence.strip(_ENDS) else (start, end)
