"""Whether the signs against a claim weigh enough to withdraw it: a logistic model, fitted on claims that are
known to be true and false (``eval.training.verification``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from service.answering.verification.signs import Sign
from service.answering.verification.verdict import Fault

WEIGHTS = Path(__file__).resolve().parents[1] / "weights" / "verification.npz"

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """``weights`` by the name of a sign; a claim is withdrawn where they and ``bias`` come to more than ``bar``.

    ``belonging`` is for ``verification.belonging``.
    """

    weights: Mapping[str, float]
    bias: float
    bar: float
    belonging: Floats

    def doubt(self, signs: Mapping[str, Sign]) -> float:
        """The log-odds that a claim with these signs is false, from the bar: it is withdrawn above 0."""
        weighed = sum(self.weights.get(name, 0.0) * sign.value for name, sign in signs.items())
        return weighed + self.bias - self.bar

    def reason(self, signs: Mapping[str, Sign]) -> tuple[Fault, str]:
        """What weighs most of what can be named."""
        named = [sign for sign in signs.values() if sign.detail]
        if not named:
            return Fault.MEANING, ""
        worst = max(named, key=lambda sign: self.weights.get(sign.name, 0.0) * (sign.value - sign.undecided))
        return worst.fault, worst.detail


@cache
def judgement(*, supported: bool) -> Judgement:
    """The model that ships: for claims with a ``Support`` beside them, or without."""
    with np.load(WEIGHTS) as stored:
        kind = "supported" if supported else "alone"
        names = [str(name) for name in stored[f"{kind}_names"]]
        weights = dict(zip(names, stored[f"{kind}_weights"].tolist(), strict=True))
        bias, bar = (float(value) for value in stored[f"{kind}_bias"])
        return Judgement(weights, bias, bar, stored["belonging"])
