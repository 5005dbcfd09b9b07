"""The application over the fakes, as a client in this process sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

from fake_assistant import FakeAssistant, MemoryConversations
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import Settings

KEY = "a-long-random-key"
OTHER_KEY = "another-long-random-key"


@contextmanager
def client_of(
    assistant: FakeAssistant | None = None, *, address: str = "198.51.100.1", **settings: object
) -> Iterator[TestClient]:
    """A client at ``address`` of an application with these settings; no rate limit unless one is given."""
    assistant = assistant or FakeAssistant(MemoryConversations())
    app = create_app(assistant, assistant.conversations, Settings(**{"rate_limit": 0.0, **settings}))  # type: ignore[arg-type]
    with TestClient(app, client=(address, 50_000)) as client:
        yield client


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}
