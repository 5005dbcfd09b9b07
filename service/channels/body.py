"""Request bodies: JSON in UTF-8, parsed and validated in one pass, or an error that says what is wrong."""

import re
from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from service.errors import MediaTypeUnsupported, RequestInvalid, RequestMalformed

M = TypeVar("M", bound=BaseModel)

CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
MOST_FLAWS = 20
LONGEST_NAME = 100
IN_OTHER_WORDS = {"extra_forbidden": "unknown field", "missing": "required"}


async def read_body(request: Request, model: type[M]) -> M:
    """The request's body as ``model``.

    Raises MediaTypeUnsupported where it does not claim to be JSON, RequestMalformed where it is not
    JSON, RequestInvalid where the JSON is not of the model's shape.
    """
    _check_media_type(request.headers.get("content-type"))
    return parse_body(await request.body(), model)


def parse_body(body: bytes, model: type[M]) -> M:
    """``body`` as ``model``; raises RequestMalformed or RequestInvalid."""
    if not body:
        raise RequestMalformed("the body is empty; it must be JSON")
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        flaws = error.errors(include_url=False, include_input=False)
        if flaws[0]["type"] == "json_invalid":
            why = flaws[0]["ctx"]["error"]
            raise RequestMalformed(f"the body is not JSON in UTF-8: {why}") from error
        raise request_invalid(flaws) from error


def request_invalid(flaws: Sequence[ErrorDetails]) -> RequestInvalid:
    """pydantic's findings as ours."""
    return RequestInvalid([(_pointer(flaw), _why(flaw)) for flaw in flaws[:MOST_FLAWS]])


def _check_media_type(value: str | None) -> None:
    if value == "application/json":
        return
    if value is None:
        raise MediaTypeUnsupported("the body needs a content type: application/json")
    if value.partition(";")[0].strip().lower() != "application/json":
        raise MediaTypeUnsupported("the body must be application/json")
    charset = CHARSET.search(value)
    if charset is not None and charset[1].lower() not in {"utf-8", "utf8"}:
        raise MediaTypeUnsupported("the body must be in UTF-8")


def _pointer(flaw: ErrorDetails) -> str:
    names = (str(part)[:LONGEST_NAME].replace("~", "~0").replace("/", "~1") for part in flaw["loc"])
    return "".join(f"/{name}" for name in names)


def _why(flaw: ErrorDetails) -> str:
    return IN_OTHER_WORDS.get(flaw["type"], flaw["msg"].removeprefix("Value error, "))
