"""Several processes at one socket: a dead one is replaced, all end together, one that cannot begin is reported."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

ANSWERING = """
import os, socket, sys
from service.workers import Workers
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
def work():
    while True:
        connection, _ = listener.accept()
        connection.sendall(str(os.getpid()).encode())
        connection.close()
Workers(2, work).run()
print("ended", flush=True)
"""

FAILING = """
from service.workers import Workers
def work():
    raise ValueError("no index here")
try:
    Workers(2, work).run()
except Exception as error:
    print(type(error).__name__, flush=True)
"""


@pytest.fixture
def answering() -> Iterator[tuple["subprocess.Popen[str]", int]]:
    process = subprocess.Popen([sys.executable, "-c", ANSWERING], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        yield process, int(process.stdout.readline())
        process.kill()
        process.wait()


def answerers(port: int, wanted: int) -> set[int]:
    """The ids of the processes that answer, once there are as many as wanted."""
    found: set[int] = set()
    until = time.monotonic() + 30
    while len(found) < wanted and time.monotonic() < until:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            found.add(int(connection.recv(20) or b"0"))
    return found - {0}


def test_one_that_dies_is_replaced_and_all_end_together(
    answering: tuple["subprocess.Popen[str]", int],
) -> None:
    process, port = answering
    first, second = sorted(answerers(port, 2))
    os.kill(first, signal.SIGKILL)
    replaced = answerers(port, 2) | answerers(port, 2)
    assert len(replaced - {first}) >= 2
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    assert process.stdout.read() == "ended\n"
    for worker in {second, *replaced} - {first}:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


def test_one_that_cannot_begin_ends_them_all() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FAILING], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout == "WorkersFailed\n"
    assert "no index here" in ran.stderr
