"""Rate limits: how many requests pass, whom they are counted for, and what a client over the limit is told."""

import pytest
from application import KEY, OTHER_KEY, bearer, client_of
from hypothesis import given
from hypothesis import strategies as st

from service.keys import hash_key
from service.limits import Bucket, RateLimiter, client_name, take

STEPS = st.lists(st.floats(-5.0, 60.0), min_size=1, max_size=60)


@given(steps=STEPS, rate=st.floats(0.01, 50.0), burst=st.integers(1, 20))
def test_no_more_pass_than_the_burst_and_what_time_brought(
    steps: list[float], rate: float, burst: int
) -> None:
    bucket, now, latest, passed = Bucket(burst, 0.0), 0.0, 0.0, 0
    for step in steps:
        now += step
        latest = max(latest, now)
        bucket, wait = take(bucket, now=now, rate=rate, burst=burst)
        passed += wait == 0.0
        assert passed <= burst + latest * rate + 1e-6
        assert 0.0 <= bucket.tokens <= burst
        assert wait <= 1.0 / rate + 1e-9


@given(rate=st.floats(0.01, 50.0), burst=st.integers(1, 20))
def test_after_the_wait_that_was_told_a_request_passes(rate: float, burst: int) -> None:
    bucket = Bucket(burst, 0.0)
    for _ in range(burst):
        bucket, wait = take(bucket, now=0.0, rate=rate, burst=burst)
        assert wait == 0.0
    bucket, wait = take(bucket, now=0.0, rate=rate, burst=burst)
    assert wait > 0.0
    _, wait = take(bucket, now=wait * 1.0001, rate=rate, burst=burst)
    assert wait == 0.0


def test_clients_do_not_use_up_each_others_limit() -> None:
    limiter = RateLimiter(per_minute=60, burst=2)
    assert [limiter.wait("a", 0.0) for _ in range(3)] == [0.0, 0.0, 1.0]
    assert limiter.wait("b", 0.0) == 0.0
    assert limiter.wait("a", 1.0) == 0.0


def test_no_limit_remembers_nobody() -> None:
    limiter = RateLimiter(per_minute=0, burst=1)
    assert not any(limiter.wait("a", 0.0) for _ in range(100))
    assert len(limiter) == 0


def test_only_so_many_clients_are_remembered() -> None:
    limiter = RateLimiter(per_minute=60, burst=1, most_clients=3)
    for number in range(100):
        limiter.wait(f"client {number}", 0.0)
    assert len(limiter) == 3
    assert limiter.wait("client 99", 0.0) > 0.0


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (None, "unknown"),
        ("not:an:address", "not:an:address"),
        ("x" * 1_000, "x" * 64),
    ],
)
def test_whom_a_request_is_counted_for(host: str | None, name: str) -> None:
    assert client_name(host) == name


def test_a_client_over_the_limit_is_told_when_to_come_back() -> None:
    with client_of(rate_limit=6.0, rate_burst=3) as client:
        statuses = [client.get("/v1/sources").status_code for _ in range(4)]
        refused = client.post("/v1/chat", json={"message": "budget?"})
    assert statuses == [200, 200, 200, 429]
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert 1 <= int(refused.headers["retry-after"]) <= 10
    assert refused.json()["code"] == "too_many_requests"
    assert refused.json()["retry_after"] == int(refused.headers["retry-after"])


def test_health_page_and_measures_are_not_limited() -> None:
    with client_of(rate_limit=1.0, rate_burst=1) as client:
        for path in ("/healthz", "/readyz", "/metrics", "/"):
            assert {client.get(path).status_code for _ in range(5)} == {200}


def test_each_key_has_a_limit_of_its_own() -> None:
    hashes = (hash_key(KEY), hash_key(OTHER_KEY))
    with client_of(rate_limit=1.0, rate_burst=1, api_key_hashes=hashes) as client:
        assert client.get("/v1/sources", headers=bearer(KEY)).status_code == 200
        assert client.get("/v1/sources", headers=bearer(KEY)).status_code == 429
        assert client.get("/v1/sources", headers=bearer(OTHER_KEY)).status_code == 200


def test_guessing_keys_is_limited() -> None:
    with client_of(rate_limit=1.0, rate_burst=2, api_key_hashes=(hash_key(KEY),)) as client:
        statuses = [client.get("/v1/sources", headers=bearer(f"guess {n}")).status_code for n in range(4)]
        assert statuses == [401, 401, 429, 429]
        assert client.get("/v1/sources", headers=bearer(KEY)).status_code == 200


def test_an_address_that_a_stranger_claims_is_not_believed() -> None:
    with client_of(rate_limit=1.0, rate_burst=1) as client:
        claimed = [client.get("/v1/sources", headers={"x-forwarded-for": f"192.0.2.{n}"}) for n in (1, 2)]
    assert [response.status_code for response in claimed] == [200, 429]


def test_an_address_that_a_trusted_proxy_gives_is_believed() -> None:
    settings = {"rate_limit": 1.0, "rate_burst": 1, "trusted_proxies": ("192.0.2.0/24",)}
    with client_of(address="192.0.2.1", **settings) as client:
        given = [client.get("/v1/sources", headers={"x-forwarded-for": f"198.51.100.{n}"}) for n in (1, 2, 2)]
    assert [response.status_code for response in given] == [200, 200, 429]
