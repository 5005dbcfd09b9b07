"""OpenAI's chat completions as Herald speaks them: a request read, a turn written, an error written.

The shapes are those of OpenAI's API reference for `POST /v1/chat/completions`. What a request demands
and Herald does not do (an image read, a tool called, several choices, JSON) is refused; what merely
tunes or allows something (temperature, max_tokens, a seed, tools on offer, …) is ignored, as compatible
servers do.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service import wire
from service.answer import Mode
from service.answering.assistant import Message
from service.channels.marked import Marked, mark
from service.channels.problem import Problem
from service.conversation import Turn
from service.errors import NotFound, RequestInvalid
from service.uri import source_uri

MODELS: dict[str, Mode | None] = {
    "herald": None,
    "herald-verbatim": Mode.VERBATIM,
    "herald-generated": Mode.GENERATED,
}
"""The models on offer, and the mode that each asks the assistant for."""

WORD = re.compile(r"\w+|[^\w\s]")

Json = dict[str, Any]


class Lenient(BaseModel):
    """A shape of OpenAI's: fields that Herald has no use for are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class ChatMessage(Lenient):
    """One message. Only the user's count and have their content looked at: no other changes anything."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: object = None


class StreamOptions(Lenient):
    """How a stream is to be sent."""

    include_usage: bool | None = None


class ResponseFormat(Lenient):
    """The form that the answer is to have."""

    type: str


class CompletionRequest(Lenient):
    """What a client sends."""

    model: str
    messages: list[ChatMessage] = Field(min_length=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    tool_choice: object = None
    function_call: object = None
    response_format: ResponseFormat | None = None
    modalities: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the assistant is asked it."""

    model: str
    message: str
    history: tuple[Message, ...]
    stream: bool
    include_usage: bool

    @property
    def mode(self) -> Mode | None:
        return MODELS[self.model]


def asked_of(request: CompletionRequest, message_limit: int) -> Asked:
    """The question and the user's messages before it.

    Raises NotFound for another model, RequestInvalid for what Herald does not do.
    """
    if request.model not in MODELS:
        raise NotFound("model", request.model)
    flaws = _unsupported(request)
    if flaws:
        raise RequestInvalid(flaws)
    spoken = [(at, m) for at, m in enumerate(request.messages) if m.role in {"user", "assistant"}]
    if not spoken or spoken[-1][1].role != "user":
        raise RequestInvalid([("/messages", "the last of them must be the user's")])
    at, last = spoken[-1]
    message = _text(last.content)
    if message is None:
        raise RequestInvalid([(f"/messages/{at}/content", "Herald reads text only")])
    if len(message) > message_limit:
        why = f"{len(message)} characters long; at most {message_limit} are allowed"
        raise RequestInvalid([(f"/messages/{at}/content", why)])
    texts = [_text(m.content) or "" for _, m in spoken[:-1] if m.role == "user"]
    # What could not have been asked was not answered either: nothing that follows can lean on it.
    earlier = [t for t in texts if t.strip() and "\0" not in t and len(t) <= message_limit]
    return Asked(
        model=request.model,
        message=message,
        history=tuple(Message("user", text) for text in earlier),
        stream=bool(request.stream),
        include_usage=bool(request.stream_options and request.stream_options.include_usage),
    )


def _unsupported(request: CompletionRequest) -> list[tuple[str, str]]:
    flaws = []
    if request.n not in {None, 1}:
        flaws.append(("/n", "there is one answer to a question: n must be 1"))
    demanded = {"tool_choice": request.tool_choice, "function_call": request.function_call}
    flaws += [
        (f"/{name}", "Herald calls no tools")
        for name, choice in demanded.items()
        # Tools that may be called need not be; these are the two ways of saying that one must.
        if choice == "required" or isinstance(choice, dict)
    ]
    if request.response_format and request.response_format.type != "text":
        flaws.append(("/response_format", "Herald answers in text; its citations are in the field herald"))
    if set(request.modalities or ()) - {"text"}:
        flaws.append(("/modalities", "Herald answers in text"))
    return flaws


def _text(content: object) -> str | None:
    """The text of a user's message, a string or a list of parts; None where it is more than text."""
    if content is None or isinstance(content, str):
        return content or ""
    texts = []
    for part in content if isinstance(content, list) else [content]:
        match part:
            case {"type": "text", "text": str(text)}:
                texts.append(text)
            case _:
                return None
    return "\n".join(texts)


def completion_id(turn_id: str) -> str:
    return f"chatcmpl-{turn_id}"


def completion(turn: Turn, asked: Asked) -> Json:
    """A turn as a `chat.completion`."""
    reply = wire.chat_reply(turn)
    marked = mark(reply.text, reply.citations)
    message = {"role": "assistant", "content": marked.text, "refusal": None, **beside(reply, marked)}
    return {
        "id": completion_id(turn.id),
        "object": "chat.completion",
        "created": int(turn.asked_at.timestamp()),
        "model": asked.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": usage(asked, marked.text),
    }


def beside(reply: wire.ChatReply, marked: Marked) -> Json:
    """What stands beside a message's content: its annotations, and the reply as the contract has it."""
    return {"annotations": annotations(reply.citations, marked), "herald": reply.model_dump(mode="json")}


def annotations(citations: Sequence[wire.Citation], marked: Marked) -> list[Json]:
    """One `url_citation` a citation, in the same order: where the sentence that it proves stands.

    Both indices count code points of the message's content, the end one past the last.
    """
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": start,
                "end_index": end,
                "title": citation.title,
                "url": citation.url
                or source_uri(citation.source_id, citation.quote_start, citation.quote_end),
            },
        }
        for citation, (start, end) in zip(citations, marked.spans, strict=True)
    ]


def usage(asked: Asked, content: str) -> Json:
    """How long the question and the answer are, in words and punctuation marks.

    Most answers cost no language model a token; a length is what there is to say of all of them.
    """
    prompt = sum(_words(text) for text in (asked.message, *(message.content for message in asked.history)))
    reply = _words(content)
    return {"prompt_tokens": prompt, "completion_tokens": reply, "total_tokens": prompt + reply}


def _words(text: str) -> int:
    return sum(1 for _ in WORD.finditer(text))


def model_list(ids: Iterable[str], created: int) -> Json:
    """The models on offer."""
    return {"object": "list", "data": [model_of(id, created) for id in ids]}


def model_of(id: str, created: int) -> Json:
    """One model. Raises NotFound."""
    if id not in MODELS:
        raise NotFound("model", id)
    return {"id": id, "object": "model", "created": created, "owned_by": "herald"}


CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
TYPES = {429: "rate_limit_error"}


def error_of(document: Problem) -> tuple[int, Json]:
    """A problem's HTTP status and body, as OpenAI's clients expect them."""
    # OpenAI's clients know one status for a request that is wrong, whatever is wrong with it.
    status = 400 if document.status == 422 else document.status
    kind = TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    param = _param(document.errors[0].pointer) if document.errors else None
    code = CODES.get(status, document.code)
    return status, {"error": {"message": document.detail, "type": kind, "param": param, "code": code}}


def _param(pointer: str) -> str | None:
    """A JSON pointer as OpenAI names a parameter: `/messages/0/content` as `messages[0].content`."""
    return re.sub(r"/(\d+)", r"[\1]", pointer).replace("/", ".").lstrip(".") or None
