"""Fit the weights that the verifier ships with: `python -m eval.training.verification`.

Reads the development and plain claims alone: true ones, and the false ones made of them or written by hand. Two models
are fitted: which of a quote's figures a claim's figure is (from the true claims), and how much each sign
speaks against a claim. What it prints was measured on announcements that were left out of the fit, an eighth
of them at a time. Everything is deterministic.
"""

import argparse
import os
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from eval.benchmarks.claims import read_claims
from eval.benchmarks.mutator import Falsehood, Pair, mutations
from eval.benchmarks.verification import EXTRA, SEED, as_claim
from eval.training.fitting import Listed, Logistic, fit_listwise, fit_logistic
from indexer.encoder import DEFAULT_ENCODER, export_encoder, open_encoder
from service.answering.meaning import ModelledMeaning
from service.answering.reader import OnnxReader
from service.answering.verification.belonging import Choice, choices
from service.answering.verification.couple import coupling
from service.answering.verification.judgement import WEIGHTS
from service.answering.verification.matching import Matching
from service.answering.verification.signs import Sign, signs
from service.answering.verification.support import Support
from service.answering.verifier import Comparison, Meaning, Verdict, compare

SPLITS = ("development", "plain")
FOLDS = 8
RIDGE, RIDGE_BELONGING = 3.0, 1e-2
TRUE_SHARE, EXTRA_SHARE = 3.0, 0.3
"""What a true claim counts beside a false one, of which there are many more, and one of a class without a bar."""
EITHER = frozenset({"korean", "rivals", "homes", "scattered", "quotes", "derived"})
"""Signs that may count either way: they say what kind of claim it is. All others can only speak against it."""
FLOOR = {"condition": 2.0, "obliged": 2.0, "allowed": 1.0}
"""What a few signs weigh at least, which too few claims show to tell: each of them alone is reason enough."""
ALLOWED = 0.03
"""The share of false claims that may be kept, of those that the bar is set for: where it is set."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A claim: whether it is true, and what the exact checks left of it."""

    pair: Pair
    true: bool
    falsehood: Falsehood | None
    compared: Comparison | Verdict
    support: Support | None = None

    def choices(self, *, supported: bool) -> list[Choice]:
        one = self.compared
        if isinstance(one, Verdict):
            return []
        matching = Matching(one.sources, self.support if supported else None)
        settled = coupling(one.aligned, one.sources, one.said.text).settled
        return choices(one.aligned, one.sources, matching, settled)

    def signs(self, belonging: npt.NDArray[np.float32], *, supported: bool) -> dict[str, Sign]:
        one = self.compared
        assert isinstance(one, Comparison)
        support = self.support if supported else None
        return signs(one.said, one.readings, one.aligned, one.sources, one.figures, support, belonging)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What is shipped for claims with a ``Support``, or for those without."""

    names: tuple[str, ...]
    weights: Floats
    bias: float
    bar: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, say how well what was left out is told apart, and write the weights."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.training.verification", description="Fit the verifier."
    )
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args(arguments)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with TemporaryDirectory(prefix="herald-claims-") as folder:
        export_encoder(DEFAULT_ENCODER, Path(folder) / "encoder")
        encoder = open_encoder(Path(folder) / "encoder", 2, serving=True)
        judged = read_judged(ModelledMeaning(encoder, OnnxReader(options.out.parent)))
    belonging = fit_belonging(judged)
    arrays: dict[str, npt.ArrayLike] = {"belonging": belonging}
    for kind, supported in (("supported", True), ("alone", False)):
        fitted = fit_judgement(judged, belonging, kind, supported=supported)
        arrays[f"{kind}_names"] = np.array(fitted.names)
        arrays[f"{kind}_weights"] = fitted.weights.astype(np.float32)
        arrays[f"{kind}_bias"] = np.array([fitted.bias, fitted.bar], np.float32)
    np.savez_compressed(options.out, **arrays)  # type: ignore[arg-type]
    return 0


def read_judged(meaning: Meaning) -> list[Judged]:
    """The claims of the ``SPLITS``, true and false."""
    labelled: list[tuple[Pair, Falsehood | None]] = []
    for claims in map(read_claims, SPLITS):
        false = [*claims.written, *(m for pair in claims.pairs for m in mutations(pair, claims.pairs, SEED))]
        labelled += [(pair, None) for pair in claims.pairs]
        labelled += [(mutation.pair, mutation.falsehood) for mutation in false]
    judged = []
    for pair, falsehood in labelled:
        compared = compare(as_claim(pair))
        support = (
            meaning(compared.said.text, pair.published, [reading.text for reading in compared.readings])
            if isinstance(compared, Comparison)
            else None
        )
        judged.append(Judged(pair, falsehood is None, falsehood, compared, support))
    return judged


def fit_belonging(judged: Sequence[Judged]) -> npt.NDArray[np.float32]:
    """The weights under which a true claim's figures are the ones that it says they are."""
    lists = [
        Listed(choice.features, choice.stated)
        for one in judged
        if one.true
        for choice in one.choices(supported=True)
    ]
    return fit_listwise(lists, RIDGE_BELONGING).astype(np.float32)


def fit_judgement(
    judged: Sequence[Judged], belonging: npt.NDArray[np.float32], kind: str, *, supported: bool
) -> Fitted:
    """The weights of the signs, and the bar that the claims that were left out of a fit set."""
    weighed = [one for one in judged if isinstance(one.compared, Comparison)]
    folds = _folds(weighed)
    crossed = np.zeros(len(weighed))
    for fold in range(FOLDS):
        left_in = [one for one, f in zip(weighed, folds, strict=True) if f != fold]
        own = fit_belonging(left_in)
        names, model = _fit(left_in, own, supported=supported)
        for place in np.flatnonzero(folds == fold):
            row = _row(weighed[place].signs(own, supported=supported), names)
            crossed[place] = model.logits(row[np.newaxis])[0]
    bar = _bar(judged, weighed, crossed)
    _say(judged, weighed, crossed - bar, kind)
    names, model = _fit(weighed, belonging, supported=supported)
    weights = model.weights / model.scale
    weights = np.maximum(weights, [FLOOR.get(name, -np.inf) for name in names])
    return Fitted(names, weights, float(model.bias - model.centre @ weights), bar)


def _folds(judged: Sequence[Judged]) -> npt.NDArray[np.int64]:
    announcements = sorted({one.pair.announcement for one in judged})
    random.Random(SEED).shuffle(announcements)  # noqa: S311
    return np.array([announcements.index(one.pair.announcement) % FOLDS for one in judged])


def _fit(
    judged: Sequence[Judged], belonging: npt.NDArray[np.float32], *, supported: bool
) -> tuple[tuple[str, ...], Logistic]:
    shown = [one.signs(belonging, supported=supported) for one in judged]
    names = tuple(sorted({name for each in shown for name in each}))
    features = np.array([_row(each, names) for each in shown], np.float32)
    false = np.array([not one.true for one in judged])
    shares = np.array(
        [TRUE_SHARE if one.true else EXTRA_SHARE if one.falsehood in EXTRA else 1.0 for one in judged]
    )
    bounds = [(None, None) if name in EITHER else (0.0, None) for name in names]
    return names, fit_logistic(features, false, shares, RIDGE, bounds)


def _row(shown: dict[str, Sign], names: Sequence[str]) -> npt.NDArray[np.float32]:
    return np.array([shown[name].value if name in shown else 0.0 for name in names], np.float32)


def _kept_at_once(judged: Sequence[Judged]) -> int:
    return sum(
        isinstance(one.compared, Verdict)
        and one.compared.kept
        and not one.true
        and one.falsehood not in EXTRA
        for one in judged
    )


def _bar(judged: Sequence[Judged], weighed: Sequence[Judged], doubts: Floats) -> float:
    """Where no more than ``ALLOWED`` of the false claims are kept."""
    counted = np.array([not one.true and one.falsehood not in EXTRA for one in weighed])
    false = sum(not one.true and one.falsehood not in EXTRA for one in judged)
    allowed = int(ALLOWED * false) - _kept_at_once(judged)
    return float(np.sort(doubts[counted])[max(allowed, 0)]) - 1e-6


def _say(judged: Sequence[Judged], weighed: Sequence[Judged], doubts: Floats, kind: str) -> None:
    withdrawn = {id(one): doubt > 0 for one, doubt in zip(weighed, doubts, strict=True)}
    for true in (True, False):
        these = [one for one in judged if one.true is true and one.falsehood not in EXTRA]
        count = sum(
            withdrawn[id(one)] if isinstance(one.compared, Comparison) else not one.compared.kept
            for one in these
        )
        sys.stdout.write(
            f"{kind}, left out: {count} of {len(these)} {'true' if true else 'false'} claims withdrawn "
            f"({100 * count / len(these):.1f}%)\n"
        )


if __name__ == "__main__":
    sys.exit(main())
