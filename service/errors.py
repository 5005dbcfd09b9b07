"""The branch of the exception tree that answering raises.

::

    HeraldError                    (indexer.errors)
    ├── QuestionInvalid            empty, too long, NUL bytes, lone surrogates
    ├── NotFound                   no such conversation, answer or source
    ├── SettingsInvalid            an environment variable that cannot be used
    ├── AnswerInvalid              a document given to `herald verify` that is not an answer
    ├── Unauthorized               an API key is required, and none or a wrong one was given
    ├── TooManyRequests            the client's rate limit is spent
    ├── BodyTooLarge
    ├── RequestMalformed           a body that is not JSON
    ├── RequestInvalid             JSON that is not what the call takes
    ├── MediaTypeUnsupported       a body that does not claim to be JSON
    ├── Overloaded                 more work is waiting than the service takes on
    └── StoreUnavailable           the database cannot be read or written

Only ``service.channels.problem`` knows which HTTP status each becomes.
"""

from collections.abc import Sequence

from indexer.errors import HeraldError


class QuestionInvalid(HeraldError):
    """The message cannot be a question: empty, too long, or not text."""


class NotFound(HeraldError):
    """No such conversation, answer or source."""

    def __init__(self, what: str, id: str) -> None:
        super().__init__(f"no {what} with the id {id!r}")


class SettingsInvalid(HeraldError):
    """A setting that cannot be used. The text names the environment variable."""


class AnswerInvalid(HeraldError):
    """A document that should be an answer and is not."""


class Unauthorized(HeraldError):
    """An API key is required, and none or a wrong one was given."""


class TooManyRequests(HeraldError):
    """The client's rate limit is spent; ``retry_after`` seconds from now there is room again."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"too many requests; try again in {retry_after:.0f} s")
        self.retry_after = retry_after


class BodyTooLarge(HeraldError):
    """The request's body is larger than allowed; ``limit`` is in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the body is larger than {limit} bytes")
        self.limit = limit


class RequestMalformed(HeraldError):
    """The request's body is not JSON in UTF-8."""


class RequestInvalid(HeraldError):
    """The request's body is JSON, but not what the call takes.

    ``errors`` holds a JSON pointer and what is wrong there, for each thing that is wrong.
    """

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{pointer or 'the body'}: {why}" for pointer, why in errors))
        self.errors = tuple(errors)


class MediaTypeUnsupported(HeraldError):
    """The request's body does not claim to be JSON."""


class Overloaded(HeraldError):
    """More work is waiting than the service takes on; ``retry_after`` is in seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("the service is busy; try again shortly")
        self.retry_after = retry_after


class StoreUnavailable(HeraldError):
    """The database cannot be read or written."""
