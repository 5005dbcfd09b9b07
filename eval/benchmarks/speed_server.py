"""A server under measurement: its start, its memory, its end."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.benchmarks.speed_load import Connection, http_request
from eval.errors import TargetFailed

HOST = "127.0.0.1"
PATIENCE = 300.0
"""Seconds that a server may take to its first answer."""
POLLED = 0.002
"""Seconds between two attempts to reach a server that is starting."""


_THREADS = frozenset(
    {
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "TOKENIZERS_PARALLELISM",
        "OMP_WAIT_POLICY",
    }
)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. ``first_answer`` is the seconds from its process's start to its first answer."""

    process: int
    port: int
    first_answer: float

    def url(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"

    def memory(self) -> float:
        """MB resident in the process and those that it started; what these share counts once."""
        return sum(_proportional(process) for process in [self.process, *_children(self.process)]) / 1e6


def plain_environment() -> dict[str, str]:
    """This process's environment without what says how many threads to use: each program is to choose."""
    return {name: value for name, value in os.environ.items() if name not in _THREADS}


@contextmanager
def running(
    command: Sequence[str], port: int, first: bytes, environment: Mapping[str, str]
) -> Iterator[Server]:
    """The server that a command starts at a port, once it has answered the request ``first``.

    Raises TargetFailed where it ends or stays silent.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**plain_environment(), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _first_answer(process, port, first, began + PATIENCE)
        yield Server(process.pid, port, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def herald(index: Path, port: int) -> list[str]:
    """The command that serves an index."""
    program = Path(sys.executable).with_name("herald")
    return [str(program), "serve", "--index", str(index), "--host", HOST, "--port", str(port)]


def module(name: str, *arguments: object) -> list[str]:
    """The command that runs a module of this package."""
    return [sys.executable, "-m", f"eval.benchmarks.{name}", *map(str, arguments)]


def free_port() -> int:
    with socket.create_server((HOST, 0)) as taken:
        return int(taken.getsockname()[1])


def _first_answer(process: "subprocess.Popen[bytes]", port: int, first: bytes, until: float) -> None:
    while process.poll() is None and time.perf_counter() < until:
        try:
            connection = Connection(HOST, port)
        except ConnectionRefusedError:
            time.sleep(POLLED)
            continue
        try:
            connection.ask(first)
        finally:
            connection.close()
        return
    raise TargetFailed(f"{process.args!r}: no answer; exit status {process.returncode}")


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return [int(child) for child in found]


def _proportional(process: int) -> int:
    """Bytes resident, memory that is shared with other processes divided among them."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024


def chat(question: str) -> bytes:
    """A request for a verbatim answer."""
    return http_request(f"http://{HOST}/v1/chat", {"message": question, "mode": "verbatim"})


def search(question: str) -> bytes:
    """A request for passages, to Herald."""
    return http_request(
        f"http://{HOST}/v1/search", {"messages": [{"role": "user", "content": question}], "k": 5}
    )


def quickstart_search(question: str) -> bytes:
    """A request for passages, to the quickstart."""
    return http_request(f"http://{HOST}/v1/search", {"question": question, "k": 5})
