"""Arrays in files of their own, as numpy writes them, read back without trust."""

import os
import weakref
from pathlib import Path
from typing import Any, cast

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


class RowFile:
    """The rows of an array of two axes in a file, read as they are asked for and never mapped.

    May be read from several threads. Raises IndexDamaged where ``load_array`` would.
    """

    def __init__(self, path: Path, kind: type[np.generic]) -> None:
        array = load_array(path, kind, 2, mapped=True)
        self._path = path
        self._kind = kind
        self._rows: int = array.shape[0]
        self._width: int = array.shape[1]
        self._row = self._width * array.itemsize
        self._begin: int = cast("np.memmap[Any, Any]", array).offset
        try:
            self._file = os.open(path, os.O_RDONLY)
        except OSError as error:
            raise IndexDamaged(f"{path}: {error}") from error
        weakref.finalize(self, os.close, self._file)

    def __len__(self) -> int:
        return self._rows

    def expect(self, first: int, last: int) -> None:
        """Have the system fetch these rows meanwhile: from a disk several at once take no longer than one."""
        os.posix_fadvise(
            self._file, self._begin + first * self._row, (last - first) * self._row, os.POSIX_FADV_WILLNEED
        )

    def read(self, first: int, last: int) -> npt.NDArray[Any]:
        """The rows from ``first`` up to ``last`` [last - first, width].

        Raises IndexDamaged where the file was cut short since it was opened, or cannot be read.
        """
        try:
            content = os.pread(self._file, (last - first) * self._row, self._begin + first * self._row)
        except OSError as error:
            raise IndexDamaged(f"{self._path}: {error}") from error
        if len(content) != (last - first) * self._row:
            raise IndexDamaged(f"{self._path}: ends before row {last}")
        return np.frombuffer(content, self._kind).reshape(last - first, self._width)
