"""Linear models fitted by maximum likelihood: one that ranks a list, one that tells yes from no.

Both have a ridge penalty on standardised features and are convex, so that the same data give the same
weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """Things to choose from: their features [N, F], and which are right [N]."""

    features: npt.NDArray[np.float32]
    right: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """A logistic model over standardised features."""

    centre: Floats
    scale: Floats
    weights: Floats
    bias: float

    def logits(self, features: npt.NDArray[np.float32]) -> Floats:
        """[N, F] → [N]."""
        return np.asarray((features - self.centre) / self.scale @ self.weights + self.bias)


def fit_listwise(lists: Sequence[Listed], ridge: float, columns: Sequence[int] | None = None) -> Floats:
    """Weights [F] under which the right ones of each list share the most of a softmax over it.

    Only ``columns`` get a weight other than 0. Lists without a right or without a wrong one tell
    nothing and are left out.
    """
    told = [each for each in lists if each.right.any() and not each.right.all()]
    width = told[0].features.shape[1]
    chosen = list(range(width)) if columns is None else list(columns)
    features = np.concatenate([each.features[:, chosen] for each in told]).astype(np.float64)
    scale = features.std(axis=0) + 1e-4
    features = (features - features.mean(axis=0)) / scale
    right = np.concatenate([each.right for each in told])
    starts = np.cumsum([0, *(len(each.right) for each in told)])[:-1]
    sizes = np.diff([*starts, len(right)])

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = features @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts), sizes)
        likely = np.exp(scores)
        of_all = likely / np.repeat(np.add.reduceat(likely, starts), sizes)
        of_right = likely * right / np.repeat(np.add.reduceat(likely * right, starts), sizes)
        value = -np.log(np.add.reduceat(of_all * right, starts)).mean() + ridge * float(weights @ weights)
        return value, features.T @ (of_all - of_right) / len(starts) + 2 * ridge * weights

    found = minimize(loss, np.zeros(len(chosen)), jac=True, method="L-BFGS-B")
    weights = np.zeros(width)
    weights[chosen] = found.x / scale
    return weights


def fit_logistic(
    features: npt.NDArray[np.float32],
    right: Flags,
    shares: Floats,
    ridge: float | Floats,
    bounds: Sequence[tuple[float | None, float | None]] | None = None,
    known: Floats | None = None,
) -> Logistic:
    """A logistic model; ``shares`` [N] say how much each row counts, ``bounds`` [F] what a
    weight may be, ``ridge`` what holds weights back, all alike or each by its own [F]. ``known`` [N] are
    logits that the model is to be added to, and is fitted to what they leave."""
    centre, scale = features.mean(axis=0).astype(np.float64), features.std(axis=0).astype(np.float64) + 1e-3
    standard = (features - centre) / scale
    width = standard.shape[1]
    given = 0.0 if known is None else known

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = standard @ weights[:width] + weights[width] + given
        surplus = shares * (1 / (1 + np.exp(-logits)) - right)
        value = float((shares * (np.logaddexp(0, logits) - right * logits)).sum())
        slope = np.append(standard.T @ surplus + ridge * weights[:width], surplus.sum())
        return value + 0.5 * float(ridge * weights[:width] @ weights[:width]), slope

    limits = None if bounds is None else [*bounds, (None, None)]
    found = minimize(loss, np.zeros(width + 1), jac=True, method="L-BFGS-B", bounds=limits).x
    return Logistic(centre, scale, found[:width], float(found[width]))
