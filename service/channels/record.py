"""What log and metrics keep of a reply, whichever channel it went out by."""

from collections import Counter

from starlette.requests import Request

from service.answer import Answer, Clarification
from service.conversation import Turn
from service.metrics import Metrics


def record_turn(request: Request, metrics: Metrics, turn: Turn) -> None:
    """Count the reply, and add what it was to the request's log line. Nothing that was said is kept."""
    reply = turn.reply
    metrics.reply(reply)
    log: dict[str, object] = request.state.log
    log |= {
        "answer": turn.id,
        "reply": type(reply).__name__.lower(),
        "confidence": round(reply.confidence, 4),
    }
    if not isinstance(reply, Answer | Clarification):
        log["reason"] = reply.reason.value
    if isinstance(reply, Answer) and (generation := reply.generation) is not None:
        log |= {
            "mode": reply.mode.value,
            "model": generation.model,
            "prompts": generation.prompts,
            "withdrawn": Counter(withdrawal.reason for withdrawal in generation.withdrawn),
        }
        if generation.fallback is not None:
            log["fallback"] = generation.fallback.value
