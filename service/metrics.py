"""What is measured while serving, in Prometheus's form. Each application has a registry of its own."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from service.answer import Answer, Clarification, Refusal, Reply

CONTENT_TYPE = CONTENT_TYPE_LATEST
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counters of one application. ``generation`` tells which index generation is served."""

    def __init__(self, generation: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "herald_requests", "Requests answered", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "herald_request_seconds",
            "Time from a request's headers to its response's end",
            ("route",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._replies = Counter(
            "herald_replies", "Replies to questions", ("status", "reason"), registry=self._registry
        )
        self._withdrawn = Counter(
            "herald_withdrawn_sentences",
            "Sentences withdrawn because their quotes do not prove them",
            ("reason",),
            registry=self._registry,
        )
        self._fallbacks = Counter(
            "herald_fallbacks",
            "Answers that were to be generated and are verbatim, or end early",
            ("reason",),
            registry=self._registry,
        )
        self.in_flight = Gauge(
            "herald_requests_in_flight", "Requests being answered", registry=self._registry
        )
        served = Gauge(
            "herald_index_generation", "The index generation being served", registry=self._registry
        )
        served.set_function(generation)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request. ``route`` is a template or a fixed name, so that labels stay few."""
        self._requests.labels(method if method in METHODS else "OTHER", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def reply(self, reply: Reply) -> None:
        match reply:
            case Answer():
                self._replies.labels("answered", "").inc()
            case Refusal():
                self._replies.labels("refused", reply.reason.value).inc()
            case Clarification():
                self._replies.labels("clarify", "ambiguous").inc()
        generation = reply.generation if isinstance(reply, Answer) else None
        if not isinstance(reply, Clarification) and reply.withdrawn:
            reasons = [] if generation is None else [w.reason for w in generation.withdrawn]
            for reason in reasons or ["unstated"] * reply.withdrawn:
                self._withdrawn.labels(reason).inc()
        if generation is not None and generation.fallback is not None:
            self._fallbacks.labels(generation.fallback.value).inc()

    def exposition(self) -> bytes:
        """All of it in Prometheus's text format."""
        return generate_latest(self._registry)
