"""Ranking passages and sentences by late interaction and a few features of the wording.

Late interaction: each token of the question finds its most similar token of the text (MaxSim; Khattab
and Zaharia, ColBERT, SIGIR 2020), here on the token states that the encoder gives anyway. A linear
model, fitted listwise (``eval/benchmarks/fit.py``), weighs it against the words that are literally
shared, the sentence before, and whether the sentence has the kind of thing that is asked for.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from indexer import lexicon
from service.answering.expected import expected
from service.answering.question import FIGURES, Expectation, Question, Span

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]

PASSAGES = 5
"""Passages whose sentences are ranked."""
SENTENCES = 10
"""Sentences that a ranking keeps."""
PRIOR = 50.0
"""How many passages the background's word frequencies are worth beside the index's own."""
_WINDOW = 10
"""Tokens to either side of an answer's place that may explain it."""
_SPELLED = 3.0
"""Pieces a word from which the encoder spells a language out rather than knows it."""
_BEST_SENTENCE = 1.0
"""What a passage's best sentence adds to the passage's own score."""
_NEAR = 0.9
"""What a match in the sentence before is worth: "it" stands for what was named there."""

PASSAGE_FEATURES = ("uniform", "weighted", "content", "lexical", "coverage", "pooled")
SENTENCE_FEATURES = (
    "uniform",
    "weighted",
    "content",
    "previous",
    "joint",
    "joint content",
    "topic",
    "passage uniform",
    "passage weighted",
    "coverage",
    "joint coverage",
    "passage coverage",
    "passage score",
    "figure",
    "name",
    "phrase",
    "near",
    "pooled",
    "news",
    "focus",
    "least",
    "words",
    "opens",
    "heading",
    "length",
)


@dataclass(frozen=True, slots=True, eq=False)
class ScoringWeights:
    """Everything fitted. ``background`` [V] is the share of passages that hold each word piece.

    ``passage`` and ``sentence`` are one weight a feature, in the order of ``PASSAGE_FEATURES`` and
    ``SENTENCE_FEATURES``. ``spelled_passage`` and ``spelled_sentence`` are used instead where the
    encoder does not know the question's language; they lean on the shared words alone.
    """

    background: Floats
    passage: Floats
    sentence: Floats
    spelled_passage: Floats
    spelled_sentence: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Inquiry:
    """An encoded question: unit token vectors [Q, D], piece ids [Q], offsets [Q, 2], weights [Q].

    ``rarity`` is the inverse document frequency of its lexical terms (``term_rarity``).
    """

    question: Question
    tokens: Floats
    pieces: Integers
    spans: Integers
    weights: Floats
    rarity: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A candidate passage, of at least one sentence.

    Sentence offsets and token ``spans`` [T, 2] are relative to ``text``.
    """

    text: str
    sentences: tuple[Span, ...]
    headings: tuple[bool, ...]
    tokens: Floats
    pieces: Integers
    spans: Integers


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """``candidate`` is its place among the candidates given; a higher ``score`` is better."""

    candidate: int
    score: float


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """``score`` is how likely this sentence answers beside the best one, which has 1.

    ``similarity`` is its weighted MaxSim, at most 1.
    """

    candidate: int
    sentence: int
    score: float
    similarity: float


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Passages and sentences, best first, and what was measured on the way.

    ``matches`` [S, Q] is each question token's best similarity in each of ``sentences``, ``anywhere``
    [Q] in any candidate. ``features`` [S, F] are in the order of SENTENCE_FEATURES, ``logits`` [S]
    what the model made of them.
    """

    passages: tuple[RankedPassage, ...]
    sentences: tuple[RankedSentence, ...]
    matches: Floats
    anywhere: Floats
    features: Floats
    logits: Floats


def load_scoring(path: Path) -> ScoringWeights:
    """Read the weights that ``eval/benchmarks/fit.py`` wrote. Raises OSError and ValueError."""
    stored = read_arrays(path, ("background", "passage", "sentence", "spelled_passage", "spelled_sentence"))
    weights = ScoringWeights(**{name: array.astype(np.float32) for name, array in stored.items()})
    by_passage, by_sentence = len(PASSAGE_FEATURES), len(SENTENCE_FEATURES)
    if not (
        len(weights.passage) == len(weights.spelled_passage) == by_passage
        and len(weights.sentence) == len(weights.spelled_sentence) == by_sentence
    ):
        raise ValueError(f"{path}: weights of another version")
    return weights


def read_arrays(path: Path, names: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """Arrays of an .npz file by name. Raises OSError, and ValueError where it is damaged or lacks one."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in names}
    except (KeyError, BadZipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{path}: {error}") from error


def term_rarity(question: Question, frequency: Callable[[str], int], passages: int) -> dict[str, float]:
    """The inverse document frequency of each lexical term of the question, at least a little.

    ``frequency`` says in how many of the index's passages a term occurs.
    """
    terms = {t for word in question.content for t in lexicon.terms(word.text, question.language)}
    counts = {term: min(frequency(term), passages) for term in terms}
    return {term: float(np.log1p((passages - n + 0.5) / (n + 0.5))) for term, n in counts.items()}


def token_weights(pieces: Integers, frequencies: Integers, passages: int, background: Floats) -> Floats:
    """How much each question token tells [Q]: its inverse document frequency, at least a little.

    ``frequencies`` [V] counts the index's passages that hold each piece. A small index knows little of
    how common a word is, so the ``background`` counts as ``PRIOR`` further passages.
    """
    known = pieces < min(len(frequencies), len(background))
    at = np.where(known, pieces, 0)
    holding = np.where(known, frequencies[at] + PRIOR * background[at], 0.0)
    total = passages + PRIOR
    return np.log1p((total - holding + 0.5) / (holding + 0.5)).astype(np.float32)


def rank(
    inquiry: Inquiry, candidates: Sequence[Evidence], lexical: Sequence[float], weights: ScoringWeights
) -> Ranking:
    """Rank passages, then the sentences of the best few.

    ``lexical[i]`` is candidate i's BM25 score, 0 where it shares no word. Sentences outside the best
    passages are not ranked; a heading is, but only the body's silence lets it win.
    """
    if not candidates or not len(inquiry.tokens):
        none = np.zeros((0, len(SENTENCE_FEATURES)), np.float32)
        tokens = len(inquiry.tokens)
        return Ranking((), (), none[:, :0], np.zeros(tokens, np.float32), none, none[:, 0])
    view = _View(inquiry)
    matched = [_matched(inquiry, candidate) for candidate in candidates]
    by_passage = weights.spelled_passage if view.spelled else weights.passage
    by_sentence = weights.spelled_sentence if view.spelled else weights.sentence
    passage_scores = passage_features(view, candidates, matched, lexical) @ by_passage
    order = np.argsort(-passage_scores, kind="stable")
    places, features, matches = sentence_features(
        view, candidates, matched, order[:PASSAGES].tolist(), passage_scores
    )
    logits = features @ by_sentence
    best = np.argsort(-logits, kind="stable")[:SENTENCES]
    for i in order[:PASSAGES]:
        own = [float(logits[k]) for k, (candidate, _) in enumerate(places) if candidate == i]
        passage_scores[i] += _BEST_SENTENCE * max(own, default=0.0)
    order[:PASSAGES] = order[:PASSAGES][np.argsort(-passage_scores[order[:PASSAGES]], kind="stable")]
    similarities = features[:, SENTENCE_FEATURES.index("weighted")]
    top = float(logits[best[0]]) if len(best) else 0.0
    return Ranking(
        passages=tuple(RankedPassage(int(i), float(passage_scores[i])) for i in order),
        sentences=tuple(
            RankedSentence(
                candidate=places[i][0],
                sentence=places[i][1],
                score=float(np.exp(logits[i] - top)),
                similarity=float(similarities[i]),
            )
            for i in best.tolist()
        ),
        matches=matches[best],
        anywhere=np.max([m.sentences.max(axis=0) for m in matched], axis=0),
        features=features[best],
        logits=logits[best],
    )


class _View:
    """What is asked of every sentence alike, computed once a question."""

    def __init__(self, inquiry: Inquiry) -> None:
        question = inquiry.question
        begins = inquiry.spans[:, 0]
        self.inquiry = inquiry
        self.uniform = np.full(len(begins), 1 / len(begins), np.float32)
        self.weighted = inquiry.weights / max(float(inquiry.weights.sum()), 1e-6)
        inside = [(begins >= w.start) & (begins < w.end) for w in question.content]
        content = np.any(inside, axis=0) if inside else np.ones(len(begins), bool)
        self.content = inquiry.weights * content + 1e-3
        self.content /= self.content.sum()
        focus = question.focus or (0, 0)
        self.focus = (begins >= focus[0]) & (begins < focus[1])
        kept = [(word, mask) for word, mask in zip(question.content, inside, strict=True) if mask.any()]
        self.words = [mask for _, mask in kept]
        self.spelled = len(begins) >= _SPELLED * max(len(question.words), 1)
        self.terms = [
            {term: inquiry.rarity.get(term, 1.0) for term in lexicon.terms(word.text, question.language)}
            for word, _ in kept
        ]
        by_piece = [float(inquiry.weights[mask].max()) for mask in self.words]
        by_term = [sum(terms.values()) for terms in self.terms]
        self.word_weights = np.array(by_term if self.spelled else by_piece, np.float32)
        mean = inquiry.tokens.mean(axis=0)
        self.pooled = mean / max(float(np.linalg.norm(mean)), 1e-6)

    def covered(self, terms: frozenset[str]) -> Floats:
        """Which share of each content word of the question these terms literally hold [W]."""
        return np.array(
            [
                sum(weight for term, weight in word.items() if term in terms) / max(sum(word.values()), 1e-6)
                for word in self.terms
            ],
            np.float32,
        )

    def coverage(self, terms: frozenset[str]) -> float:
        """The share of the question's content that these terms literally hold, by weight."""
        return float(self.covered(terms) @ self.word_weights / max(float(self.word_weights.sum()), 1e-6))


@dataclass(frozen=True, slots=True, eq=False)
class _Matched:
    """A candidate against the question: similarities [Q, T], by sentence [S, Q], token ranges [S + 1]."""

    similarities: Floats
    sentences: Floats
    bounds: npt.NDArray[np.intp]
    pooled: Floats


def _matched(inquiry: Inquiry, candidate: Evidence) -> _Matched:
    similarities = inquiry.tokens @ candidate.tokens.T
    starts = [start for start, _ in candidate.sentences]
    bounds = np.append(np.searchsorted(candidate.spans[:, 0], starts), len(candidate.tokens))
    rows = np.zeros((len(starts), len(inquiry.tokens)), np.float32)
    filled = bounds[1:] > bounds[:-1]
    if filled.any():
        rows[filled] = np.maximum.reduceat(similarities, bounds[:-1][filled], axis=1).T
    mean = candidate.tokens.mean(axis=0) if len(candidate.tokens) else np.zeros(inquiry.tokens.shape[1])
    pooled = (mean / max(float(np.linalg.norm(mean)), 1e-6)).astype(np.float32)
    return _Matched(similarities, rows, bounds, pooled)


def passage_features(
    view: _View, candidates: Sequence[Evidence], matched: Sequence[_Matched], lexical: Sequence[float]
) -> Floats:
    """The features of PASSAGE_FEATURES for each candidate [P, F]."""
    best = np.stack([m.sentences.max(axis=0) for m in matched])
    highest = max(*lexical, 1e-6)
    language = view.inquiry.question.language
    # The lexicon is the slow part: only what similarity or BM25 puts ahead can still win.
    near = best @ view.content
    promise = (0.0 if view.spelled else near) + 0.2 * np.asarray(lexical) / highest
    promising = set(np.argsort(-promise)[: 2 * PASSAGES].tolist())
    covered = [
        view.coverage(frozenset(lexicon.terms(c.text, language))) if i in promising else 0.0
        for i, c in enumerate(candidates)
    ]
    return np.column_stack(
        [
            best @ view.uniform,
            best @ view.weighted,
            near,
            np.asarray(lexical) / highest,
            covered,
            [float(m.pooled @ view.pooled) for m in matched],
        ]
    ).astype(np.float32)


def sentence_features(
    view: _View,
    candidates: Sequence[Evidence],
    matched: Sequence[_Matched],
    chosen: Sequence[int],
    passage_scores: Floats,
) -> tuple[list[tuple[int, int]], Floats, Floats]:
    """(candidate, sentence) of each sentence, their features [S, F], and their matches [S, Q]."""
    places: list[tuple[int, int]] = []
    rows: list[list[float]] = []
    matches: list[Floats] = []
    language = view.inquiry.question.language
    highest = float(max(passage_scores[i] for i in chosen))
    for i in chosen:
        candidate, match = candidates[i], matched[i]
        texts = [candidate.text[start:end] for start, end in candidate.sentences]
        terms = [frozenset(lexicon.terms(text, language)) for text in texts]
        if not texts:
            continue
        whole = match.sentences.max(axis=0)
        shared = [
            float(whole @ view.uniform),
            float(whole @ view.weighted),
            view.coverage(frozenset().union(*terms)),
            float(passage_scores[i]) - highest,
        ]
        for j, text in enumerate(texts):
            joint_terms = terms[j] | terms[j - 1] if j else terms[j]
            lexical = [view.coverage(terms[j]), view.coverage(joint_terms), *shared[2:]]
            places.append((int(i), j))
            matches.append(match.sentences[j])
            rows.append(
                [*_similarity(view, match, j), *shared[:2], *lexical, *_form(view, candidate, match, j, text)]
            )
    width = len(SENTENCE_FEATURES)
    return (
        places,
        np.asarray(rows, np.float32).reshape(-1, width),
        np.asarray(matches, np.float32).reshape(-1, len(view.uniform)),
    )


def _similarity(view: _View, match: _Matched, j: int) -> list[float]:
    """How near a sentence is to the question: by itself, and with what its passage said before it."""
    own = match.sentences[j]
    before = match.sentences[j - 1] if j else np.zeros_like(own)
    joint = np.maximum(own, _NEAR * before)
    return [
        float(own @ view.uniform),
        float(own @ view.weighted),
        float(own @ view.content),
        float(before @ view.weighted),
        float(joint @ view.weighted),
        float(joint @ view.content),
        float(np.maximum(own, _NEAR * match.sentences[0]) @ view.weighted),
    ]


def _form(view: _View, candidate: Evidence, match: _Matched, j: int, text: str) -> list[float]:
    """Whether a sentence has what is asked for, and other traits of it."""
    question = view.inquiry.question
    own = match.sentences[j]
    spans = expected(question, text)
    kind = 0.0 if spans is None else 1.0 if spans else -1.0
    figure = question.expects in FIGURES
    name = question.expects in {Expectation.PERSON, Expectation.PLACE}
    inside = slice(match.bounds[j], match.bounds[j + 1])
    tokens = candidate.tokens[inside]
    news = tokens[~np.isin(candidate.pieces[inside], view.inquiry.pieces)]
    words = [float(own[mask].mean()) for mask in view.words]
    return [
        kind if figure else 0.0,
        kind if name else 0.0,
        0.0 if figure or name else kind,
        _near(view, candidate, match, j, spans),
        _cosine(tokens, view.pooled),
        _cosine(news, view.pooled),
        float(own[view.focus].max()) if view.focus.any() else 0.0,
        min(words, default=0.0),
        float(np.dot(words, view.word_weights) / view.word_weights.sum()) if words else 0.0,
        float(j == 0),
        float(candidate.headings[j]),
        float(np.log1p(len(tokens))) / 3,
    ]


def _cosine(tokens: Floats, pooled: Floats) -> float:
    """The cosine between the mean of some tokens [T, D] and a unit vector [D]; 0 without tokens."""
    if not len(tokens):
        return 0.0
    mean = tokens.mean(axis=0)
    return float(mean @ pooled) / max(float(np.linalg.norm(mean)), 1e-6)


def _near(view: _View, candidate: Evidence, match: _Matched, j: int, spans: tuple[Span, ...] | None) -> float:
    """How well the question's content is met close to a place that has the expected kind of thing.

    Anywhere in the sentence where the kind is not told by its form; a little less than the best
    stretch where nothing of the kind is there.
    """
    first, last = match.bounds[j], match.bounds[j + 1]
    if last <= first:
        return 0.0
    similarities = match.similarities[:, first:last]
    length = last - first
    if spans:
        begins = candidate.spans[first:last, 0] - candidate.sentences[j][0]
        ends = candidate.spans[first:last, 1] - candidate.sentences[j][0]
        centres = [
            int(np.flatnonzero((begins < end) & (ends > start)).mean())
            for start, end in spans[:12]
            if ((begins < end) & (ends > start)).any()
        ] or [length // 2]
    else:
        centres = list(range(_WINDOW, max(length - _WINDOW, _WINDOW + 1), 3))
    best = max(
        float(similarities[:, max(centre - _WINDOW, 0) : centre + _WINDOW + 1].max(axis=1) @ view.content)
        for centre in centres
    )
    return best if spans or spans is None else best - 0.1
