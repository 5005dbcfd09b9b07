"""A real server in a process of its own, over an index folder."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A server over an index folder, with these variables: its address and its process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "serve", "--index", str(folder), "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "HERALD_RATE_LIMIT": "0", **environment},
    )
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if "http://" in line:
                address = "http://" + line.split("http://")[1].strip()
                break
        else:
            pytest.fail("the server did not start")
        drain = threading.Thread(target=process.stderr.read, daemon=True)
        drain.start()
        wait_until(lambda: httpx.get(f"{address}/readyz").status_code == 200)
        yield address, process
    finally:
        process.kill()
        process.wait()
        drain.join(5)
        process.stderr.close()


def wait_until(done: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if done():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    pytest.fail(f"not within {seconds} s")
