"""Structured logs: one JSON object a line on standard error, with the id of the request it belongs to."""

import json
import logging
import re
import secrets
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

logger = logging.getLogger("herald")

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that is being answered, in its task and in the thread that works for it."""

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


def accepted_id(offered: str | None) -> str:
    """The id that a client or proxy offered if it is harmless in a log and a header, else a new one."""
    if offered is not None and SANE_ID.fullmatch(offered):
        return offered
    return f"req_{secrets.token_hex(12)}"


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
        # Escaped to ASCII: no control character and no lone surrogate in a question, a path or an
        # error's text can break a line or a terminal.
        return json.dumps(line, default=str)


def configure(level: str) -> None:
    """Send this process's logs, those of its libraries included, to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("herald", "uvicorn"):
        logging.getLogger(name).setLevel(level.upper())
