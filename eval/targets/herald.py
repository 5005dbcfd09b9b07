"""Herald under test: over a client, in process or by URL, and each announcement in an index of its own."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from eval.case import Case
from eval.errors import TargetFailed
from eval.response import Response
from eval.targets.reply import KnownSources, response_of
from eval.targets.target import Target
from indexer.errors import HeraldError
from service import wire
from service.answer import Mode
from service.client import Client, ServiceRefused
from service.errors import NotFound

PASSAGES = 10
"""Passages that retrieval is asked for: nDCG looks at the first ten."""
TRIES = 8
"""Attempts at a service that asks to be left alone for a while."""
LONGEST_PAUSE = 30.0


class HeraldTarget:
    """Herald at a client. ``where`` names it in the run."""

    def __init__(
        self,
        client: Client,
        where: str,
        *,
        mode: Mode | None = None,
        versions: Mapping[str, Any] | None = None,
    ) -> None:
        """``versions``: whatever is known of it beyond what it says of itself."""
        self._client = client
        self._where = where
        self._mode = mode
        self._versions = dict(versions or {})
        self._find = KnownSources(self._source)

    def ask(self, case: Case) -> Response:
        try:
            return self._ask(case)
        except HeraldError as error:
            raise TargetFailed(str(error)) from error

    def _ask(self, case: Case) -> Response:
        conversation = None
        for message in case.messages:
            reply, seconds = self._reply(message, conversation)
            conversation = reply.conversation_id
        response = response_of(reply, seconds, self._find)
        if not case.sentences:
            return response
        found = self._client.search(case.messages, PASSAGES)
        return replace(response, passages=tuple(passage.text for passage in found))

    def _reply(self, message: str, conversation: str | None) -> tuple[wire.ChatReply, float]:
        """One reply, and the seconds that it took once the service let us in."""
        for attempt in range(1, TRIES + 1):
            started = time.perf_counter()
            try:
                reply = self._client.ask(message, conversation_id=conversation, mode=self._mode)
            except ServiceRefused as error:
                if error.retry_after is None or attempt == TRIES:
                    raise
                time.sleep(min(error.retry_after, LONGEST_PAUSE))
            else:
                return reply, time.perf_counter() - started
        raise AssertionError("the last attempt returns or raises")

    def _source(self, id: str) -> wire.SourceText | None:
        try:
            return self._client.source(id)
        except NotFound:
            return None

    def description(self) -> dict[str, Any]:
        try:
            sources = self._client.sources()
            generation = self._client.generation()
        except HeraldError as error:
            raise TargetFailed(str(error)) from error
        hashes = "".join(f"{s.id} {s.sha256}\n" for s in sources)
        return {
            "kind": "herald",
            "where": self._where,
            "mode": self._mode.value if self._mode else None,
            "generation": generation,
            "sources": f"{len(sources)}, sha256 {sha256(hashes.encode()).hexdigest()[:16]}",
            **self._versions,
        }


class EachAlone:
    """Asks each case of the one target that holds the announcement it is about."""

    def __init__(self, targets: Mapping[str, Target]) -> None:
        """``targets`` by the id of the announcement."""
        self._targets = dict(targets)

    def ask(self, case: Case) -> Response:
        target = self._targets.get(case.source or "")
        if target is None:
            raise TargetFailed(f"no source {case.source!r} was given for this case")
        return target.ask(case)

    def description(self) -> dict[str, Any]:
        each = {id: dict(target.description()) for id, target in sorted(self._targets.items())}
        shared = _alike(list(each.values()))
        own = {id: {k: v for k, v in told.items() if k not in shared} for id, told in each.items()}
        return {**shared, "alone": own}


def _alike(told: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What all descriptions have in common."""
    return {k: v for k, v in told[0].items() if all(k in other and other[k] == v for other in told[1:])}
