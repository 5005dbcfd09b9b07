"""How far a text is supported by its quotes, as models tell it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """A text of T tokens beside quotes of Q tokens in all.

    ``similar`` [T, Q] holds cosines, ``spans`` [T, 2] where each token stands in the text, and ``places``
    [Q, 3] the number of its quote and where it stands there. ``proof`` is the logit that the quotes prove
    the text, read together.
    """

    similar: npt.NDArray[np.float32]
    spans: npt.NDArray[np.int32]
    places: npt.NDArray[np.int32]
    proof: float

    @property
    def nearest(self) -> npt.NDArray[np.float32]:
        """[T], ascending: how near the nearest token of the quotes comes to each token of the text."""
        return np.sort(self.similar.max(axis=1)) if self.similar.size else np.zeros(1, np.float32)

    @property
    def mean(self) -> float:
        """How well the quotes support the text, 0 to 1: the mean over its tokens."""
        return float(np.clip(self.nearest.mean(), 0.0, 1.0))

    def tokens_of(self, start: int, end: int) -> npt.NDArray[np.intp]:
        """The tokens within ``text[start:end]``."""
        return np.flatnonzero((self.spans[:, 0] < end) & (self.spans[:, 1] > start))
