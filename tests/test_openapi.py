"""The API as its description has it: whatever a client sends, no failure of ours and nothing undocumented."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from application import client_of
from fake_assistant import FakeAssistant, MemoryConversations
from fake_service import serve
from hypothesis import HealthCheck, given, settings

from service.app import create_app
from service.settings import Settings

ORIGIN = "https://www.example.org"


@pytest.fixture(scope="module")
def described() -> Iterator[Any]:
    """The description as a running service gives it."""
    assistant = FakeAssistant(MemoryConversations())
    app = create_app(assistant, assistant.conversations, Settings(rate_limit=0.0, widget_origins=(ORIGIN,)))
    with serve(app) as address:
        yield schemathesis.openapi.from_url(f"{address}/openapi.json")


def test_answers_as_described(described: Any) -> None:
    """Statuses, media types, headers and shapes are the described ones; bad input is refused, good input is not."""
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) >= 10
    for operation in operations:

        @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def answers(case: schemathesis.Case) -> None:
            assert case.call_and_validate().status_code < 500

        answers()


def test_every_call_of_the_contract_is_described() -> None:
    with client_of() as client:
        document = client.get("/openapi.json").json()
    calls = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert {
        "POST /v1/chat", "POST /v1/search", "GET /v1/sources", "GET /v1/sources/{id}", "GET /v1/conversations/{id}",
        "POST /v1/answers/{id}/feedback", "GET /v1/suggestions", "GET /healthz", "GET /readyz", "GET /metrics",
    } <= calls  # fmt: skip


def test_every_problem_is_a_problem_document() -> None:
    with client_of() as client:
        document = client.get("/openapi.json").json()
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"]


def test_a_key_is_described_where_there_is_one() -> None:
    with client_of(api_key_hashes=("0" * 64,)) as client:
        document = client.get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert document["paths"]["/v1/chat"]["post"]["security"] == [{"key": []}]
    assert "security" not in document["paths"]["/healthz"]["get"]
