"""Errors as HTTP sees them: RFC 9457 problem documents, and the table of which error has which status.

A problem says what is wrong and where. For what only the operator can mend, it says so in general
words, and the particulars (a path, a file's state) are in the log under the same request id.
"""

import http
import math
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, Field
from starlette.responses import Response

from indexer import errors as indexing
from service import errors as answering
from service.log import logger, request_id

MEDIA_TYPE = "application/problem+json"
LONGEST_DETAIL = 500
RETRY_UNUSABLE = 5
"""Seconds after which to try again where the index or the database could not be used."""


class Flaw(BaseModel):
    """One thing that is wrong in a request's body, at a JSON pointer."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """An RFC 9457 problem document. ``code`` is for programs, ``detail`` for people."""

    type: str = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    code: str
    request_id: str | None = None
    retry_after: int | None = Field(default=None, ge=0)
    errors: list[Flaw] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What an error becomes. Without ``detail``, the error's own text is fit for the client."""

    status: int
    code: str
    detail: str | None = None


_INDEX = "the index cannot be served now"
_STORE = "conversations cannot be stored or read now"
_MODEL = "the language model cannot be used now"
_UNEXPECTED = "something went wrong here; the log has it under this request's id"

RULES: Mapping[type[indexing.HeraldError], Rule] = {
    answering.QuestionInvalid: Rule(422, "question_invalid"),
    answering.RequestInvalid: Rule(422, "request_invalid"),
    answering.AnswerInvalid: Rule(422, "answer_invalid"),
    answering.AnswerUnproven: Rule(422, "answer_unproven"),
    answering.RequestMalformed: Rule(400, "request_malformed"),
    answering.Unauthorized: Rule(401, "unauthorized"),
    answering.OriginRefused: Rule(403, "origin_refused"),
    answering.NotFound: Rule(404, "not_found"),
    answering.BodyTooLarge: Rule(413, "body_too_large"),
    answering.MediaTypeUnsupported: Rule(415, "media_type_unsupported"),
    answering.TooManyRequests: Rule(429, "too_many_requests"),
    answering.Overloaded: Rule(503, "overloaded"),
    answering.SlackUnavailable: Rule(503, "slack_unavailable"),
    answering.StoreUnavailable: Rule(503, "store_unavailable", _STORE),
    **dict.fromkeys(
        (
            *(answering.ModelError, answering.ModelUnavailable, answering.ModelBusy, answering.ModelTimeout),
            *(answering.ModelRefused, answering.ModelIncoherent, answering.ModelCalledOff),
        ),
        Rule(503, "model_unavailable", _MODEL),
    ),
    answering.SettingsInvalid: Rule(500, "internal", _UNEXPECTED),
    answering.WorkersFailed: Rule(500, "internal", _UNEXPECTED),
    indexing.IndexUnusable: Rule(503, "index_unusable", _INDEX),
    indexing.IndexMissing: Rule(503, "index_missing", _INDEX),
    indexing.IndexDamaged: Rule(503, "index_damaged", _INDEX),
    indexing.IndexBusy: Rule(503, "index_busy", _INDEX),
    indexing.EncoderMismatch: Rule(503, "encoder_mismatch", _INDEX),
    indexing.EncoderUnavailable: Rule(503, "encoder_unavailable", _INDEX),
    indexing.SourceError: Rule(500, "internal", _UNEXPECTED),
    indexing.SourceNotFound: Rule(500, "internal", _UNEXPECTED),
    indexing.SourceUnsupported: Rule(500, "internal", _UNEXPECTED),
    indexing.SourceUnreadable: Rule(500, "internal", _UNEXPECTED),
    indexing.SourceConflict: Rule(500, "internal", _UNEXPECTED),
    indexing.HeraldError: Rule(500, "internal", _UNEXPECTED),
}

UNEXPECTED = Rule(500, "internal", _UNEXPECTED)


def rule_of(error: Exception) -> Rule:
    """The rule for the error's class or the nearest one above it."""
    for class_ in type(error).__mro__:
        if class_ in RULES:
            return RULES[class_]
    return UNEXPECTED


def problem_of(error: Exception) -> Problem:
    """The problem document for an error."""
    rule = rule_of(error)
    document = problem(rule.status, rule.code, rule.detail or str(error))
    if isinstance(error, answering.RequestInvalid):
        document.errors = [Flaw(pointer=pointer, detail=why) for pointer, why in error.errors]
    document.retry_after = _retry_after(error)
    return document


def problem(status: int, code: str, detail: str) -> Problem:
    title = http.HTTPStatus(status).phrase
    return Problem(
        title=title, status=status, detail=detail[:LONGEST_DETAIL], code=code, request_id=request_id.get()
    )


def problem_headers(error: Exception) -> dict[str, str]:
    """The headers that go with an error's status."""
    if isinstance(error, answering.Unauthorized):
        return {"www-authenticate": "Bearer"}
    if isinstance(error, answering.OriginRefused):
        # Or the page could not read why it is refused, and would take the service to be out of reach.
        return {"access-control-allow-origin": "*"}
    seconds = _retry_after(error)
    return {} if seconds is None else {"retry-after": str(seconds)}


def _retry_after(error: Exception) -> int | None:
    """Whole seconds after which the same request may do better; None where it will not."""
    if isinstance(error, answering.TooManyRequests | answering.Overloaded):
        return max(1, math.ceil(error.retry_after))
    return RETRY_UNUSABLE if rule_of(error).status == 503 else None


def problem_response(document: Problem, headers: Mapping[str, str] | None = None) -> Response:
    body = document.model_dump_json(exclude_none=True)
    return Response(body, document.status, dict(headers or {}), MEDIA_TYPE)


def error_response(error: Exception) -> Response:
    return problem_response(problem_of(error), problem_headers(error))


def log_error(error: Exception) -> None:
    """Log an error with the particulars that its problem document leaves out.

    Those of a client's own error it is told itself; they may hold what it asked, and are in no log.
    """
    rule = rule_of(error)
    if rule.status == 500:
        logger.error("unexpected error", exc_info=error)
    elif rule.status > 500:
        logger.warning(rule.code, extra={"fields": {"detail": str(error)}})
    else:
        logger.debug(rule.code)
