"""Structured logs: one JSON object a line on standard error, with the id of the request it belongs to."""

import json
import logging
import re
import secrets
import sys
import threading
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

logger = logging.getLogger("herald")

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that is being answered, in its task and in the thread that works for it."""

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")

# Escaped to ASCII: no control character and no lone surrogate in a question, a path or an error's
# text can break a line or a terminal.
_encode = json.JSONEncoder(default=str, ensure_ascii=True).encode


def accepted_id(offered: str | None) -> str:
    """The id that a client or proxy offered if it is harmless in a log and a header, else a new one."""
    if offered is not None and SANE_ID.fullmatch(offered):
        return offered
    return f"req_{secrets.token_hex(12)}"


def log_request(fields: Mapping[str, object]) -> None:
    """Log one answered request, without the search for the calling line that costs most of a log call."""
    if logger.isEnabledFor(logging.INFO):
        record = logging.LogRecord(logger.name, logging.INFO, "", 0, "request", (), None)
        record.fields = fields
        logger.handle(record)


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; what was passed as ``extra={"fields": {...}}`` becomes members."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (id := request_id.get()) is not None:
            line["request_id"] = id
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return _encode(line)


class BatchingHandler(logging.Handler):
    """Writes lines from a thread of its own, those of ``seconds`` together.

    A slow or stuck reader of the log delays no request: beyond ``most_lines`` waiting, lines are
    dropped and counted. Warnings and errors are written at once.
    """

    def __init__(self, stream: TextIO, *, seconds: float = 0.1, most_lines: int = 50_000) -> None:
        super().__init__()
        self._stream = stream
        self._seconds = seconds
        self._most_lines = most_lines
        self._lines: list[str] = []
        self._dropped = 0
        self._something = threading.Event()
        self._urgent = threading.Event()
        self._writing = threading.Lock()
        threading.Thread(target=self._work, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        if len(self._lines) >= self._most_lines:
            self._dropped += 1
            return
        self._lines.append(self.format(record))
        if record.levelno >= logging.WARNING:
            self._urgent.set()
        if not self._something.is_set():
            self._something.set()

    def flush(self) -> None:
        """Write what waits. Called by ``logging.shutdown`` too, when the process ends."""
        self.acquire()
        try:
            lines, self._lines = self._lines, []
            dropped, self._dropped = self._dropped, 0
        finally:
            self.release()
        if dropped:
            lines.append(_encode({"level": "warning", "message": f"{dropped} log lines were dropped"}))
        if lines:
            self._write(lines, dropped)

    def _write(self, lines: list[str], dropped: int) -> None:
        try:
            with self._writing:
                self._stream.write("\n".join(lines) + "\n")
                self._stream.flush()
        except (OSError, ValueError):
            # There is nowhere to say that the log cannot be written, so it is said when it can be.
            self._dropped += len(lines) + dropped

    def _work(self) -> None:
        while True:
            self._something.wait()
            self._urgent.wait(self._seconds)
            self._something.clear()
            self._urgent.clear()
            self.flush()


def configure(level: str) -> None:
    """Send this process's logs, those of its libraries included, to standard error as JSON."""
    handler = BatchingHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("herald", "uvicorn"):
        logging.getLogger(name).setLevel(level.upper())
