"""The edge of the service: sizes, origins, headers, and whoever leaves early."""

from collections.abc import Iterator

import pytest
from application import client_of

ORIGIN = "https://www.example.org"


def chunks(size: int) -> Iterator[bytes]:
    """A body without a length before it."""
    yield b'{"message": "'
    for _ in range(size // 1024):
        yield b"x" * 1024
    yield b'"}'


def test_a_body_may_be_as_large_as_the_limit() -> None:
    with client_of(body_limit=2_048, message_limit=5_000) as client:
        body = b'{"message": "' + b"x" * (2_048 - 15) + b'"}'
        assert len(body) == 2_048
        headers = {"content-type": "application/json"}
        assert client.post("/v1/chat", content=body, headers=headers).status_code == 200
        assert client.post("/v1/chat", content=body + b" ", headers=headers).status_code == 413


def test_a_body_that_does_not_say_its_size_is_cut_off() -> None:
    with client_of(body_limit=4_096) as client:
        headers = {"content-type": "application/json"}
        response = client.post("/v1/chat", content=chunks(100_000), headers=headers)
    assert response.status_code == 413
    assert response.json()["detail"] == "the body is larger than 4096 bytes"


@pytest.mark.parametrize("length", ["-1", "1e9", "x", "9" * 30])
def test_a_length_that_lies_opens_nothing(length: str) -> None:
    with client_of(body_limit=4_096) as client:
        headers = {"content-type": "application/json", "content-length": length}
        response = client.post("/v1/chat", content=b'{"message": "budget"}' + b" " * 5_000, headers=headers)
    assert response.status_code == 413


def test_without_listed_origins_no_other_page_may_read() -> None:
    with client_of() as client:
        asked = client.options("/v1/chat", headers=preflight(ORIGIN))
        read = client.get("/v1/sources", headers={"origin": ORIGIN})
    assert asked.status_code == 405
    assert not [
        name for response in (asked, read) for name in response.headers if name.startswith("access-control")
    ]


def preflight(origin: str) -> dict[str, str]:
    return {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }


def test_a_listed_origin_may_read_and_another_may_not() -> None:
    with client_of(cors_origins=(ORIGIN,)) as client:
        allowed = client.options("/v1/chat", headers=preflight(ORIGIN))
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == ORIGIN
        assert (
            client.get("/v1/sources", headers={"origin": ORIGIN}).headers["access-control-allow-origin"]
            == ORIGIN
        )
        for other in (
            "https://evil.example",
            "https://www.example.org.evil.example",
            "http://www.example.org",
            "null",
        ):
            refused = client.options("/v1/chat", headers=preflight(other))
            assert refused.status_code == 400
            assert refused.headers["content-type"] == "application/problem+json"
            assert "access-control-allow-origin" not in refused.headers
            assert (
                "access-control-allow-origin"
                not in client.get("/v1/sources", headers={"origin": other}).headers
            )


def test_a_listed_page_can_read_errors_and_their_headers() -> None:
    with client_of(cors_origins=(ORIGIN,), rate_limit=1.0, rate_burst=1) as client:
        client.get("/v1/sources", headers={"origin": ORIGIN})
        refused = client.get("/v1/sources", headers={"origin": ORIGIN})
    assert refused.status_code == 429
    assert refused.headers["access-control-allow-origin"] == ORIGIN
    assert "retry-after" in refused.headers["access-control-expose-headers"].lower()


@pytest.mark.parametrize("path", ["/v1/sources", "/healthz", "/none", "/openapi.json"])
def test_a_browser_shown_an_api_response_does_nothing_with_it(path: str) -> None:
    with client_of() as client:
        headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


def test_the_page_lets_only_its_own_scripts_run() -> None:
    with client_of() as client:
        policy = client.get("/").headers["content-security-policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    assert directives["default-src"] in {"'none'", "'self'"}
    assert "unsafe" not in directives.get("script-src", "")


@pytest.mark.parametrize(
    "path",
    ["/../service/settings.py", "/%2e%2e/pyproject.toml", "/web/index.html", "/widget.js/", "//etc/passwd"],
)
def test_only_the_pages_own_files_are_served(path: str) -> None:
    with client_of() as client:
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
def test_no_page_loads_scripts_of_other_hosts(path: str) -> None:
    with client_of() as client:
        assert client.get(path).status_code == 404
