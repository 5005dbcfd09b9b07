"""Any endpoint that speaks OpenAI's chat completions: a rival service, or a model with a prompt of its own.

Refusals are told by words, since such an endpoint has no field for them; the prompt that ships asks
for one word. Where the reply carries Herald's own citations, they are read as such.
"""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from eval.case import Case
from eval.errors import TargetFailed
from eval.response import Response, Status
from eval.targets.reply import KnownSources, response_of
from prompts.prompt import Prompt
from service import wire

REFUSAL = (
    r"^\W*NOT[ _]STATED\b|\b(?:does|do|did)(?:n['’]t| not) (?:say|state|mention|specify|provide|contain|include)"
    r"|\b(?:is|are|was|were)(?:n['’]t| not) (?:mentioned|stated|specified|provided|given|included)"
    r"|\bno (?:information|mention)\b|\b(?:cannot|can['’]t|could not|unable to) (?:answer|find|determine)"
    r"|언급(?:되지|하지|이 없)|나와 있지 않|답할 수 없|찾을 수 없|알 수 없"
)
"""What counts as a refusal unless another expression is given."""
SECONDS = 120.0
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds before a call that was answered with 429 or 5xx is made again."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, read and written, in a currency of the caller's."""

    read: float
    written: float


class CompletionTarget:
    """An endpoint at ``url`` (ending in ``/v1``). Without a prompt the conversation is sent as it is."""

    def __init__(
        self,
        url: str,
        model: str,
        *,
        prompt: Prompt | None = None,
        sources: Mapping[str, str] | None = None,
        api_key: str | None = None,
        refusal: str = REFUSAL,
        prices: Prices | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """``sources``: texts by id, for the prompt's slot; a case that names one gets that one alone."""
        headers = {} if api_key is None else {"authorization": f"Bearer {api_key}"}
        base = httpx.URL(url.rstrip("/") + "/")
        self._http = httpx.Client(base_url=base, headers=headers, timeout=SECONDS, transport=transport)
        self._url, self._model, self._prompt = url, model, prompt
        self._sources = dict(sources or {})
        self._refusal = re.compile(refusal, re.IGNORECASE)
        self._prices = prices
        self._find = KnownSources(self._source)

    def ask(self, case: Case) -> Response:
        said: list[dict[str, str]] = []
        for number, message in enumerate(case.messages):
            said.append({"role": "user", "content": self._worded(message, case) if number == 0 else message})
            body, seconds = self._complete(self._instructions() + said)
            text = _text(body)
            said.append({"role": "assistant", "content": text})
        return self._response(body, text, seconds)

    def description(self) -> dict[str, Any]:
        texts = "\0".join(part for source in sorted(self._sources.items()) for part in source)
        return {
            "kind": "completions",
            "where": self._url,
            "model": self._model,
            "prompt": self._prompt.version if self._prompt else None,
            "sources": f"{len(self._sources)}, sha256 {sha256(texts.encode()).hexdigest()[:16]}",
            "refusal": self._refusal.pattern,
        }

    def close(self) -> None:
        self._http.close()

    def _instructions(self) -> list[dict[str, str]]:
        return [{"role": "system", "content": self._prompt.system}] if self._prompt else []

    def _worded(self, message: str, case: Case) -> str:
        if self._prompt is None:
            return message
        texts = [self._sources[case.source]] if case.source in self._sources else self._sources.values()
        return self._prompt.fill(announcements="\n\n".join(texts), question=message).user

    def _complete(self, messages: Sequence[Mapping[str, str]]) -> tuple[dict[str, Any], float]:
        for pause in (*PAUSES, None):
            started = time.perf_counter()
            try:
                response = self._http.post(
                    "chat/completions", json={"model": self._model, "messages": messages}
                )
            except httpx.HTTPError as error:
                raise TargetFailed(f"{self._url}: {error or type(error).__name__}") from error
            busy = response.status_code == 429 or response.status_code >= 500
            if not busy or pause is None:
                break
            time.sleep(pause)
        if response.status_code != 200:
            raise TargetFailed(f"{self._url} answered with {response.status_code}: {response.text[:200]}")
        try:
            body = response.json()
        except ValueError as error:
            raise TargetFailed(f"{self._url} answered with something that is no JSON") from error
        if not isinstance(body, dict):
            raise TargetFailed(f"{self._url} answered with something that is no completion")
        return body, time.perf_counter() - started

    def _response(self, body: dict[str, Any], text: str, seconds: float) -> Response:
        own = body["choices"][0]["message"].get("herald")
        if own is not None:
            try:
                reply = wire.ChatReply.model_validate(own)
            except ValidationError as error:
                raise TargetFailed(f"{self._url}: what it says of its citations cannot be read") from error
            response = response_of(reply, seconds, self._find)
        else:
            refused = not text.strip() or self._refusal.search(text)
            response = Response(Status.REFUSED if refused else Status.ANSWERED, text.strip(), seconds)
        return replace(response, model=str(body.get("model") or self._model), **self._expense(body))

    def _source(self, id: str) -> wire.SourceText | None:
        """The source that a Herald cites, from beside its completions."""
        try:
            response = self._http.get(f"sources/{quote(id, safe='')}")
            if response.status_code == httpx.codes.NOT_FOUND:
                return None
            return wire.SourceText.model_validate_json(response.raise_for_status().content)
        except (httpx.HTTPError, ValidationError) as error:
            raise TargetFailed(
                f"{self._url}: the source {id!r} that it cites cannot be read: {error}"
            ) from error

    def _expense(self, body: Mapping[str, Any]) -> dict[str, Any]:
        usage = body.get("usage")
        if not isinstance(usage, dict):
            return {}
        read, written = usage.get("prompt_tokens"), usage.get("completion_tokens")
        if not isinstance(read, int) or not isinstance(written, int):
            return {}
        found: dict[str, Any] = {"tokens_in": read, "tokens_out": written}
        if self._prices:
            found["cost"] = (read * self._prices.read + written * self._prices.written) / 1e6
        return found


def _text(body: Mapping[str, Any]) -> str:
    try:
        content = body["choices"][0]["message"]["content"]
    except (LookupError, TypeError) as error:
        raise TargetFailed("the completion holds no message") from error
    if not isinstance(content, str | None):
        raise TargetFailed("the completion's message is no text")
    return content or ""
