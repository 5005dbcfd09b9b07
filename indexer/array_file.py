"""Arrays in files of their own, as numpy writes them, read back without trust."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.errors import IndexDamaged


def load_array(path: Path, kind: type[np.generic], axes: int, *, mapped: bool = False) -> npt.NDArray[Any]:
    """The array in a file, in memory or ``mapped`` from the disk.

    Raises IndexDamaged where it is missing, cut short, or of another type or number of axes.
    """
    try:
        array: npt.NDArray[Any] = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamaged(f"{path}: {error}") from error
    if array.dtype != kind or array.ndim != axes:
        raise IndexDamaged(f"{path}: holds {array.dtype} {array.shape}, not {np.dtype(kind)} of {axes} axes")
    return array
