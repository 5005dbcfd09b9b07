"""A small Herald that speaks the wire contract, for tests of the page and the widget.

It answers by keyword (``REPLIES``) from three announcements of its own, streams like the real service, and
breaks, refuses and limits on demand. Its documents are built with ``service.wire``, so that
they have the contract's shape. ``serve`` runs it, or any application, on a free port of this machine.
"""

import asyncio
import contextlib
import hashlib
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from service.channels.page import static_files, static_response
from service.wire import ChatReply, ChatRequest, Citation, FeedbackRequest, RefusalDetail, SentenceEvent

HARBOUR = """\
🚢 The Port of Orrin opens its rebuilt east quay on 3 May 2027. The work took four years.

## What it costs

The rebuilding cost 184.5 million crowns, 6% less than planned. The city paid 60 million crowns of it;
the harbour authority and a loan paid the rest.

- Berths: 14, of which 3 have shore power.
- Cranes: 5, all electric ⚡️ and quieter than those before.

## Who may use it

Fishing boats moor free of charge until the end of 2028. “Nobody who fishes here should lose by the
building site,” said the harbour master, Ines Falk. مرحبا بكم في الميناء.

<script>alert('announcement')</script> <img src=x onerror="alert('announcement')"> is how a page would be written.

## Noise and traffic

Lorries reach the quay by the new ring road only. Between 22:00 and 6:00 nothing is loaded. The authority
measures noise at four houses and publishes the values every month.

## The next step

The west quay follows in 2029, if the council agrees. A decision is expected in the autumn of 2027.
"""

LIBRARY = """\
오린시립도서관이 2027년 3월 2일 다시 문을 엽니다. 공사에는 2년이 걸렸습니다.

새 도서관의 좌석은 모두 640석이며, 이 가운데 120석은 어린이 자리입니다. 평일에는 밤 10시까지 엽니다.
"""

BRIDGE = """\
The Lindholm bridge closes to traffic from 9 to 12 June 2027. Its joints are replaced. Buses of line 4 turn round at the market.
"""

SLOW = 0.6
"""Seconds that a slow answer takes, enough to see what is shown meanwhile."""


@dataclass(frozen=True)
class Document:
    """An announcement of the fake's, as ``/v1/sources/{id}`` sends it."""

    id: str
    title: str
    text: str
    language: str = "en"
    issuer: str | None = "Port of Orrin"
    published: str | None = "2027-04-20"
    url: str | None = "https://port.example/news/east-quay"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def summary(self) -> dict[str, object]:
        return {
            "id": self.id,
            "sha256": self.sha256,
            "title": self.title,
            "language": self.language,
            "characters": len(self.text),
            "issuer": self.issuer,
            "published": self.published,
            "url": self.url,
        }

    def cite(self, quote: str, *, figure: str = "", marker: int = 1, url: str | None = None) -> Citation:
        """A citation of the quote's first occurrence; its answer span is set by ``answered``."""
        start = self.text.index(quote)
        at = quote.index(figure) if figure else None
        return Citation(
            marker=marker,
            answer_start=0,
            answer_end=0,
            source_id=self.id,
            source_sha256=self.sha256,
            quote=quote,
            quote_start=start,
            quote_end=start + len(quote),
            title=self.title,
            url=url or (f"{self.url}#:~:text=The%20rebuilding" if self.url else None),
            published=self.published,  # type: ignore[arg-type]
            highlight_start=at,
            highlight_end=None if at is None else at + len(figure),
        )


QUAY = Document("east/quay 1", "East quay of the Port of Orrin opens", HARBOUR)
DOCUMENTS = (
    QUAY,
    Document("library", "시립도서관, 3월 2일 재개관", LIBRARY, "ko", "오린시", "2027-02-11", "https://orrin.example/ko/library"),
    Document("bridge", "Lindholm bridge closed in June", BRIDGE, "en", "City of Orrin", "2027-05-28", None),
)  # fmt: skip

COST = "The rebuilding cost 184.5 million crowns, 6% less than planned."
PAID = "The city paid 60 million crowns of it;\nthe harbour authority and a loan paid the rest."
CRANES = "Cranes: 5, all electric ⚡️ and quieter than those before."
MARKUP = """<img src=x onerror="alert('announcement')"> is how a page would be written."""
SEATS = "새 도서관의 좌석은 모두 640석이며, 이 가운데 120석은 어린이 자리입니다."


def answered(*sentences: tuple[str, Citation], **more: object) -> ChatReply:
    """An answer of these sentences, each proven by its citation."""
    text, citations = "", []
    for sentence, citation in sentences:
        text += " " if text else ""
        span = {"answer_start": len(text), "answer_end": len(text) + len(sentence)}
        citations.append(citation.model_copy(update=span))
        text += sentence
    return _reply("answered", text, citations=citations, **more)


def refused(text: str, reason: str, *nearest: Citation) -> ChatReply:
    return _reply("refused", text, refusal=RefusalDetail(reason=reason, nearest=list(nearest)))  # type: ignore[arg-type]


def _reply(status: str, text: str, **more: object) -> ChatReply:
    fields = {"mode": "verbatim", "confidence": 0.9, "citations": []} | more
    known = {"id": "", "conversation_id": "", "standalone_question": "", "status": status, "text": text}
    return ChatReply.model_validate(known | fields)


def _cost() -> ChatReply:
    paid = "The city paid 60 million crowns of it; the harbour authority and a loan paid the rest."
    return answered(
        (COST, QUAY.cite(COST, figure="184.5 million crowns")),
        (paid, QUAY.cite(PAID, figure="60 million crowns", marker=2)),
    )


def _nearest() -> ChatReply:
    return refused(
        "The announcements do not say what parking at the quay costs.",
        "not_in_announcements",
        QUAY.cite("Lorries reach the quay by the new ring road only."),
        QUAY.cite("Fishing boats moor free of charge until the end of 2028.", marker=2),
    )


def _which() -> ChatReply:
    readings = ["When does the east quay open?", "When does the west quay follow?"]
    detail = RefusalDetail(reason="ambiguous", nearest=[QUAY.cite("The work took four years.")], readings=readings)  # type: ignore[arg-type]  # fmt: skip
    return _reply("clarify", "The announcements name two dates. Which do you mean?", refusal=detail)


def _hostile() -> ChatReply:
    text = "<b>Bold</b> <script>alert('answer')</script> <img src=x onerror=\"alert('answer')\">"
    citation = QUAY.cite(MARKUP, url="javascript:alert('url')")
    return answered((text, citation.model_copy(update={"title": "<i>Title</i> <script>alert(1)</script>"})))


def _follow() -> ChatReply:
    return answered(
        (CRANES, QUAY.cite(CRANES, figure="5")), standalone_question="How many cranes has the east quay?"
    )


def _generated() -> ChatReply:
    text = "It cost 184.5 million crowns, of which the city paid 60 million."
    first = answered((text, QUAY.cite(COST, figure="184.5 million crowns")), mode="generated", withdrawn=1)
    second = QUAY.cite(PAID, figure="60 million crowns", marker=2)
    both = [*first.citations, second.model_copy(update={"answer_start": 0, "answer_end": len(text)})]
    return first.model_copy(update={"citations": both})


REPLIES: dict[str, Callable[[], ChatReply]] = {
    "generated": _generated,
    "parking": _nearest,
    "script": _hostile,
    "cost": _cost,
    "open?": lambda: answered(
        ("The Port of Orrin opens its rebuilt east quay on 3 May 2027.",
         QUAY.cite("The Port of Orrin opens its rebuilt east quay on 3 May 2027.", figure="3 May 2027"))
    ),
    "when": _which,
    "cranes": _follow,
    "bridge": lambda: answered(("Its joints are replaced.", DOCUMENTS[2].cite("Its joints are replaced."))),
    "좌석": lambda: answered((SEATS, DOCUMENTS[1].cite(SEATS, figure="640석"))),
    "주차": lambda: refused("발표 자료에는 주차 요금이 나와 있지 않습니다.", "not_in_announcements",
                          DOCUMENTS[1].cite("평일에는 밤 10시까지 엽니다.")),
    "weather": lambda: refused("I answer questions about the announcements only.", "out_of_scope"),
}  # fmt: skip
"""What is answered, by the first of these words that the question holds; otherwise ``_nearest``."""


@dataclass
class FakeService:
    """The service's state, which tests read and change while it runs."""

    documents: list[Document] = field(default_factory=lambda: [QUAY])
    suggestions: list[str] | None = field(
        default_factory=lambda: [
            "What did the rebuilding cost?",
            "When does the quay open?",
            "How many cranes are there?",
        ]
    )
    origins: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    tokens_issued: int = 0
    fail_once: set[str] = field(default_factory=lambda: {"broken", "failing", "busy", "flaky"})
    feedback: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    asked: list[dict[str, object]] = field(default_factory=list)
    conversations: dict[str, list[str]] = field(default_factory=dict)
    pace: float = 0.01

    def reset(self) -> None:
        origins = self.origins
        self.__dict__.update(FakeService().__dict__)
        self.origins = origins

    def application(self) -> ASGIApp:
        routes = [
            Route("/v1/chat", self.chat, methods=["POST"]),
            Route("/v1/sources", self.list_sources),
            Route("/v1/sources/{id:path}", self.source),
            Route("/v1/suggestions", self.suggest),
            Route("/v1/conversations/{id}", self.conversation),
            Route("/v1/answers/{id}/feedback", self.rate, methods=["POST"]),
            Route("/v1/widget/token", self.issue, methods=["POST"]),
            Route("/{path:path}", self.file),
        ]
        return Cors(Starlette(routes=routes), self)

    # ---- the calls

    async def file(self, request: Request) -> Response:
        found = static_files().get(request.url.path)
        return static_response(found, request) if found else problem(404, "no such page")

    async def list_sources(self, request: Request) -> Response:
        return self.refuse(request) or JSONResponse({"sources": [d.summary() for d in self.documents]})

    async def source(self, request: Request) -> Response:
        found = next((d for d in self.documents if d.id == request.path_params["id"]), None)
        if found is None:
            return problem(404, "no such source")
        return self.refuse(request) or JSONResponse({**found.summary(), "text": found.text})

    async def suggest(self, request: Request) -> Response:
        if self.suggestions is None:
            return problem(404, "no such call")
        return self.refuse(request) or JSONResponse({"questions": self.suggestions})

    async def conversation(self, request: Request) -> Response:
        id = request.path_params["id"]
        turns = self.conversations.get(id)
        return (
            problem(404, "no such conversation")
            if turns is None
            else JSONResponse({"id": id, "turns": turns})
        )

    async def rate(self, request: Request) -> Response:
        document = FeedbackRequest.model_validate(await request.json()).model_dump(mode="json")
        if self.fails("flaky", document["comment"] or ""):
            return problem(503, "the store is busy")
        self.feedback.append((request.path_params["id"], document))
        return JSONResponse({"id": request.path_params["id"], **document})

    async def issue(self, request: Request) -> Response:
        if request.headers.get("origin") not in self.origins:
            return problem(403, "this origin is not listed", {"Access-Control-Allow-Origin": "*"})
        self.tokens_issued += 1
        token = f"token-{self.tokens_issued}"
        self.tokens.add(token)
        return JSONResponse({"token": token, "expires_in": 300})

    async def chat(self, request: Request) -> Response:
        if refusal := self.refuse(request):
            return refusal
        asked = ChatRequest.model_validate(await request.json())
        self.asked.append(asked.model_dump(mode="json"))
        if asked.conversation_id is not None and asked.conversation_id not in self.conversations:
            return problem(404, f"no conversation with the id {asked.conversation_id!r}")
        if self.fails("busy", asked.message):
            return problem(429, "too many requests", {"Retry-After": "1"})
        if len(asked.message) > 2000:
            return problem(422, "The message has 2001 characters; 2000 are allowed.")
        reply = self.reply(asked)
        if not asked.stream or "plain" in asked.message:
            return JSONResponse(reply.model_dump(mode="json"))
        events = self.events(reply, asked.message)
        return StreamingResponse(
            events, media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    # ---- what they do

    def refuse(self, request: Request) -> Response | None:
        """Pages of other origins need a token that is good; this service's own page does not."""
        foreign = request.headers.get("origin") in self.origins
        if foreign and request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return problem(401, "a token is required")
        return None

    def fails(self, word: str, message: str) -> bool:
        if word not in message or word not in self.fail_once:
            return False
        self.fail_once.discard(word)
        return True

    def reply(self, asked: ChatRequest) -> ChatReply:
        make = next((make for word, make in REPLIES.items() if word in asked.message.lower()), _nearest)
        conversation = asked.conversation_id or f"cnv_{len(self.conversations)}"
        self.conversations.setdefault(conversation, []).append(asked.message)
        reply = make()
        known = {"id": f"ans_{len(self.asked)}", "conversation_id": conversation}
        return reply.model_copy(
            update=known | {"standalone_question": reply.standalone_question or asked.message}
        )

    async def events(self, reply: ChatReply, message: str) -> AsyncIterator[bytes]:
        yield b": here\r\n\r\n"
        yield event("status", {"text": "Searching the announcements"})
        await asyncio.sleep(SLOW if "slow" in message else self.pace)
        if self.fails("failing", message):
            yield event(
                "error", {"title": "Unavailable", "status": 503, "detail": "the index is being rebuilt"}
            )
            return
        yield event("status", {"text": "Checking every sentence"})
        for citation in {c.answer_end: c for c in reply.citations}.values():
            start, end = citation.answer_start, citation.answer_end
            cited = [c for c in reply.citations if c.answer_end == end]
            sentence = SentenceEvent(text=reply.text[start:end], answer_start=start, citations=cited)
            block = event("sentence", sentence.model_dump(mode="json"))
            # In two pieces, cut within a character where there is one: the client has to join them.
            for part in (block[: len(block) // 2], block[len(block) // 2 :]):
                yield part
                await asyncio.sleep(SLOW / 2 if "slow" in message else self.pace)
            if self.fails("broken", message):
                return
        yield event("done", reply.model_dump(mode="json"))


def event(type: str, document: object) -> bytes:
    return f"event: {type}\r\ndata: {json.dumps(document, ensure_ascii=False)}\r\n\r\n".encode()


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    document = {"type": "about:blank", "title": "Problem", "status": status, "detail": detail, "code": "fake"}
    return JSONResponse(document, status, headers, "application/problem+json")


class Cors:
    """Lets the origins in that the service lists at the time of the request."""

    def __init__(self, app: ASGIApp, service: FakeService) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        allowed = CORSMiddleware(
            self._app,
            allow_origins=self._service.origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After"],
        )
        return await allowed(scope, receive, send)


@contextlib.contextmanager
def serve(application: ASGIApp) -> Iterator[str]:
    """Run the application on a free port; yields its address, without a slash at its end."""
    config = uvicorn.Config(
        application, host="127.0.0.1", port=0, log_level="error", lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError("the server did not start")
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
