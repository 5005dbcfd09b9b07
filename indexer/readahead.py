"""Brings a file into memory before it is asked for, so that the first questions do not wait for the disk."""

import logging
import threading
from pathlib import Path

AT_ONCE = 2**20
"""Bytes of one read."""

log = logging.getLogger(__name__)


def read_ahead(path: Path) -> threading.Thread:
    """Read a file through, beside all else. The thread ends with the process.

    What the system keeps of it is shared by all processes that map it. One call that asks the system to fetch the
    file would not do: Linux fetches no more than its device takes at once.
    """
    thread = threading.Thread(target=_read, args=(path,), name=f"read-ahead {path.name}", daemon=True)
    thread.start()
    return thread


def _read(path: Path) -> None:
    page = bytearray(AT_ONCE)
    try:
        with path.open("rb", buffering=0) as file:
            while file.readinto(page):
                pass
    except OSError as error:
        log.warning("%s cannot be read ahead: %s", path, error)
