"""Ranking passages and sentences by late interaction and a few features of the wording.

Late interaction: each token of the question finds its most similar token of the text (MaxSim; Khattab
and Zaharia, ColBERT, SIGIR 2020), here on the token states that the encoder gives anyway. A linear
model, fitted listwise (``eval/training/ranking.py``), weighs it against the words that are literally
shared, the sentence before, and whether the sentence has the kind of thing that is asked for.
"""

import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
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
Places = npt.NDArray[np.intp]

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
_ASKING = ("?", "？")
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

    Sentence offsets and token ``spans`` [T, 2] are relative to ``text``. Its tokens' unit vectors are
    ``steps`` [T, D], of whatever type they are stored in, times ``scales`` [T], if there are any.
    """

    text: str
    sentences: tuple[Span, ...]
    headings: tuple[bool, ...]
    steps: npt.NDArray[np.float32 | np.int8]
    pieces: Integers
    spans: Integers
    scales: Floats | None = None

    def sentence(self, number: int) -> str:
        """The text of one of its sentences."""
        return self.text[slice(*self.sentences[number])]

    @property
    def tokens(self) -> Floats:
        """The unit vectors of its tokens [T, D]."""
        return self.steps.astype(np.float32) * self.sizes[:, None]

    @property
    def sizes(self) -> Floats:
        """What each of ``steps`` is to be multiplied by [T]."""
        return np.ones(len(self.steps), np.float32) if self.scales is None else self.scales


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
    """Read the weights that ``eval/training/ranking.py`` wrote. Raises OSError and ValueError."""
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
    match = Match(inquiry, candidates)
    by_passage = weights.spelled_passage if match.view.spelled else weights.passage
    by_sentence = weights.spelled_sentence if match.view.spelled else weights.sentence
    passage_scores = passage_features(match, lexical) @ by_passage
    order = np.argsort(-passage_scores, kind="stable")
    places, features, matches = sentence_features(match, order[:PASSAGES].tolist(), passage_scores)
    logits = _passed_on(features @ by_sentence, places, candidates)
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
        anywhere=match.passages.max(axis=0),
        features=features[best],
        logits=logits[best],
    )


def _passed_on(logits: Floats, places: Sequence[tuple[int, int]], candidates: Sequence[Evidence]) -> Floats:
    """The same where a text puts a question itself: what is below answers it, and is given its logit."""
    least = logits.min(initial=0.0)
    for k, (candidate, sentence) in enumerate(places[:-1]):
        evidence = candidates[candidate]
        end = evidence.sentences[sentence][1]
        if evidence.text.endswith(_ASKING, 0, end) and places[k + 1] == (candidate, sentence + 1):
            logits[k + 1] = max(logits[k], logits[k + 1])
            logits[k] = least
    return logits


class View:
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
        masks = np.array([mask for _, mask in kept], np.float32).reshape(-1, len(begins))
        self.words = masks / np.maximum(masks.sum(axis=1, keepdims=True), 1)
        """For each content word [W, Q], its share in each of its tokens."""
        self.spelled = len(begins) >= _SPELLED * max(len(question.words), 1)
        terms = [
            {term: inquiry.rarity.get(term, 1.0) for term in lexicon.terms(word.text, question.language)}
            for word, _ in kept
        ]
        by_piece = [float((inquiry.weights * mask).max()) for mask in masks]
        by_term = [sum(word.values()) for word in terms]
        self.word_weights = np.array(by_term if self.spelled else by_piece, np.float32)
        total = max(float(self.word_weights.sum()), 1e-6)
        self.terms: dict[str, float] = {}
        """What each term of the question adds to the coverage of a text that holds it."""
        for word, weight in zip(terms, self.word_weights.tolist(), strict=True):
            for term, share in word.items():
                gain = share / max(sum(word.values()), 1e-6) * weight / total
                self.terms[term] = self.terms.get(term, 0.0) + gain
        mean = inquiry.tokens.mean(axis=0)
        self.pooled = mean / max(float(np.linalg.norm(mean)), 1e-6)

    def coverage(self, terms: Collection[str]) -> float:
        """The share of the question's content that these terms literally hold, by weight."""
        return sum(gain for term, gain in self.terms.items() if term in terms)


class Match:
    """A question's tokens against those of all candidates, side by side in one matrix.

    ``similarities`` [N, Q] are of every token with every token, ``sentences`` [S, Q] the best of each
    sentence, ``passages`` [P, Q] the best of each candidate, ``sums`` [P, D] the sum of each one's tokens.
    Candidate i has the tokens
    ``tokens_at[i]`` up to ``tokens_at[i + 1]`` and the sentences ``sentences_at[i]`` up to
    ``sentences_at[i + 1]``; sentence s has the tokens ``begins[s]`` up to ``ends[s]``.
    """

    def __init__(self, inquiry: Inquiry, candidates: Sequence[Evidence]) -> None:
        self.view = View(inquiry)
        self.candidates = candidates
        self.tokens_at = _offsets([len(c.steps) for c in candidates])
        self.sentences_at = _offsets([len(c.sentences) for c in candidates])
        self.begins = np.concatenate(
            [
                at + np.searchsorted(c.spans[:, 0], [start for start, _ in c.sentences])
                for at, c in zip(self.tokens_at.tolist(), candidates, strict=False)
            ]
        )
        self.ends = np.append(self.begins[1:], 0)
        self.ends[self.sentences_at[1:] - 1] = self.tokens_at[1:]
        self.similarities, self.sums = _similarities(inquiry.tokens, candidates, self.tokens_at)
        self.sentences = _maxima(self.similarities, self.begins, self.ends)
        self.passages = np.maximum.reduceat(self.sentences, self.sentences_at[:-1], axis=0)


def _offsets(lengths: Sequence[int]) -> Places:
    """Where each of some stretches begins that follow one another, and the last one's end."""
    return np.cumsum([0, *lengths])


def _similarities(asked: Floats, candidates: Sequence[Evidence], tokens_at: Places) -> tuple[Floats, Floats]:
    """The similarities [N, Q] of the candidates' tokens with those asked, and the candidates' sums [P, D].

    One candidate after the other through the same few pages of memory, which the processor keeps at hand.
    """
    dimensions = asked.shape[1]
    page = np.empty((int(np.diff(tokens_at).max()), dimensions), np.float32)
    similarities = np.empty((int(tokens_at[-1]), len(asked)), np.float32)
    sums = np.empty((len(candidates), dimensions), np.float32)
    turned = np.ascontiguousarray(asked.T)
    sizes = [candidate.sizes for candidate in candidates]
    for i, candidate in enumerate(candidates):
        tokens = page[: len(candidate.steps)]
        tokens[:] = candidate.steps
        np.matmul(tokens, turned, out=similarities[tokens_at[i] : tokens_at[i + 1]])
        np.matmul(sizes[i], tokens, out=sums[i])
    # Scaled here, where there is a number for each token of the question and not one a dimension.
    similarities *= np.concatenate(sizes)[:, None]
    return similarities, sums


def _maxima(similarities: Floats, begins: Places, ends: Places) -> Floats:
    """The greatest similarity [K, Q] of each stretch of rows; 0 for an empty one."""
    filled = ends > begins
    greatest = np.zeros((len(begins), similarities.shape[1]), np.float32)
    # An end may lie behind the last row, which is no place for reduceat to begin at.
    padded = np.concatenate([similarities, similarities[:1]])
    bounds = np.stack([begins[filled], ends[filled]], axis=1).reshape(-1)
    if len(bounds):
        greatest[filled] = np.maximum.reduceat(padded, bounds, axis=0)[::2]
    return greatest


def passage_features(match: Match, lexical: Sequence[float]) -> Floats:
    """The features of PASSAGE_FEATURES for each candidate [P, F]."""
    view, candidates, best = match.view, match.candidates, match.passages
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
            _cosines(match.sums, np.diff(match.tokens_at), view.pooled),
        ]
    ).astype(np.float32)


def sentence_features(
    match: Match, chosen: Sequence[int], passage_scores: Floats
) -> tuple[list[tuple[int, int]], Floats, Floats]:
    """(candidate, sentence) of each sentence, their features [S, F], and their matches [S, Q]."""
    view = match.view
    lines = _Lines(match, chosen)
    own = match.sentences[lines.rows]
    before = np.where(lines.opens[:, None], 0, match.sentences[lines.rows - 1])
    joint = np.maximum(own, _NEAR * before)
    topic = np.maximum(own, _NEAR * match.sentences[match.sentences_at[lines.candidates]])
    whole = match.passages[lines.candidates]
    highest = float(max(passage_scores[i] for i in chosen))
    expecting = [expected(view.inquiry.question, text) for text in lines.texts]
    words = own @ view.words.T
    columns = [
        own @ view.uniform,
        own @ view.weighted,
        own @ view.content,
        before @ view.weighted,
        joint @ view.weighted,
        joint @ view.content,
        topic @ view.weighted,
        whole @ view.uniform,
        whole @ view.weighted,
        *lines.coverage(),
        passage_scores[lines.candidates] - highest,
        *_kinds(view.inquiry.question, expecting),
        _near(match, lines, expecting),
        *lines.cosines(),
        own[:, view.focus].max(axis=1) if view.focus.any() else np.zeros(len(own)),
        words.min(axis=1) if len(view.words) else np.zeros(len(own)),
        words @ view.word_weights / view.word_weights.sum() if len(view.words) else np.zeros(len(own)),
        lines.opens,
        [match.candidates[i].headings[j] for i, j in lines.places],
        np.log1p(lines.lengths) / 3,
    ]
    return lines.places, np.column_stack(columns).astype(np.float32), own


class _Lines:
    """The sentences of the chosen candidates: their places, their rows in the match, their texts."""

    def __init__(self, match: Match, chosen: Sequence[int]) -> None:
        self._match = match
        self._chosen = chosen
        self.places = [(int(i), j) for i in chosen for j in range(len(match.candidates[i].sentences))]
        self.candidates = np.array([i for i, _ in self.places], np.intp)
        numbers = np.array([j for _, j in self.places], np.intp)
        self.rows = match.sentences_at[self.candidates] + numbers
        self.opens = numbers == 0
        self.begins, self.ends = match.begins[self.rows], match.ends[self.rows]
        self.lengths = self.ends - self.begins
        self.texts = [match.candidates[i].sentence(j) for i, j in self.places]

    def coverage(self) -> tuple[list[float], list[float], list[float]]:
        """How much of the question each sentence holds, with the one before it, and its whole passage."""
        view = self._match.view
        language = view.inquiry.question.language
        terms = [frozenset(lexicon.terms(text, language)) for text in self.texts]
        joint = [
            own if j == 0 else own | terms[k - 1]
            for k, ((_, j), own) in enumerate(zip(self.places, terms, strict=True))
        ]
        whole = {
            i: view.coverage(
                frozenset().union(*(own for (k, _), own in zip(self.places, terms, strict=True) if k == i))
            )
            for i in self._chosen
        }
        return (
            [view.coverage(own) for own in terms],
            [view.coverage(both) for both in joint],
            [whole[i] for i, _ in self.places],
        )

    def cosines(self) -> tuple[Floats, Floats]:
        """How near the mean of each sentence's tokens is to the question's; and that of those not in it."""
        match = self._match
        chosen = [match.candidates[i] for i in self._chosen]
        known = np.isin(np.concatenate([c.pieces for c in chosen]), match.view.inquiry.pieces)
        sums, counts, first = [], [], 0
        for i, candidate in zip(self._chosen, chosen, strict=True):
            mine, last = self.candidates == i, first + len(candidate.pieces)
            at = np.arange(match.tokens_at[i], match.tokens_at[i + 1])
            inside = (at >= self.begins[mine, None]) & (at < self.ends[mine, None])
            both = np.stack([inside, inside & ~known[first:last]])
            counts.append(both.sum(axis=2))
            sums.append((both * candidate.sizes) @ candidate.steps.astype(np.float32))
            first = last
        summed, counted = np.concatenate(sums, axis=1), np.concatenate(counts, axis=1)
        pooled = match.view.pooled
        return _cosines(summed[0], counted[0], pooled), _cosines(summed[1], counted[1], pooled)


def _cosines(sums: Floats, counts: Places, pooled: Floats) -> Floats:
    """The cosines between the means of some tokens, given their sums [K, D], and a unit vector [D]; 0 for
    the mean of none."""
    means = sums / np.maximum(counts, 1)[:, None]
    return np.asarray(means @ pooled / np.maximum(np.linalg.norm(means, axis=1), 1e-6), np.float32)


def _kinds(question: Question, expecting: Sequence[tuple[Span, ...] | None]) -> tuple[Floats, Floats, Floats]:
    """Whether each sentence has the kind of thing asked for: as a figure, a name, or a phrase."""
    kinds = np.array([0.0 if spans is None else 1.0 if spans else -1.0 for spans in expecting], np.float32)
    figure = question.expects in FIGURES
    name = question.expects in {Expectation.PERSON, Expectation.PLACE}
    return kinds * figure, kinds * name, kinds * (not (figure or name))


def _near(match: Match, lines: _Lines, expecting: Sequence[tuple[Span, ...] | None]) -> Floats:
    """How well the question's content is met close to a place that has the expected kind of thing.

    Anywhere in the sentence where the kind is not told by its form; a little less than the best
    stretch where nothing of the kind is there.
    """
    centres = [_centres(match, lines, k, spans) for k, spans in enumerate(expecting)]
    owners = np.repeat(np.arange(len(centres)), [len(each) for each in centres])
    at = np.concatenate([np.asarray(each, np.intp) for each in centres])
    begins = np.maximum(at - _WINDOW, lines.begins[owners])
    ends = np.minimum(at + _WINDOW + 1, lines.ends[owners])
    met = _maxima(match.similarities, begins, ends) @ match.view.content
    best = np.full(len(centres), -np.inf, np.float32)
    np.maximum.at(best, owners, met)
    lacking = np.array([0.1 if spans == () else 0.0 for spans in expecting], np.float32)
    return np.where(lines.lengths > 0, best - lacking, 0).astype(np.float32)


def _centres(match: Match, lines: _Lines, k: int, spans: tuple[Span, ...] | None) -> Sequence[int]:
    """The tokens around which a sentence may answer."""
    first, length = int(lines.begins[k]), int(lines.lengths[k])
    if not length:
        return ()
    if not spans:
        return range(first + _WINDOW, first + max(length - _WINDOW, _WINDOW + 1), 3)
    i, j = lines.places[k]
    candidate = match.candidates[i]
    own = slice(first - int(match.tokens_at[i]), int(lines.ends[k] - match.tokens_at[i]))
    begins, ends = (candidate.spans[own] - candidate.sentences[j][0]).T
    asked = np.array(spans[:12])
    inside = (begins < asked[:, 1:]) & (ends > asked[:, :1])
    counts = inside.sum(axis=1)
    middles = (inside @ np.arange(length))[counts > 0] // counts[counts > 0]
    return (first + middles).tolist() or (first + length // 2,)
