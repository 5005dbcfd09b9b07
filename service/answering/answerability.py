"""How likely it is that the evidence answers this very question, and what it lacks where it does not.

Similarity cannot tell a question from its near miss: "the budget in 2025" is as close to a sentence
on 2026 as to one on 2025. The features here ask what the question has that the evidence has not: a
year, a name, a figure, a word, the kind of thing that would answer. A fitted model weighs them with
what the reader says, where it knows the language (``eval/training/refusal.py``); its output is calibrated.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer import lexicon
from service.answering.demands import contrary, share_lacking, unmet
from service.answering.expected import expected, figures
from service.answering.occasion import is_dated
from service.answering.question import FIGURES, Expectation, Question, Word, relative_years
from service.answering.scoring import SENTENCE_FEATURES, Evidence, Inquiry, Ranking, read_arrays
from service.quantity import Bound, Kind, Quantity, quantities

Floats = npt.NDArray[np.float32]

_UNMET = 0.5
"""Below this similarity a word of the question is not met."""
_BINS = (0.35, 0.5, 0.65, 0.8, 0.92)
"""Edges of the similarities by which content words are counted."""
_RISE = re.compile(
    r"\b(?:increas\w*|ris(?:e|es|en|ing)|rose|grow\w*|grew|rais\w+|expand\w*|gain\w*|higher|more|up|climb\w*|soar\w*"
    r"|jump\w*|boost\w*|improv\w+|add(?:s|ed|ing)?|doubl\w+)\b|늘|증가|확대|상승|인상|오르|올랐",
    re.IGNORECASE,
)
_FALL = re.compile(
    r"\b(?:decreas\w*|fall\w*|fell|drop\w*|declin\w*|reduc\w*|cut(?:s|ting)?|lower\w*|less|fewer|down|shrink\w*|shrank"
    r"|slash\w*|los[et]\w*|worsen\w*|halv\w+|scrap\w*)\b|줄|감소|축소|하락|인하|내리|삭감|폐지",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:open\w*|start\w*|begin\w*|began|begun|launch\w*|reopen\w*|introduc\w*|continu\w*|keep\w*|kept)\b|시작|개통|개장|착수|도입|유지|계속"
)
_CLOSE = re.compile(
    r"\b(?:clos\w+|end(?:s|ed|ing)?|stop\w*|halt\w*|shut\w*|cancel\w*|suspend\w*|abandon\w*|withdr\w+|abolish\w*)\b|중단|종료|폐쇄|폐지|취소|철회|중지"
)
_ALLOW = re.compile(
    r"\b(?:approv\w*|allow\w*|accept\w*|support\w*|agree\w*|pass(?:ed|es)?|succe\w+)\b|승인|허용|찬성|합격|성공"
)
_DENY = re.compile(
    r"\b(?:reject\w*|refus\w*|den(?:y|ied|ies)|ban(?:s|ned)?|prohibit\w*|oppos\w*|fail\w*|block\w*)\b|거부|금지|반대|불허|실패"
)
_OPPOSITES = ((_RISE, _FALL), (_OPEN, _CLOSE), (_ALLOW, _DENY))
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|n't|nobody|nothing)\b|n't\b|않|없|아니|못하", re.IGNORECASE
)
_UNDECIDED = re.compile(
    r"\b(?:not (?:yet )?(?:been )?(?:decided|known|disclosed|announced|clear|complete|set|fixed)|yet to be|undecided|open\.|unclear"
    r"|being (?:examined|considered|discussed|studied)|under (?:consideration|discussion|review))\b|미정|검토 중|정해지지|결정되지",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"\b(?:than|compared|versus|vs|most|least|best|worst|largest|smallest|highest|lowest|bigger|larger|smaller|better|worse)\b|보다|가장|비교",
    re.IGNORECASE,
)
_PARTITIVE = re.compile(
    r"\b(?:how (?:many|much) of|of the|of those|of these|share|part|each|per|alone|individual\w*|separate\w*|respective\w*|breakdown|split)\b|중에서?|가운데|각각|별로",
    re.IGNORECASE,
)
_EXTREME = re.compile(
    r"\b(?:other|another|else|next|last|previous\w*|earlier|before|former|first|after|later|future|in the end|eventually|finally)\b|다른|이전|다음|지난|앞서|향후",
    re.IGNORECASE,
)

_SUPERLATIVE = re.compile(
    r"\b(?:\w{2,}(?:est)|most|least|first|last|only|best|worst|biggest|majority|maximum|minimum|average|total|more than \w+"
    r"|\w{3,}er(?= than))\b",
    re.IGNORECASE,
)
_LINE = re.compile(r"\n+|(?<=[.!?]) +")
_SAME_COUNTER = {"살": "세"}

_EXPECTATIONS = (
    Expectation.PERSON,
    Expectation.PLACE,
    Expectation.DATE,
    Expectation.MONEY,
    Expectation.COUNT,
    Expectation.REASON,
    Expectation.MANNER,
    Expectation.DECISION,
    Expectation.STATEMENT,
    Expectation.THING,
)


UNTOLD = 4.0
"""What a year that the passage does not tell of takes off the log-odds, or a name that nothing found has.

Of 4,200 English questions of the training texts that were answered, 5 asked for such a year and 3 for such a
name; near misses there are too few for a fit to learn how sure these signs are.
"""
OTHER_YEAR = 1.5
"""What it takes off the log-odds to ask of last year where the best sentence and those beside it tell of this one.

So do 53 of 431 near misses on the English training texts that ask of a year in this way, and 4 of 167 answered
questions; of the Korean ones 121 of 633, and 20 of 322.
"""
_STEM = 4
"""Letters that a name shares with what is made of it, as Norway with Norwegian. Shorter names are not judged:
they may be abbreviations of what the text spells out."""
OUT_OF_SCOPE = 0.40
"""Below this mean similarity of the question's content words to anything found, it is about something else."""


@dataclass(frozen=True, slots=True, eq=False)
class AnswerabilityWeights:
    """A calibrated logistic model over named features.

    ``weights``, ``centre`` and ``scale`` [F] belong to ``names``. ``prior`` [D] weighs the mean token
    vector of the question: some kinds of question are seldom answered by an announcement.
    ``threshold`` is the probability below which to refuse.
    """

    names: tuple[str, ...]
    centre: Floats
    scale: Floats
    weights: Floats
    prior: Floats
    bias: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Missing:
    """What the question has and the evidence has not.

    ``kind`` is ``year``, ``date``, ``name``, ``figure``, ``kind_of_answer`` or ``word``.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """How probable it is that the evidence answers, and what it lacks, the surest reason first.

    ``out_of_scope`` says that the evidence is about something else altogether.
    """

    probability: float
    missing: tuple[Missing, ...]
    out_of_scope: bool


def load_answerability(path: Path) -> AnswerabilityWeights:
    """Read the weights that ``eval/training/refusal.py`` wrote. Raises OSError and ValueError."""
    stored = read_arrays(path, ("names", "centre", "scale", "weights", "prior", "bias", "threshold"))
    weights = AnswerabilityWeights(
        names=tuple(stored["names"].tolist()),
        centre=stored["centre"].astype(np.float32),
        scale=stored["scale"].astype(np.float32),
        weights=stored["weights"].astype(np.float32),
        prior=stored["prior"].astype(np.float32),
        bias=float(stored["bias"]),
        threshold=float(stored["threshold"]),
    )
    if not len(weights.names) == len(weights.centre) == len(weights.scale) == len(weights.weights):
        raise ValueError(f"{path}: weights of another version")
    return weights


def judge(
    inquiry: Inquiry,
    candidates: Sequence[Evidence],
    ranking: Ranking,
    title: str,
    published: date | None,
    weights: AnswerabilityWeights,
    read: Mapping[str, float] | None = None,
    issuer: str = "",
    *,
    of_another_year: bool = False,
) -> Judgement:
    """How probable it is that the best sentence answers. ``title``, ``published`` and ``issuer`` are its
    announcement's.

    ``of_another_year`` says that it tells of another year than the question means. ``read`` is what its reading
    tells by name (``lead.reading_features``), None for a language that is not read. Without any ranked sentence the
    probability is 0.
    """
    if not ranking.sentences:
        return Judgement(0.0, (), out_of_scope=True)
    found = features(inquiry, candidates, ranking, title) | dict(read or {})
    # What is not known says nothing.
    usual = zip(weights.names, weights.centre.tolist(), strict=True)
    values = np.array([found.get(name, mean) for name, mean in usual], np.float32)
    logit = weights.bias + float((values - weights.centre) / weights.scale @ weights.weights)
    if len(weights.prior) == inquiry.tokens.shape[1]:
        logit += float(inquiry.tokens.mean(axis=0) @ weights.prior)
    best = candidates[ranking.sentences[0].candidate]
    untold = _untold(inquiry.question, f"{title}\n{best.text}", published)
    nowhere = _nowhere(inquiry.question, [title, issuer, *(candidate.text for candidate in candidates)])
    logit -= UNTOLD * ((bool(untold) or of_another_year) + nowhere)
    other = _other_year(inquiry.question, _beside(best, ranking.sentences[0].sentence), published)
    logit -= OTHER_YEAR * (other is not None)
    probability = float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))
    return Judgement(
        probability=probability,
        missing=_missing(inquiry, best, ranking, title, (*untold, *([other] if other else []))),
        out_of_scope=_out_of_scope(found, inquiry.question.language),
    )


def _out_of_scope(found: Mapping[str, float], language: str) -> bool:
    """Whether features tell that the evidence is about something else altogether.

    The default encoder finds all Korean alike, so that there the literal words must tell.
    """
    if language == "ko":
        return found["words lacking anywhere"] == 1 and found["words"] > 0
    return found["met anywhere"] < OUT_OF_SCOPE


def _untold(question: Question, passage: str, published: date | None) -> tuple[str, ...]:
    """The years asked for that a passage neither names nor means by "last year", nor was published in."""
    if not question.years:
        return ()
    told = {q.date.year for q in quantities(passage, published) if q.date is not None}
    told |= {published.year} if published else set()
    return tuple(str(year) for year in question.years if year not in told and str(year) not in passage)


def _other_year(question: Question, told: str, published: date | None) -> str | None:
    """The question's "last year" where what it found tells of this year or the next alone; None where it does not."""
    given = relative_years(told)
    for offset, words in relative_years(question.text).items():
        named = published is not None and str(published.year + offset) in told
        if offset in question.relative_years and given and offset not in given and not named:
            return words
    return None


def _nowhere(question: Question, texts: Sequence[str]) -> bool:
    """Whether an English question has a name of which none of the texts has so much as the beginning."""
    if question.language != "en":
        return False
    dates = [(q.start, q.end) for q in question.quantities if q.kind is Kind.DATE]
    stems = {
        word.text[:_STEM]
        for word in question.names
        if len(word.text) >= _STEM
        and word.text.isalpha()
        and word.text[0].isupper()
        and not word.text.isupper()
        and not any(start <= word.start < end for start, end in dates)
    }
    if not stems:
        return False
    found = "\n".join(texts)
    return any(re.search(rf"\b{stem}", found, re.IGNORECASE) is None for stem in stems)


def _missing(
    inquiry: Inquiry, evidence: Evidence, ranking: Ranking, title: str, untold: Sequence[str]
) -> tuple[Missing, ...]:
    """What of the question the best passage lacks, in the question's own words."""
    question = inquiry.question
    passage = f"{title}\n{evidence.text}"
    held = frozenset(lexicon.terms(passage, question.language))
    gaps = [Missing("year", year) for year in untold]
    dates = [q for q in question.quantities if q.kind is Kind.DATE and not is_dated(q, passage)]
    gaps += [Missing("date", q.text) for q in dates if not any(gap.text in q.text for gap in gaps)]
    gaps += [Missing("name", name) for name in _phrases(question, held)]
    stated = [q for q in question.quantities if q.kind is not Kind.DATE and not _told(q, passage)]
    gaps += [Missing("figure", q.text) for q in stated]
    if expected(question, evidence.text) == ():
        gaps.append(Missing("kind_of_answer", question.expects.value))
    least = _least_met(inquiry, ranking, held)
    return tuple(dict.fromkeys(gaps + ([Missing("word", least)] if least else [])))


def _phrases(question: Question, held: frozenset[str]) -> list[str]:
    """The question's names that are not held, neighbouring words of a name together."""
    phrases: list[tuple[int, int]] = []
    for word in question.names:
        if frozenset(lexicon.terms(word.text, question.language)) <= held:
            continue
        if phrases and question.text[phrases[-1][1] : word.start] in {" ", "-"}:
            phrases[-1] = (phrases[-1][0], word.end)
        else:
            phrases.append((word.start, word.end))
    return [question.text[start:end] for start, end in phrases]


def _least_met(inquiry: Inquiry, ranking: Ranking, held: frozenset[str]) -> str | None:
    """The content word that nothing found comes near to; None where each is met."""
    begins = inquiry.spans[:, 0]
    least: tuple[float, str | None] = (_UNMET, None)
    for word in inquiry.question.content:
        mask = (begins >= word.start) & (begins < word.end)
        if mask.any() and not held & frozenset(lexicon.terms(word.text, inquiry.question.language)):
            least = min(least, (float(ranking.anywhere[mask].mean()), word.text), key=lambda pair: pair[0])
    return least[1]


def features(
    inquiry: Inquiry, candidates: Sequence[Evidence], ranking: Ranking, title: str
) -> dict[str, float]:
    """What tells an answered question from its near miss, by name. The ranking must not be empty."""
    best = ranking.sentences[0]
    evidence = candidates[best.candidate]
    sentence = evidence.sentence(best.sentence)
    around = _around(evidence, best.sentence)
    wider = _beside(evidence, best.sentence)
    everything = "\n".join([title, *(candidates[p.candidate].text for p in ranking.passages[:5])])
    found = {
        **_ranked(ranking),
        **_words(inquiry, evidence, best.sentence, ranking),
        **_named(inquiry.question, sentence, around, evidence.text, everything, title),
        **_kinds(inquiry.question, sentence, around, evidence.text),
        **_wording(inquiry.question, sentence),
        **unmet(inquiry.question, sentence, f"{wider}\n{title}", everything),
    }
    found.update({f"asks {e.value}": float(inquiry.question.expects is e) for e in _EXPECTATIONS})
    return found


def _around(evidence: Evidence, sentence: int) -> str:
    """The sentence with the one before it, which its pronouns may point to."""
    first = evidence.sentences[max(sentence - 1, 0)][0]
    return evidence.text[first : evidence.sentences[sentence][1]]


def _beside(evidence: Evidence, sentence: int) -> str:
    """The sentence and the two beside it."""
    last = min(sentence + 1, len(evidence.sentences) - 1)
    return evidence.text[evidence.sentences[max(sentence - 1, 0)][0] : evidence.sentences[last][1]]


def _ranked(ranking: Ranking) -> dict[str, float]:
    """What the ranking itself says: how similar the best sentence is, and how far ahead."""
    own = dict(zip(SENTENCE_FEATURES, ranking.features[0].tolist(), strict=True))
    logits = ranking.logits
    others = logits[1:4]
    taken = (
        "uniform", "weighted", "content", "joint content", "topic", "passage uniform", "passage weighted",
        "coverage", "joint coverage", "passage coverage", "near", "pooled", "news", "focus", "heading", "length",
        "opens",
    )  # fmt: skip
    return {
        **{name: own[name] for name in taken},
        "margin": float(logits[0] - logits[1]) if len(logits) > 1 else 3.0,
        "lead": float(logits[0] - others.mean()) if len(others) else 4.0,
        "ahead": float(ranking.passages[0].score - ranking.passages[1].score)
        if len(ranking.passages) > 1
        else 3.0,
    }


def _words(inquiry: Inquiry, evidence: Evidence, sentence: int, ranking: Ranking) -> dict[str, float]:
    """How the question's content words are met: in the sentence, beside it, in its passage, anywhere."""
    question = inquiry.question
    begins = inquiry.spans[:, 0]
    kept = [(w, m) for w in question.content if (m := (begins >= w.start) & (begins < w.end)).any()]
    if not kept:
        return dict.fromkeys(_WORD_NAMES, 0.0) | {"words": 0.0}
    weights = np.array([inquiry.weights[mask].max() for _, mask in kept], np.float32)
    share = weights / max(float(weights.sum()), 1e-6)
    similarities = inquiry.tokens @ evidence.tokens.T
    bounds = np.searchsorted(evidence.spans[:, 0], [s for s, _ in evidence.sentences] + [len(evidence.text)])
    before = slice(bounds[max(sentence - 1, 0)], bounds[sentence + 1])
    own = _by_word(ranking.matches[0], kept)
    joint = _by_word(similarities[:, before].max(axis=1), kept)
    passage = _by_word(similarities.max(axis=1), kept)
    anywhere = _by_word(ranking.anywhere, kept)
    counts = {f"words over {edge}": float(share @ (own >= edge)) for edge in _BINS}
    order = np.sort(own)
    return {
        "least": float(order[0]),
        "second least": float(order[min(1, len(order) - 1)]),
        "least joint": float(joint.min()),
        "least in passage": float(passage.min()),
        "least anywhere": float(anywhere.min()),
        "loss": float((weights * (1 - own)).max()),
        "loss joint": float((weights * (1 - joint)).max()),
        "loss in passage": float((weights * (1 - passage)).max()),
        "loss anywhere": float((weights * (1 - anywhere)).max()),
        "mean": float(share @ own),
        "mean joint": float(share @ joint),
        "elsewhere": float(share @ np.maximum(passage - joint, 0)),
        "far": float(share @ np.maximum(anywhere - passage, 0)),
        "met anywhere": float(share @ anywhere),
        **counts,
        "last word": float(own[-1]),
        "first word": float(own[0]),
        "words": float(np.log1p(len(kept))),
    }


_WORD_NAMES = (
    "least", "second least", "least joint", "least in passage", "least anywhere", "loss", "loss joint",
    "loss in passage", "loss anywhere", "mean", "mean joint", "elsewhere", "far", "met anywhere",
    *(f"words over {edge}" for edge in _BINS), "last word", "first word",
)  # fmt: skip


def _by_word(similarities: Floats, kept: Sequence[tuple[Word, npt.NDArray[np.bool_]]]) -> Floats:
    return np.array([similarities[mask].mean() for _, mask in kept], np.float32)


def _named(
    question: Question, sentence: str, around: str, passage: str, everything: str, title: str
) -> dict[str, float]:
    """Which of the question's years, names, figures and words the evidence holds literally."""
    language = question.language
    own, near, wide, all_ = (
        frozenset(lexicon.terms(text, language))
        for text in (sentence, f"{around}\n{title}", f"{passage}\n{title}", everything)
    )
    names = [frozenset(lexicon.terms(word.text, language)) for word in question.names]
    words = [frozenset(lexicon.terms(word.text, language)) for word in question.content]
    years = [str(year) for year in question.years]
    superlatives = [
        frozenset(lexicon.terms(match.group(), language)) for match in _SUPERLATIVE.finditer(question.text)
    ]
    stated = [q for q in question.quantities if q.kind is not Kind.DATE]
    dates = [q for q in question.quantities if q.kind is Kind.DATE]
    return {
        "names lacking": share_lacking(names, own),
        "names lacking near": share_lacking(names, near),
        "names lacking in passage": share_lacking(names, wide),
        "names lacking anywhere": share_lacking(names, all_),
        "words lacking": share_lacking(words, own),
        "words lacking near": share_lacking(words, near),
        "words lacking in passage": share_lacking(words, wide),
        "words lacking anywhere": share_lacking(words, all_),
        "years lacking": float(any(year not in sentence for year in years)),
        "years lacking in passage": float(any(year not in passage and year not in title for year in years)),
        "years lacking anywhere": float(any(year not in everything for year in years)),
        "figures lacking": float(any(not _told(q, sentence) for q in stated)),
        "figures lacking in passage": float(any(not _told(q, passage) for q in stated)),
        "dates lacking": float(any(not is_dated(q, sentence) for q in dates)),
        "dates lacking in passage": float(any(not is_dated(q, passage) for q in dates)),
        **_particular(names, near, all_, everything, language),
        "superlatives lacking": share_lacking(superlatives, own),
        "has names": float(bool(names)),
        "has years": float(bool(years)),
        "pairs": _pairs(question, sentence),
    }


def _told(asked: Quantity, text: str) -> bool:
    """Whether a text has a figure, or a limit that decides what holds for it: "ten or more" for a group of 12."""
    return any(asked == told or _limits(told, asked) or _numbers(told, asked) for told in figures(text))


def _numbers(told: Quantity, asked: Quantity) -> bool:
    """Whether the text numbers what is asked for by the same number: "제11회" for "11회"."""
    return told.kind is Kind.ORDINAL and asked.counter == "회" and told.value == asked.value


def _limits(told: Quantity, asked: Quantity) -> bool:
    bounded = told.upper is not None or told.bound in {Bound.AT_LEAST, Bound.AT_MOST}
    counters = {_SAME_COUNTER.get(each.counter, each.counter) for each in (told, asked)} - {""}
    limited = asked.upper is not None or asked.bound is not Bound.EXACT
    return (
        bounded and not limited and (told.kind, told.unit) == (asked.kind, asked.unit) and len(counters) < 2
    )


def _particular(
    names: Sequence[frozenset[str]],
    near: frozenset[str],
    everywhere: frozenset[str],
    text: str,
    language: str,
) -> dict[str, float]:
    """Names that are not the whole text's topic, and whether the answer would speak of them.

    A name that the text has elsewhere and not here is the surest sign that this is about another.
    """
    lines = [frozenset(lexicon.terms(line, language)) for line in _LINE.split(text) if line.strip()]
    rare = [name for name in names if sum(name <= line for line in lines) <= max(2, 0.2 * len(lines))]
    return {
        "rare names elsewhere": float(any(not name <= near and name <= everywhere for name in rare)),
        "rare names nowhere": float(any(not name <= everywhere for name in rare)),
    }


def _pairs(question: Question, sentence: str) -> float:
    """The share of neighbouring content words of the question that stand close in the sentence too.

    "The defence ministry's AI budget" is not met by a sentence on the science ministry's.
    """
    order = lexicon.terms(sentence, question.language)
    places: dict[str, list[int]] = {}
    for position, term in enumerate(order):
        places.setdefault(term, []).append(position)
    content = [lexicon.terms(word.text, question.language) for word in question.content]
    pairs = [(a[-1], b[0]) for a, b in pairwise(content) if a and b]
    if not pairs:
        return 0.5
    close = [any(abs(i - j) <= 4 for i in places.get(a, []) for j in places.get(b, [])) for a, b in pairs]
    return float(np.mean(close))


def _kinds(question: Question, sentence: str, around: str, passage: str) -> dict[str, float]:
    """Whether the kind of thing asked for is there at all."""
    own, near, wide = (expected(question, text) for text in (sentence, around, passage))
    told = own is not None
    return {
        "kind told": float(told),
        "kind": float(told and bool(own)),
        "kind lacking": float(told and not own),
        "kind lacking near": float(told and not near),
        "kind lacking in passage": float(told and not wide),
        "figure lacking": float(question.expects in FIGURES and told and not own),
        "kinds": min(len(own or ()), 5) / 5,
    }


def _wording(question: Question, sentence: str) -> dict[str, float]:
    """Opposites, negations, comparisons and partitives."""
    asked = question.text
    return {
        "opposite": float(any(contrary(asked, sentence, *pair) for pair in _OPPOSITES)),
        "negated": float(_NEGATION.search(sentence) is not None and _NEGATION.search(asked) is None),
        "undecided": float(_UNDECIDED.search(sentence) is not None),
        "comparison": float(_COMPARISON.search(asked) is not None and _COMPARISON.search(sentence) is None),
        "partitive": float(_PARTITIVE.search(asked) is not None),
        "other": float(_EXTREME.search(asked) is not None and _EXTREME.search(sentence) is None),
        "question mark": float("?" in sentence),
    }
