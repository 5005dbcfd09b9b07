"""How long replies take."""

from collections.abc import Sequence

import numpy as np


def percentile(seconds: Sequence[float], share: float) -> float | None:
    """The time within which ``share`` (0 to 1) of the replies came, interpolated linearly; lower is better.

    Hyndman and Fan 1996, definition 7. None without replies.
    """
    if not len(seconds):
        return None
    return float(np.quantile(np.asarray(seconds, float), share))
