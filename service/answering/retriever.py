"""The second stage: the passages and sentences that may answer a question, best first.

Dense and lexical candidates are fused by reciprocal rank (Cormack, Clarke and Büttcher, SIGIR 2009)
and reranked by late interaction.
"""

import re
from collections.abc import Sequence

import numpy as np

from indexer import lexicon
from indexer.announcement import Kind
from indexer.index import Index, IndexedPassage
from service.answering import wording
from service.answering.found import Found
from service.answering.order import without_orders
from service.answering.question import Question, analyse
from service.answering.scoring import Evidence, Inquiry, ScoringWeights, rank, term_rarity, token_weights

EACH = 24
"""Candidates taken from each of the two indexes."""
RERANKED = 24
"""Candidates that are reranked at the most. On the fitted half of XQuAD twice as many find nothing more, and take
twice as long."""
FUSION = 60
"""The constant of reciprocal rank fusion, as in the paper."""

_IN_BRACKETS = re.compile(r" \(.+\)\?$")


def retrieve(index: Index, question: Question, weights: ScoringWeights) -> Found:
    """Rank what the index holds for a question that stands on its own."""
    encoding = index.encode_question(question.text)
    dense = index.nearest(encoding.pooled, EACH)
    terms = lexicon.content_terms(question.text, question.language) or lexicon.terms(
        question.text, question.language
    )
    lexical = index.matching(terms, EACH)
    fused = fuse([[id for id, _ in dense], [id for id, _ in lexical]], RERANKED)
    passages = without_orders(index.passages(fused))
    scores = dict(lexical)
    shared = tuple(scores.get(passage.id, 0.0) for passage in passages)
    inquiry = Inquiry(
        question=question,
        tokens=encoding.tokens,
        pieces=encoding.pieces,
        spans=encoding.spans,
        weights=token_weights(encoding.pieces, index.piece_frequencies, len(index), weights.background),
        rarity=term_rarity(question, index.term_frequency, len(index)),
    )
    evidence = tuple(evidence_of(passage) for passage in passages)
    ranking = rank(inquiry, evidence, shared, weights)
    among = tuple(passage.revision.announcement for passage in passages)
    return Found(inquiry, tuple(passages), evidence, shared, ranking, among)


def retrieve_meant(index: Index, text: str, language: str, weights: ScoringWeights) -> Found:
    """The same for a question that may say in brackets at its end which announcement it means: then in that alone."""
    brackets = _IN_BRACKETS.search(text)
    if brackets is not None:
        found = retrieve(index, analyse(text[: brackets.start()] + "?", language), weights)
        meant = (each.id for each in found.announcements if text.endswith(wording.meaning(each.title)))
        if (id := next(meant, None)) is not None:
            return within(found, id, weights)
    return retrieve(index, analyse(text, language), weights)


def within(found: Found, source_id: str, weights: ScoringWeights) -> Found:
    """What was found in one announcement alone, ranked anew."""
    own = [number for number, each in enumerate(found.announcements) if each.id == source_id]
    evidence = tuple(found.evidence[number] for number in own)
    shared = tuple(found.lexical[number] for number in own)
    return Found(
        found.inquiry,
        tuple(found.passages[number] for number in own),
        evidence,
        shared,
        rank(found.inquiry, evidence, shared, weights),
        found.among,
    )


def fuse(rankings: Sequence[Sequence[int]], most: int) -> list[int]:
    """Ids by reciprocal rank fusion of several rankings, best first, ``most`` at the most."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for position, id in enumerate(ranking):
            scores[id] = scores.get(id, 0.0) + 1 / (FUSION + position + 1)
    return sorted(scores, key=lambda id: -scores[id])[:most]


def evidence_of(passage: IndexedPassage) -> Evidence:
    """A passage as scoring sees it: sentence offsets relative to the passage."""
    return Evidence(
        text=passage.text,
        sentences=tuple((s.start - passage.start, s.end - passage.start) for s in passage.sentences),
        headings=tuple(s.kind is Kind.HEADING for s in passage.sentences),
        steps=passage.packed.steps,
        pieces=passage.packed.pieces,
        spans=passage.packed.spans.astype(np.int32),
        scales=passage.packed.scales.astype(np.float32),
    )
