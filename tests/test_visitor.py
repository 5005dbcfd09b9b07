"""Readers on the pages of other sites: listed origins get a short-lived token, and nobody else gets anything."""

import pytest
from application import KEY, bearer, client_of
from starlette.testclient import TestClient

from service.errors import OriginRefused
from service.keys import hash_key
from service.visitor import LIFETIME, VisitorTokens, origin_of

SITE = "https://www.ministry.example"
OTHER = "https://press.ministry.example"
STRANGER = "https://evil.example"
NOW = 1_900_000_000.0
SECRET = "a secret that replicas share, 32+"
TOKEN = "/v1/widget/token"


def token_for(client: TestClient, origin: str) -> dict[str, str]:
    """The headers with which a page of this origin asks."""
    issued = client.post(TOKEN, headers={"origin": origin})
    assert issued.status_code == 200
    assert issued.json()["expires_in"] == LIFETIME
    return {"origin": origin, **bearer(issued.json()["token"])}


# ---- the tokens themselves


def test_a_token_is_good_for_its_origin_until_it_runs_out() -> None:
    tokens = VisitorTokens([SITE, OTHER])
    authorization = f"Bearer {tokens.issue(SITE, NOW)}"
    assert tokens.admits(authorization, SITE, NOW)
    assert tokens.admits(authorization, SITE, NOW + LIFETIME - 1)
    assert not tokens.admits(authorization, SITE, NOW + LIFETIME)
    for origin in (OTHER, STRANGER, SITE + "/", SITE.upper(), "null", "", None):
        assert not tokens.admits(authorization, origin, NOW)


@pytest.mark.parametrize(
    "origin", [STRANGER, f"{SITE}.evil.example", "http://www.ministry.example", "null", "", None]
)
def test_an_origin_that_is_not_listed_gets_no_token(origin: str | None) -> None:
    with pytest.raises(OriginRefused):
        VisitorTokens([SITE]).issue(origin, NOW)
    with pytest.raises(OriginRefused):
        VisitorTokens([]).issue(origin, NOW)


def test_a_token_that_was_changed_is_none() -> None:
    tokens = VisitorTokens([SITE])
    prefix, expiry, signature = tokens.issue(SITE, NOW).split(".")
    later = str(int(expiry) + 1)
    forged = [
        f"{prefix}.{later}.{signature}",
        f"{prefix}.{expiry}.{signature[:-1]}",
        f"{prefix}.{expiry}.{signature}x",
        f"{prefix}.{expiry}.",
        f"{prefix}.{expiry}",
        f"{prefix}..{signature}",
        f"{prefix}.-{expiry}.{signature}",
        f"{prefix}.{expiry.translate({48 + n: 0x660 + n for n in range(10)})}.{signature}",
        f"{prefix}.{'9' * 4000}.{signature}",
        f"other.{expiry}.{signature}",
        f"{prefix}.{expiry}.é",
        "",
    ]
    assert [token for token in forged if tokens.admits(f"Bearer {token}", SITE, NOW)] == []
    good = f"{prefix}.{expiry}.{signature}"
    assert not tokens.admits(good, SITE, NOW)
    assert not tokens.admits(f"Basic {good}", SITE, NOW)
    assert not tokens.admits(None, SITE, NOW)
    assert tokens.admits(f"bearer {good}", SITE, NOW)


def test_replicas_that_share_a_secret_take_each_others_tokens() -> None:
    authorization = f"Bearer {VisitorTokens([SITE], SECRET).issue(SITE, NOW)}"
    assert VisitorTokens([SITE], SECRET).admits(authorization, SITE, NOW)
    assert not VisitorTokens([SITE], SECRET + "!").admits(authorization, SITE, NOW)
    assert not VisitorTokens([SITE]).admits(authorization, SITE, NOW)
    assert not VisitorTokens([OTHER], SECRET).admits(authorization, SITE, NOW), "it is listed no more"


@pytest.mark.parametrize(
    ("origin", "referer", "whose"),
    [
        (SITE, None, SITE),
        (SITE, f"{STRANGER}/page", SITE),
        (None, f"{SITE}/news/1?x#y", SITE),
        (None, "HTTPS://WWW.Ministry.example/", SITE),
        (None, "about:blank", None),
        (None, "http://[", None),
        (None, "", None),
        (None, None, None),
        ("null", f"{SITE}/", "null"),
    ],
)
def test_whose_page_asks(origin: str | None, referer: str | None, whose: str | None) -> None:
    assert origin_of(origin, referer) == whose


# ---- what they open


def test_a_listed_page_asks_reads_and_rates() -> None:
    with client_of(widget_origins=(SITE,)) as client:
        headers = token_for(client, SITE)
        asked = client.post("/v1/chat", json={"message": "harbour budget"}, headers=headers)
        assert asked.status_code == 200
        assert asked.headers["access-control-allow-origin"] == SITE
        answer = asked.json()
        calls = [
            client.get("/v1/suggestions", headers=headers),
            client.get("/v1/sources", headers=headers),
            client.get("/v1/sources/budget", headers=headers),
            client.get(f"/v1/conversations/{answer['conversation_id']}", headers=headers),
            client.post(f"/v1/answers/{answer['id']}/feedback", json={"value": "up"}, headers=headers),
        ]
    assert [call.status_code for call in calls] == [200] * 5


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/search"), ("POST", "/v1/chat/completions"), ("GET", "/v1/models"), ("POST", "/mcp"), ("GET", "/v1/sourcesx")],
)  # fmt: skip
@pytest.mark.parametrize("keys", [(), (hash_key(KEY),)])
def test_a_token_opens_nothing_else(method: str, path: str, keys: tuple[str, ...]) -> None:
    with client_of(widget_origins=(SITE,), api_key_hashes=keys) as client:
        headers = token_for(client, SITE)
        refused = client.request(method, path, headers=headers, json={} if method == "POST" else None)
    assert refused.status_code == 401


def test_where_keys_are_set_a_token_stands_in_for_one() -> None:
    with client_of(widget_origins=(SITE,), api_key_hashes=(hash_key(KEY),)) as client:
        question = {"message": "harbour budget"}
        assert client.post("/v1/chat", json=question, headers={"origin": SITE}).status_code == 401
        headers = token_for(client, SITE)
        assert client.post("/v1/chat", json=question, headers=headers).status_code == 200
        stolen = headers | {"origin": STRANGER}
        assert client.post("/v1/chat", json=question, headers=stolen).status_code == 401
        del stolen["origin"]
        assert client.post("/v1/chat", json=question, headers=stolen).status_code == 401


def test_a_page_that_is_not_listed_is_told_so_and_can_read_it() -> None:
    for origins in ((), (SITE,)):
        with client_of(widget_origins=origins) as client:
            refused = client.post(TOKEN, headers={"origin": STRANGER})
            asked = client.post(
                "/v1/chat",
                json={"message": "harbour budget"},
                headers={"origin": STRANGER, "sec-fetch-site": "cross-site"},
            )
        assert refused.status_code == asked.status_code == 403
        assert refused.headers["content-type"] == "application/problem+json"
        # Or the browser would report a broken connection, and the chat could not say what is wrong.
        assert refused.headers["access-control-allow-origin"] == "*"
        assert "HERALD_WIDGET_ORIGINS does not list it" in refused.json()["detail"]


def test_a_conversation_of_one_site_cannot_be_read_from_another() -> None:
    with client_of(widget_origins=(SITE, OTHER)) as client:
        mine, theirs = token_for(client, SITE), token_for(client, OTHER)
        answer = client.post("/v1/chat", json={"message": "harbour budget"}, headers=mine).json()
        conversation = f"/v1/conversations/{answer['conversation_id']}"
        feedback = f"/v1/answers/{answer['id']}/feedback"
        assert client.get(conversation, headers=theirs).status_code == 404
        assert client.get(conversation).status_code == 404
        assert client.post(feedback, json={"value": "down"}, headers=theirs).status_code == 404
        assert client.get(conversation, headers=mine).status_code == 200


def test_tokens_are_counted_by_who_asks_for_them() -> None:
    with client_of(widget_origins=(SITE,), rate_limit=1.0, rate_burst=2) as client:
        statuses = [client.post(TOKEN, headers={"origin": SITE}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_no_cookie_is_asked_for_or_set() -> None:
    with client_of(widget_origins=(SITE,)) as client:
        issued = client.post(TOKEN, headers={"origin": SITE})
    assert "set-cookie" not in issued.headers
    assert "access-control-allow-credentials" not in issued.headers
    assert issued.headers["cache-control"] == "no-store"
