"""The API's OpenAPI description: what each call takes, and every status that it can answer."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service import wire
from service.channels import problem

REF = "#/components/schemas/"

EVENTS = """\
Server-sent events, each with an id: `status` (data: `StatusEvent`), `sentence` (`SentenceEvent`),
`done` (`ChatReply`) and, where something fails on the way, `error` (`Problem`). Comment lines come
while nothing else does."""

EVENT = {
    "type": "object",
    "description": EVENTS,
    "properties": {name: {"type": "string"} for name in ("event", "id", "data")},
    "required": ["event", "id", "data"],
}
"""One event of a stream."""

REASONS = {
    400: "The body is not JSON",
    401: "An API key is required, and none or a wrong one was given",
    403: "The page that calls is of an origin that is not listed",
    404: "There is no such thing, or it is somebody else's",
    413: "The body is larger than allowed",
    415: "The body does not claim to be JSON",
    422: "The body is JSON, but not what this call takes",
    429: "The client's rate limit is spent",
    500: "Something went wrong here",
    503: "Busy, or the index or the database cannot be used now",
}
WITH_BODY = (400, 413, 415, 422)
RETRY = {429, 503}
NAMED_BY_US: tuple[type[BaseModel], ...] = (
    problem.Problem,
    wire.ChatRequest,
    wire.SearchRequest,
    wire.FeedbackRequest,
    wire.StatusEvent,
    wire.SentenceEvent,
)
"""Models that FastAPI does not come across, because bodies are read and problems sent without it."""


def described(
    *statuses: int, body: type[BaseModel] | None = None, streams: bool = False, locked: bool = True
) -> dict[str, Any]:
    """The arguments that describe a route to FastAPI: ``statuses`` beside those that any call has."""
    all_statuses = {*statuses, *(WITH_BODY if body else ()), *((401, 403, 429, 503) if locked else ()), 500}
    responses: dict[int | str, Any] = {status: _problem_response(status) for status in sorted(all_statuses)}
    if streams:
        responses[200] = {"content": {"text/event-stream": {"schema": EVENT}}}
    extra: dict[str, Any] = {}
    if body is not None:
        content = {"application/json": {"schema": {"$ref": REF + body.__name__}}}
        extra["requestBody"] = {"required": True, "content": content}
    return {"responses": responses, "openapi_extra": extra}


def describe(app: FastAPI, *, message_limit: int, locked: Sequence[str], needs_key: bool) -> dict[str, Any]:
    """The whole description. ``locked`` are the beginnings of paths that a key opens."""
    document = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    _, definitions = models_json_schema(
        [(model, "validation") for model in NAMED_BY_US], ref_template=REF + "{model}"
    )
    for name, schema in definitions["$defs"].items():
        schemas.setdefault(name, schema)
    _drop_default_refusals(document)
    schemas["ChatRequest"]["properties"]["message"]["maxLength"] = message_limit
    if needs_key:
        document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        for path, operations in document["paths"].items():
            if path.startswith(tuple(locked)):
                for operation in operations.values():
                    operation.setdefault("security", [{"key": []}])
    return document


def _drop_default_refusals(document: dict[str, Any]) -> None:
    """Take out the 422 that FastAPI adds to each call with a parameter in its path: any text is an id."""
    for operations in document["paths"].values():
        for operation in operations.values():
            refusal = operation["responses"].get("422")
            if refusal is not None and problem.MEDIA_TYPE not in refusal["content"]:
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def _problem_response(status: int) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": REASONS[status],
        "content": {problem.MEDIA_TYPE: {"schema": {"$ref": REF + "Problem"}}},
    }
    if status in RETRY:
        response["headers"] = {
            "Retry-After": {"description": "Seconds", "schema": {"type": "integer"}, "required": True}
        }
    return response
