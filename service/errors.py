"""The branch of the exception tree that answering raises.

::

    HeraldError                    (indexer.errors)
    ├── QuestionInvalid            empty, too long, NUL bytes, lone surrogates
    ├── NotFound                   no such conversation, answer or source
    ├── SettingsInvalid            an environment variable that cannot be used
    ├── AnswerInvalid              a document given to `herald verify` that is not an answer
    │   └── AnswerUnproven         one that is, with a part of it that no citation proves
    ├── Unauthorized               an API key is required, and none or a wrong one was given
    ├── OriginRefused              a page of an origin that is not listed
    ├── TooManyRequests            the client's rate limit is spent
    ├── BodyTooLarge
    ├── RequestMalformed           a body that is not JSON
    ├── RequestInvalid             JSON that is not what the call takes
    ├── MediaTypeUnsupported       a body that does not claim to be JSON
    ├── WorkersFailed              a process that should answer could not begin
    ├── Overloaded                 more work is waiting than the service takes on
    ├── SlackUnavailable           Slack refuses a call or cannot be reached
    ├── StoreUnavailable           the database cannot be read or written
    └── ModelError                 a language model gave no answer; the announcements' own words stand in
        ├── ModelUnavailable       not reached, or it failed (5xx), or left alone for having failed
        ├── ModelBusy              over its quota (429)
        ├── ModelTimeout           too slow
        ├── ModelRefused           the key, the model's name or the request is not accepted (4xx)
        ├── ModelIncoherent        what came back cannot be read, or does not end
        └── ModelCalledOff         nobody waits for the answer any more

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


class WorkersFailed(HeraldError):
    """A process that should answer could not begin."""


class AnswerInvalid(HeraldError):
    """A document that should be an answer and is not."""


class AnswerUnproven(AnswerInvalid):
    """An answer that could not have been given: its citations do not fit its text or their quotes."""


class Unauthorized(HeraldError):
    """An API key is required, and none or a wrong one was given."""


class OriginRefused(HeraldError):
    """A page of this origin may not call the service; None where a call that needs an origin names none."""

    def __init__(self, origin: str | None) -> None:
        whose = "a request without an Origin" if origin is None else f"pages of {origin!r}"
        super().__init__(f"{whose} may not call this service: HERALD_WIDGET_ORIGINS does not list it")


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


class ModelError(HeraldError):
    """A language model gave no answer, or none to its end. ``passing``: trying again may help."""

    passing = False


class ModelUnavailable(ModelError):
    """The model's server was not reached or failed, or is left alone for a while for having failed."""

    passing = True


class ModelBusy(ModelError):
    """The model's server takes no more requests now."""

    passing = True


class ModelTimeout(ModelError):
    """The model said nothing for too long, or was not done by the deadline."""


class ModelRefused(ModelError):
    """The model's server does not accept the key, the model's name or the request."""


class ModelIncoherent(ModelError):
    """What the model's server sent cannot be read, or does not end."""


class ModelCalledOff(ModelError):
    """Nobody waits for the answer any more."""


class SlackUnavailable(HeraldError):
    """Slack refuses a call, or cannot be reached.

    ``code`` is Slack's own error, or the name of what went wrong on the way; where it is ``passing``,
    the same call may be accepted later.
    """

    def __init__(self, code: str, *, passing: bool) -> None:
        super().__init__(f"Slack cannot be used now: {code}" if passing else f"Slack refuses: {code}")
        self.code = code
        self.passing = passing
