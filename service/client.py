"""Herald as a Python program uses it: over an assistant in its own process, or over a service's URL.

Both answer in the shapes of the wire contract::

    with ServiceClient("https://herald.example", api_key=…) as herald:
        reply = herald.ask("What does the budget come to?")
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from indexer.errors import HeraldError
from service import wire
from service.answer import Mode
from service.answering.assistant import AssistantLike, Message
from service.errors import NotFound

SECONDS = 60.0
"""How long a service may keep silent."""

Shape = TypeVar("Shape", bound=BaseModel)


class ServiceUnreachable(HeraldError):
    """The service could not be reached, or what came back is no reply of Herald's."""


class ServiceRefused(HeraldError):
    """The service answered with an error of HTTP's ``status``.

    ``retry_after`` is how many seconds it asks to be left alone, None where it does not.
    """

    def __init__(self, status: int, detail: str, retry_after: float | None = None) -> None:
        super().__init__(f"{detail} ({status})")
        self.status = status
        self.retry_after = retry_after


class Client(Protocol):
    """What both kinds do. A client may be used from several threads at once."""

    def ask(
        self, message: str, *, conversation_id: str | None = None, mode: Mode | None = None
    ) -> wire.ChatReply:
        """The reply to one message."""
        ...

    def search(self, messages: Sequence[str], k: int) -> list[wire.FoundPassage]:
        """The k passages that come nearest to the last of a user's messages, best first."""
        ...

    def sources(self) -> list[wire.SourceSummary]:
        """What is indexed."""
        ...

    def source(self, id: str) -> wire.SourceText:
        """One announcement with its text. Raises NotFound."""
        ...

    def generation(self) -> int | None:
        """The number of the index generation that answers."""
        ...


class LocalClient:
    """Asks an assistant in this process."""

    def __init__(self, assistant: AssistantLike) -> None:
        self._assistant = assistant

    def ask(
        self, message: str, *, conversation_id: str | None = None, mode: Mode | None = None
    ) -> wire.ChatReply:
        return wire.chat_reply(self._assistant.ask(message, conversation_id=conversation_id, mode=mode))

    def search(self, messages: Sequence[str], k: int) -> list[wire.FoundPassage]:
        said = [Message("user", message) for message in messages]
        return wire.search_reply(self._assistant.search(said, k)).passages

    def sources(self) -> list[wire.SourceSummary]:
        return wire.source_list(self._assistant.sources()).sources

    def source(self, id: str) -> wire.SourceText:
        return wire.source_text(self._assistant.source(id))

    def generation(self) -> int | None:
        return self._assistant.generation


class ServiceClient:
    """Asks a service over HTTP.

    Every call raises ServiceUnreachable where nothing of Herald's comes back, and ServiceRefused for
    an error that the service itself reports.
    """

    def __init__(self, url: str, *, api_key: str | None = None, seconds: float = SECONDS) -> None:
        headers = {} if api_key is None else {"authorization": f"Bearer {api_key}"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=seconds)

    def ask(
        self, message: str, *, conversation_id: str | None = None, mode: Mode | None = None
    ) -> wire.ChatReply:
        request = wire.ChatRequest(message=message, conversation_id=conversation_id, mode=mode)
        return self._send(wire.ChatReply, "POST", "/v1/chat", request)

    def search(self, messages: Sequence[str], k: int) -> list[wire.FoundPassage]:
        said = [wire.SearchMessage(role="user", content=message) for message in messages]
        return self._send(
            wire.SearchReply, "POST", "/v1/search", wire.SearchRequest(messages=said, k=k)
        ).passages

    def sources(self) -> list[wire.SourceSummary]:
        return self._send(wire.SourceList, "GET", "/v1/sources").sources

    def source(self, id: str) -> wire.SourceText:
        try:
            return self._send(wire.SourceText, "GET", f"/v1/sources/{quote(id, safe='')}")
        except ServiceRefused as error:
            if error.status == httpx.codes.NOT_FOUND:
                raise NotFound("source", id) from error
            raise

    def generation(self) -> int | None:
        return self._send(wire.Health, "GET", "/readyz").generation

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, shape: type[Shape], method: str, path: str, body: BaseModel | None = None) -> Shape:
        try:
            response = self._http.request(
                method, path, json=None if body is None else body.model_dump(mode="json")
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServiceUnreachable(f"{self._http.base_url}: {error or type(error).__name__}") from error
        if response.status_code != httpx.codes.OK:
            raise _refusal(response)
        try:
            return shape.model_validate_json(response.content)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "the body"
            raise ServiceUnreachable(
                f"{response.url} is no service of Herald's: {where}: {error.errors()[0]['msg']}"
            ) from error


def _refusal(response: httpx.Response) -> ServiceRefused:
    """The problem document (RFC 9457) behind an error, or what HTTP alone says."""
    try:
        problem = response.json()
        detail = str(problem.get("detail") or problem.get("title") or "")
    except (ValueError, AttributeError):
        detail = ""
    after = response.headers.get("retry-after", "")
    return ServiceRefused(
        response.status_code,
        detail or response.reason_phrase,
        float(after) if after.isascii() and after.isdigit() else None,
    )
