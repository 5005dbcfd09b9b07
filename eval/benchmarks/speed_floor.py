"""The floors: what no answer over HTTP can be quicker than on this machine.

One bare pass of the encoder over a question, and one request to a server that does nothing: without any
framework, and as a FastAPI endpoint that reads a body and returns one.
"""

import sys
import time
from pathlib import Path
from typing import Any

from eval.benchmarks.speed_corpus import questions
from eval.benchmarks.speed_load import latencies, rate
from eval.benchmarks.speed_samples import Samples, percentile
from eval.benchmarks.speed_server import HOST, chat, free_port, module, running

BARE, ENDPOINT = "bare HTTP", "trivial FastAPI endpoint"
ENCODER = "one encoder pass"
ASKED = 200
AT_ONCE = 4_000
CLIENTS = 8


def measure(index: Path, samples: Samples) -> None:
    """One run of each floor. ``index`` is any index: its encoder is taken."""
    from indexer.index import open_current_encoder

    encoder = open_current_encoder(index)
    taken = []
    for question in questions(ASKED, 1_000):
        began = time.perf_counter()
        encoder.encode_question(question)
        taken.append(time.perf_counter() - began)
    samples.add("pass", ENCODER, 0, percentile(taken, 0.5))
    request = chat(questions(1, 1_000)[0])
    for whom, kind in ((BARE, "bare"), (ENDPOINT, "endpoint")):
        port = free_port()
        with running(module("speed_floor", kind, port), port, request, {}):
            samples.add("request p50", whom, 0, percentile(latencies(HOST, port, [request] * ASKED), 0.5))
            samples.add("rate", whom, 0, rate(HOST, port, [request] * AT_ONCE, CLIENTS))


def serve(kind: str, port: int) -> None:
    """Serve nothing, as quickly as uvicorn can."""
    import uvicorn

    uvicorn.run(
        _bare if kind == "bare" else _endpoint(),
        host=HOST,
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        lifespan="off",
    )


async def _bare(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 - ASGI's own arguments
    headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


def _endpoint() -> Any:
    from fastapi import FastAPI
    from pydantic import BaseModel

    class Body(BaseModel):
        message: str
        mode: str | None = None

    app = FastAPI()

    @app.post("/v1/chat")
    async def echo(body: Body) -> Body:
        return body

    return app


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
