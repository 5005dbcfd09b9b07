"""The page and the widget: static files, read once when the application is made.

Nothing in a request's path ever reaches the file system: a path is served if it was found then.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "web"

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
"""Files of other kinds are not served."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

EMBEDDABLE = frozenset({"/widget.js"})
"""What pages of other sites may load."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is served."""

    body: bytes
    headers: Mapping[str, str]


def static_files(folder: Path = FOLDER) -> dict[str, StaticFile]:
    """The folder's files by the path that each is served at; ``index.html`` at ``/``."""
    found = {}
    for file in sorted(folder.rglob("*")):
        media_type = MEDIA_TYPES.get(file.suffix)
        if media_type is None or not file.is_file():
            continue
        path = "/" + file.relative_to(folder).as_posix()
        path = "/" if path == "/index.html" else path
        found[path] = _static_file(path, file.read_bytes(), media_type)
    return found


def static_response(file: StaticFile, request: Request) -> Response:
    """The file, or 304 where the client has it already."""
    known = request.headers.get("if-none-match", "")
    if known == "*" or file.headers["etag"] in [tag.strip().removeprefix("W/") for tag in known.split(",")]:
        headers = {name: value for name, value in file.headers.items() if not name.startswith("content-t")}
        return Response(status_code=304, headers=headers)
    body = b"" if request.method == "HEAD" else file.body
    return Response(body, headers={**file.headers, "content-length": str(len(file.body))})


def _static_file(path: str, body: bytes, media_type: str) -> StaticFile:
    headers = {
        "content-type": media_type,
        "etag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        # Kept by the browser, but asked about each time: a new version is seen at once.
        "cache-control": "no-cache",
        "content-security-policy": POLICY,
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "cross-origin" if path in EMBEDDABLE else "same-origin",
    }
    return StaticFile(body, headers)
