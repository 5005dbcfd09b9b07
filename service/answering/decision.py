"""Answer, refuse or ask back: what becomes of what was found."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from indexer.index import Index
from service.answer import Answer, Clarification, Quote, Reason, Refusal, Reply
from service.answering import wording
from service.answering.ambiguity import READINGS, readings
from service.answering.answerability import AnswerabilityWeights, Judgement, judge
from service.answering.disambiguation.comparison import sides
from service.answering.disambiguation.dateline import issued
from service.answering.disambiguation.edition import editions, without_edition
from service.answering.disambiguation.scope import shortfalls
from service.answering.extractor import compose, extract, quote, quotes_of, summarise, with_quotes_of
from service.answering.found import Found
from service.answering.lead import Lead, lead_of, reading_features
from service.answering.mention import mentions, unmentioned
from service.answering.order import without_orders
from service.answering.paired import paired
from service.answering.parts import parts_of
from service.answering.preference import preferred
from service.answering.question import Expectation, Question, analyse
from service.answering.reader import Reader
from service.answering.retriever import retrieve, within
from service.answering.scoring import ScoringWeights

SURE_OF_PART = 0.6
"""How probable it is at the least that a part of a question is answered, for its answer to be given beside the other."""
SURE_OF_SIDE = 0.5
"""The same of each of two announcements that are compared."""
SURE_OF_ALIKE = 0.3
"""The same where both say it in like words."""
NEAREST = 3
"""Passages that a refusal offers."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything that was fitted."""

    scoring: ScoringWeights
    answerability: AnswerabilityWeights
    korean: AnswerabilityWeights
    reader: Reader

    def fitted(self, language: str) -> AnswerabilityWeights:
        """When to refuse a question in a language."""
        return self.korean if language == "ko" else self.answerability


def decide(
    index: Index,
    found: Found,
    weights: Weights,
    threshold: float | None = None,
    earlier: Collection[str] = (),
) -> Reply:
    """The verbatim reply to a standalone question; of one that asks for two things, or compares two, with what answers each.

    ``threshold`` is the least probability to answer at, in place of the fitted one. ``earlier`` are the ids of the
    announcements that the conversation's last answer was taken from.
    """
    question = found.inquiry.question
    if compared := _compared(index, found, weights, threshold):
        return compared
    reply = _decide(index, found, weights, threshold, earlier)
    parts = parts_of(question.text)
    if not parts or isinstance(reply, Clarification):
        return reply
    others = [
        _decide(index, retrieve(index, analyse(part, question.language), weights.scoring), weights, threshold)
        for part in parts
    ]
    told = [each for each in others if isinstance(each, Answer) and each.confidence >= SURE_OF_PART]
    if isinstance(reply, Answer):
        return with_quotes_of(reply, told)
    return with_quotes_of(told[0], told[1:]) if len(told) == len(parts) else reply


def _decide(
    index: Index, found: Found, weights: Weights, threshold: float | None, earlier: Collection[str] = ()
) -> Reply:
    question = found.inquiry.question
    if not found.ranking.sentences:
        return Refusal(
            wording.out_of_scope(question.language, index.announcement_count),
            Reason.OUT_OF_SCOPE,
            (),
            1.0,
        )
    if question.expects is Expectation.SUMMARY:
        return _summary(index, found, question)
    if said := mentions(found):
        return compose(
            quotes_of([found.place(each.candidate, each.sentence) for each in said], question), 1.0
        )
    whole, lead = found, lead_of(found, weights.reader)
    found, lead = preferred(index, found, lead, weights.scoring, weights.reader)
    judgement = judge_found(found, lead, weights)
    least = weights.fitted(question.language).threshold if threshold is None else threshold
    if judgement.probability < least or unmentioned(found):
        return refuse(index, found, judgement)
    if found is whole and (narrower := readings(found, lead, weights.scoring, weights.reader, earlier)):
        return Clarification(
            wording.which_reading(question.language), narrower, nearest(found), judgement.probability
        )
    return compose(extract(index, found, lead), judgement.probability)


def _compared(index: Index, found: Found, weights: Weights, threshold: float | None) -> Answer | None:
    """What each of two announcements says that a question compares; None where it compares none, or one does not say."""
    question = found.inquiry.question
    asked = sides(found)
    searched = [
        within(
            retrieve(index, analyse(side.question, question.language), weights.scoring),
            side.source_id,
            weights.scoring,
        )
        for side in asked
    ]
    if not searched or not all(side.ranking.sentences for side in searched):
        return None
    quotes: list[Quote] = []
    least = 1.0
    leads, alike = paired(searched, weights.reader)
    sure = SURE_OF_ALIKE if alike else SURE_OF_SIDE
    for side, lead in zip(searched, leads, strict=True):
        probability = judge_found(side, lead, weights).probability
        if probability < max(sure, threshold or 0.0):
            return None
        least = min(least, probability)
        quotes += extract(index, side, lead)
    return compose(quotes, least)


def judge_found(found: Found, lead: Lead, weights: Weights) -> Judgement:
    """How probable it is that what was found answers."""
    announcement = found.announcements[lead.candidate]
    question = found.inquiry.question
    fitted = weights.fitted(question.language)
    sentence = found.evidence[lead.candidate].sentence(lead.sentence)
    years = editions(found.inquiry, found.among)
    if years is not None and years.is_own(announcement, sentence):
        question = without_edition(question, announcement.title)
    return judge(
        replace(found.inquiry, question=question),
        found.evidence,
        found.ranking,
        announcement.title,
        issued(announcement),
        fitted,
        None
        if lead.reading is None
        else reading_features(lead.excerpts, lead.readings, lead.place, lead.reading),
        announcement.issuer or "",
        of_another_year=years is not None and years.is_another(announcement, sentence),
    )


def refuse(index: Index, found: Found, judgement: Judgement) -> Refusal:
    """An honest refusal; out of scope where the announcements have none of the question's words."""
    question = found.inquiry.question
    announcements = index.announcement_count
    confidence = 1.0 - judgement.probability
    if judgement.out_of_scope:
        text = wording.out_of_scope(question.language, announcements)
        return Refusal(text, Reason.OUT_OF_SCOPE, (), confidence)
    text = wording.refusal(question.language, announcements, judgement.missing)
    return Refusal(text, Reason.NOT_IN_ANNOUNCEMENTS, nearest(found), confidence)


def nearest(found: Found) -> tuple[Quote, ...]:
    """The best sentence of each of the best passages."""
    best: dict[int, Quote] = {}
    for ranked in found.ranking.sentences:
        if ranked.candidate not in best and len(best) < NEAREST:
            best[ranked.candidate] = quote(*found.place(ranked.candidate, ranked.sentence))
    return tuple(best.values())


def _summary(index: Index, found: Found, question: Question) -> Reply:
    """A summary of the one announcement meant; a question back where several may be."""
    meant = index.announcement_ids() if index.announcement_count == 1 else _named(found, question)
    if len(meant) == 1 and (passages := without_orders(index.passages_of(meant[0]))):
        return compose(summarise(passages, question), 1.0)
    titles = dict.fromkeys(each.title for each in found.announcements if not meant or each.id in meant)
    narrower = tuple(wording.about_title(title, question.language) for title in titles)[:READINGS]
    return Clarification(wording.which_reading(question.language), narrower, (), 1.0)


def _named(found: Found, question: Question) -> list[str]:
    """Ids of the announcements whose title or id the question names; else of those that alone have its names."""
    asked = question.text.casefold()
    announcements = {each.id: each for each in found.announcements}
    named = [id for id, a in announcements.items() if a.title.casefold() in asked or id.casefold() in asked]
    if named:
        return named
    lacking = shortfalls(found.inquiry, list(announcements.values()))
    return [id for id, lacks in zip(announcements, lacking, strict=True) if not lacks] if any(lacking) else []
