"""The sentence that answers, and which words of it do."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from indexer import lexicon
from indexer.announcement import Announcement
from service.answering.counted import counted_rows
from service.answering.disambiguation.edition import Editions, editions
from service.answering.disambiguation.scope import narrowed, shortfalls, superseded
from service.answering.enumeration import of_those_in
from service.answering.found import Found
from service.answering.highlight import with_weekday
from service.answering.occasion import of_another_time
from service.answering.question import Span
from service.answering.reader import LANGUAGES, Reader, Reading, Window, beside, window, with_rows
from service.answering.row import is_row
from service.answering.statement import told_by_others
from service.quantity import quantities

OTHER_NAMES = 6.0
"""What a sentence's logit loses if its announcement has none of the question's names and another one has all."""
OTHER_SPEAKER = 6.0
"""What it loses if the question asks for somebody's words, and it is not these while another one is."""
OTHER_TIME = 6.0
"""What it loses if it tells of another time than the question means, while another one tells of that."""
READ = 8
"""Excerpts that are read at the most. Of the short training texts three are as good, of the longer development
announcements more find a few more of the sentences that answer."""
ANSWERED = 0.0
"""From what worth on something is read to answer rather than not."""
PLAINLY = 2.0
"""How well the first must be read to answer, for the others to be left unread.

On the training texts that the reader did not see, a few more of the sentences that answer are found than from 0 on, and
none more from 4 on.
"""
BEHIND = 4.0
"""How far behind the first one's logit another is never read.

Of 100 questions on the training texts that the reader did not see, this leaves 99 with the sentence that they
would have if all were read.
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
    of them, of the first alone where that plainly answers.
    """

    candidate: int
    sentence: int
    mark: Span | None = None
    reading: Reading | None = None
    excerpts: tuple[Excerpt, ...] = ()
    readings: tuple[Reading, ...] = ()
    place: int = 0


def lead_of(found: Found, reader: Reader) -> Lead:
    """The sentence that answers best, by its rank and as the reader reads it. There must be one."""
    question = found.inquiry.question
    if question.language not in LANGUAGES:
        best = found.ranking.sentences[0]
        return Lead(best.candidate, best.sentence)
    excerpts = excerpts_of(found)
    return _lead_at(found, excerpts, *best_read(excerpts, reader), reader)


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
    """What is to be read, best first: a heading only if it is first, and nothing that is far behind."""
    question, of_passages = found.inquiry.question, found.announcements
    announcements = [of_passages[ranked.candidate] for ranked in found.ranking.sentences]
    years = editions(found.inquiry, found.among)
    logits = _logits_of_meant(found, announcements, years)
    chosen: list[Excerpt] = []
    for place in np.argsort(-logits, kind="stable").tolist():
        ranked, announcement, logit = (
            found.ranking.sentences[place],
            announcements[place],
            float(logits[place]),
        )
        evidence = found.evidence[ranked.candidate]
        if chosen and logit <= chosen[0].logit - BEHIND:
            break
        if chosen and evidence.headings[ranked.sentence]:
            continue
        rows = counted_rows(evidence, ranked.sentence, question, announcement.title)
        seen = with_rows(evidence, ranked.sentence, rows) if rows else window(evidence, ranked.sentence)
        of_its_year = years is not None and years.is_own(announcement, seen.text)
        asked = narrowed(question, announcement, announcements, of_its_year=of_its_year)
        if is_row(evidence, ranked.sentence):
            asked = of_those_in(asked, seen.text)
        chosen.append(Excerpt(ranked.candidate, ranked.sentence, logit, asked, announcement.title, seen))
        if len(chosen) == READ:
            break
    return tuple(chosen)


def _logits_of_meant(
    found: Found, announcements: Sequence[Announcement], years: Editions | None
) -> npt.NDArray[np.float64]:
    """The logits of the ranked sentences, of these announcements, less what tells that one is not meant."""
    question = found.inquiry.question
    sentences = [found.evidence[each.candidate].sentence(each.sentence) for each in found.ranking.sentences]
    of_another = years.of_another(announcements, sentences, found.ranking.logits) if years else 0.0
    return (
        found.ranking.logits
        - OTHER_NAMES * np.array(shortfalls(found.inquiry, announcements))
        - OTHER_SPEAKER * np.array(told_by_others(found))
        - OTHER_TIME * np.array(of_another_time(question, sentences))
        - OTHER_TIME * np.array(of_another)
        - np.where(superseded(question, announcements), np.inf, 0.0)
    )


def best_read(excerpts: Sequence[Excerpt], reader: Reader) -> tuple[tuple[Reading, ...], int]:
    """What the reader makes of each excerpt, of the first alone where that plainly answers; and which of them answers best, by
    rank and reading together. There must be one."""
    readings = tuple(read_all(excerpts[:1], reader))
    if worth(readings[0]) < PLAINLY:
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
