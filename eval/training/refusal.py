"""Fit when to refuse: the weights of ``service.answering.answerability``.

    python -m eval.training.refusal --data ../shared/data

reads the training texts, the development cases and XQuAD's fitted half, and writes
``answerability.npz`` and ``answerability-ko.npz`` into ``service/answering/weights``. It refuses to read
a test split. Two steps: a linear model over the features and the kind of question, fitted on all of
them, in English to what the wording of the question alone does not give away; then what that model says of
texts left out of its fit is weighed with the same features once more against what the reader says, on the texts
that neither has seen. The development cases then calibrate it. Deterministic. What it prints was measured on
announcements that the weights in question were not fitted on.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.benchmarks.confidence import ALLOWED, calibration_error, refused_at, separation
from eval.benchmarks.herald import open_workshop
from eval.benchmarks.partial_input import Wording, partial_input_logits
from eval.benchmarks.split import fitted_articles
from eval.training.examples import Example, ask_cases, ask_texts, ask_xquad
from eval.training.fitting import Logistic, fit_logistic
from eval.training.reader import ARTICLES, ROOT, WEIGHTS, kept_apart
from eval.training.texts import CHAT, read_texts
from service.answering.lead import best_read, reading_features
from service.answering.reader import OnnxReader
from service.answering.scoring import load_scoring

RIDGE, PRIOR_RIDGE = 100.0, 400.0
WEIGHING_RIDGE, AGAIN_RIDGE = 20.0, 300.0
"""In the second step: of what the first one says and the reader, and of the features once more."""
CALIBRATING_RIDGE = 1.0
XQUAD_SHARE = 0.1
"""What an XQuAD question counts beside one on an announcement."""
FOLDS = 8
CASES = frozenset({"case", "out-of-scope"})
WRITTEN = frozenset({"text", "foreign"})
"""The kinds of example that come of development cases, and of training texts."""
KOREAN = "ko"
DISCOUNTED = frozenset({"en"})
"""Where what the wording gives away is left out. Development announcements without their answers are told from
those with them with an AUROC of 0.850 for it, and of 0.834 otherwise; near misses are told as well. In Korean,
of which there is less to learn from, near misses would be told worse."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """The first step's model: over the features, and the dimensions of the question's mean vector."""

    names: tuple[str, ...]
    model: Logistic

    def logits(self, examples: Sequence[Example]) -> Floats:
        return self.model.logits(_matrix(examples, self.names))


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    arguments.add_argument("--cases", type=Path, default=ROOT / "eval" / "cases" / "development")
    arguments.add_argument("--out", type=Path, default=WEIGHTS)
    arguments.add_argument("--threads", type=int, default=2)
    given = arguments.parse_args()
    if "test" in given.cases.resolve().parts[-2:]:
        sys.exit("a test split is for measuring alone")
    with tempfile.TemporaryDirectory() as folder:
        workshop = open_workshop(Path(folder), given.threads)
        ranking = load_scoring(given.out / "scoring.npz")
        examples = ask_texts(read_texts(), workshop, ranking) + ask_cases(given.cases, workshop, ranking)
        examples += ask_xquad(given.data, frozenset(fitted_articles(ARTICLES)), workshop, ranking)
    english = [example for example in examples if example.language != KOREAN]
    korean = [example for example in examples if example.language == KOREAN]
    reader = OnnxReader(given.out)
    np.savez_compressed(given.out / "answerability.npz", **fit(english, reader, print))
    np.savez_compressed(given.out / "answerability-ko.npz", **fit(korean, reader, print))


def fit(examples: Sequence[Example], reader: OnnxReader, say: Callable[[str], None]) -> dict[str, Any]:
    """The weights for one language, and how they do on texts that they were not fitted on."""
    if examples[0].language in DISCOUNTED:
        examples = with_priors(examples)
    apart = kept_apart([example.group for example in examples if example.kind in WRITTEN])
    unseen = [e for e in examples if e.kind in CASES or e.group in apart]
    seen = [e for e in examples if e.kind not in CASES and e.group not in apart]
    groups = sorted({example.group for example in unseen})
    folds = [np.array([e.group in groups[fold::FOLDS] for e in unseen]) for fold in range(FOLDS)]
    crossed = np.zeros(len(unseen))
    for inside in folds:
        linear = fit_linear(seen + [e for e, left_out in zip(unseen, inside, strict=True) if not left_out])
        crossed[inside] = linear.logits([e for e, chosen in zip(unseen, inside, strict=True) if chosen])
    told = _told(unseen, crossed, reader)
    right = np.array([example.answerable for example in unseen])
    shares = _even([_source(example) for example in unseen])
    cases = np.array([example.kind in CASES for example in unseen])
    logits, calibrated = np.zeros(len(unseen)), np.zeros(len(unseen))
    for inside in folds:
        logits[inside] = _weigh(told, ~inside, right, shares).logits(told.values[inside])
    for inside in folds:
        calibrated[inside] = _calibrate(logits, right, cases & ~inside).logits(_column(logits[inside]))
    threshold = _report(unseen, 1 / (1 + np.exp(-calibrated)), say)
    weighing = _weigh(told, np.full(len(unseen), True), right, shares)
    return _stored(fit_linear(examples), told, weighing, _calibrate(logits, right, cases), threshold)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What the second step weighs [N, 1 + R + F]: what the first one says, the ``read`` features of the reading, and
    the features once more, named by ``names`` [R + F]."""

    values: npt.NDArray[np.float32]
    names: tuple[str, ...]
    read: int


def _told(examples: Sequence[Example], first: Floats, reader: OnnxReader) -> Told:
    """``first`` is what the first step says of each."""
    read = []
    for example in examples:
        readings, place = best_read(example.excerpts, reader)
        read.append(reading_features(example.excerpts, readings, place, readings[place]))
    names = (*read[0], *sorted(examples[0].row))
    rows = [{**of_reading, **example.row} for of_reading, example in zip(read, examples, strict=True)]
    values = [
        [logit, *(row[name] for name in names)] for logit, row in zip(first.tolist(), rows, strict=True)
    ]
    return Told(np.array(values, np.float32), names, len(read[0]))


def with_priors(examples: Sequence[Example]) -> list[Example]:
    """The same with what the wording of each question gives away. That of XQuAD's gives nothing: each is asked
    with and without its answer."""
    told = partial_input_logits(
        [Wording(e.group, e.language, e.question, e.answerable, _share(e)) for e in examples]
    )
    return [
        replace(example, prior=0.0 if example.kind == "xquad" else prior)
        for example, prior in zip(examples, told.tolist(), strict=True)
    ]


def fit_linear(examples: Sequence[Example]) -> Linear:
    """The first step."""
    names = tuple(sorted(examples[0].row))
    right = np.array([example.answerable for example in examples])
    shares = np.array([_share(example) for example in examples])
    known = np.array([example.prior for example in examples])
    matrix = _matrix(examples, names)
    ridge = np.where(np.arange(matrix.shape[1]) < len(names), RIDGE, PRIOR_RIDGE)
    return Linear(names, fit_logistic(matrix, right, shares, ridge, known=known))


def _share(example: Example) -> float:
    return XQUAD_SHARE if example.kind == "xquad" else 1.0


def _source(example: Example) -> str:
    """Where an example comes from: ``cases``, ``chat`` or ``texts``."""
    if example.kind in CASES:
        return "cases"
    return "chat" if example.group.startswith(CHAT) else "texts"


def _even(sources: Sequence[str]) -> Floats:
    """What each example counts, so that all texts of either source count the same together. Of the development cases,
    which are few, each counts as one of these texts."""
    texts = sources.count("texts")
    return np.array([texts / sources.count("chat") if each == "chat" else 1.0 for each in sources])


def _weigh(
    told: Told, chosen: npt.NDArray[np.bool_], right: npt.NDArray[np.bool_], shares: Floats
) -> Logistic:
    """The second step, fitted to the chosen examples."""
    ridge = np.where(np.arange(told.values.shape[1]) <= told.read, WEIGHING_RIDGE, AGAIN_RIDGE)
    return fit_logistic(told.values[chosen], right[chosen], shares[chosen], ridge)


def _calibrate(logits: Floats, right: npt.NDArray[np.bool_], chosen: npt.NDArray[np.bool_]) -> Logistic:
    """What makes probabilities of logits: as sure as they are right on the chosen examples (Platt scaling)."""
    return fit_logistic(_column(logits[chosen]), right[chosen], np.ones(int(chosen.sum())), CALIBRATING_RIDGE)


def _column(logits: Floats) -> npt.NDArray[np.float32]:
    return logits[:, None].astype(np.float32)


def _report(unseen: Sequence[Example], probable: Floats, say: Callable[[str], None]) -> float:
    """Say how texts left out are told apart; the threshold at which few answerable cases are refused."""
    right = np.array([example.answerable for example in unseen])
    kinds = np.array([example.kind for example in unseen])
    sources = np.array([_source(example) for example in unseen])
    for name, source, near, far in (
        ("development", "cases", "case", "out-of-scope"),
        ("training texts kept apart", "texts", "text", "foreign"),
        ("training texts as in a chat", "chat", "text", "foreign"),
    ):
        inside = (sources == source) & (kinds == near)
        yes, no = probable[inside & right], probable[inside & ~right]
        least = float(np.quantile(yes, ALLOWED))
        say(
            f"{name}: {len(yes)} answerable and {len(no)} near misses, AUROC {separation(yes, no):.3f},"
            f" refused when {ALLOWED:.0%} of the answerable are {refused_at(yes, no):.3f}, of what is about"
            f" something else {float((probable[(sources == source) & (kinds == far)] < least).mean()):.3f},"
            f" calibration error {calibration_error(yes, no):.3f}"
        )
    return float(np.quantile(probable[(kinds == "case") & right], ALLOWED))


def _stored(
    linear: Linear, told: Told, weighing: Logistic, calibration: Logistic, threshold: float
) -> dict[str, Any]:
    """All steps are linear, so that together they are one."""
    model, width = linear.model, len(linear.names)
    first, *others = (weighing.weights / weighing.scale).tolist()
    once, prior = (first * each for each in np.split(model.weights / model.scale, [width]))
    weights = np.array(others)
    places = [told.names.index(name) for name in linear.names]
    weights[places] += once
    centre, scale = weighing.centre[1:], weighing.scale[1:]
    bias = weighing.bias + first * (model.bias - float(weighing.centre[0]))
    bias += float(once @ (centre[places] - model.centre[:width])) - float(model.centre[width:] @ prior)
    steep = float(calibration.weights[0] / calibration.scale[0])
    return {
        "names": np.array(told.names),
        "centre": centre.astype(np.float32),
        "scale": scale.astype(np.float32),
        "weights": (steep * weights * scale).astype(np.float32),
        "prior": (steep * prior).astype(np.float32),
        "bias": np.array(calibration.bias + steep * (bias - float(calibration.centre[0]))),
        "threshold": np.array(threshold),
    }


def _matrix(examples: Sequence[Example], names: Sequence[str]) -> npt.NDArray[np.float32]:
    """The features and the mean vector of each example [N, F + D]."""
    rows = [[*(example.row[name] for name in names), *example.mean] for example in examples]
    return np.array(rows, np.float32)


if __name__ == "__main__":
    main()
