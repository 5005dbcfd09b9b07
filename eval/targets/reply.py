"""A reply of Herald's, as the wire has it, into the form that metrics read."""

from collections.abc import Callable
from threading import Lock

from eval.response import CONTEXT, Cited, Response, Status
from service import wire

FindSource = Callable[[str], wire.SourceText | None]
"""The source of an id; None where there is none."""


class KnownSources:
    """Sources as they were first found, each asked for once. May be called from several threads at once."""

    def __init__(self, find: FindSource) -> None:
        self._find = find
        self._known: dict[str, wire.SourceText | None] = {}
        self._lock = Lock()

    def __call__(self, id: str) -> wire.SourceText | None:
        with self._lock:
            if id not in self._known:
                self._known[id] = self._find(id)
            return self._known[id]


def response_of(reply: wire.ChatReply, seconds: float, find: FindSource) -> Response:
    """The reply with each quote held against its source."""
    refusal = reply.refusal
    return Response(
        status=Status(reply.status),
        text=reply.text,
        seconds=seconds,
        cites=True,
        citations=tuple(_cited(citation, find) for citation in reply.citations),
        nearest=tuple(c.quote for c in refusal.nearest) if refusal else (),
        confidence=reply.confidence,
        reason=refusal.reason.value if refusal else None,
        standalone_question=reply.standalone_question,
        withdrawn=reply.withdrawn,
    )


def _cited(citation: wire.Citation, find: FindSource) -> Cited:
    source = find(citation.source_id)
    start, end = citation.quote_start, citation.quote_end
    text = source.text if source is not None and source.sha256 == citation.source_sha256 else ""
    exact = bool(citation.quote) and text[start:end] == citation.quote
    return Cited(
        marker=citation.marker,
        answer_start=citation.answer_start,
        answer_end=citation.answer_end,
        source_id=citation.source_id,
        quote=citation.quote,
        start=start,
        end=end,
        exact=exact,
        before=text[max(0, start - CONTEXT) : start] if exact else "",
        after=text[end : end + CONTEXT] if exact else "",
        title=citation.title,
        published=citation.published,
    )
