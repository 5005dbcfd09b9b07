"""API keys: only hashes are kept, a key opens what is its own, and nothing tells a key."""

import hashlib
from pathlib import Path

import pytest
from application import KEY, OTHER_KEY, bearer, client_of

from service.errors import SettingsInvalid
from service.keys import hash_key, owner_of
from service.settings import Settings, read_settings

HASHES = (hash_key(KEY), hash_key(OTHER_KEY))
LOCKED = [("GET", "/v1/sources"), ("POST", "/v1/chat"), ("POST", "/v1/search"), ("GET", "/v1/conversations/cnv_x"),
          ("POST", "/v1/answers/ans_x/feedback"), ("GET", "/v1/suggestions"), ("POST", "/v1/chat/completions"),
          ("GET", "/v1/models"), ("POST", "/mcp"), ("GET", "/v1/none")]  # fmt: skip


def test_a_hash_is_the_sha256_that_any_shell_computes() -> None:
    assert hash_key(KEY) == hashlib.sha256(KEY.encode()).hexdigest()


@pytest.mark.parametrize("header", [f"Bearer {KEY}", f"bearer {KEY}", f"BEARER   {KEY} "])
def test_a_key_names_its_owner(header: str) -> None:
    assert owner_of(header, HASHES) == hash_key(KEY)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        KEY,
        f"Basic {KEY}",
        f"Bearer {KEY}x",
        f"Bearer {hash_key(KEY)}",
        "Bearer é",
    ],
)
def test_anything_else_names_nobody(header: str | None) -> None:
    assert owner_of(header, HASHES) is None


@pytest.mark.parametrize(("method", "path"), LOCKED)
@pytest.mark.parametrize(
    "headers", [{}, bearer("wrong"), bearer(hash_key(KEY)), {"authorization": "Basic eDp5"}]
)
def test_without_a_key_nothing_opens(method: str, path: str, headers: dict[str, str]) -> None:
    with client_of(api_key_hashes=HASHES) as client:
        response = client.request(method, path, headers=headers, json={} if method == "POST" else None)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert KEY not in response.text
    assert hash_key(KEY) not in response.text


def test_a_key_opens_the_interface() -> None:
    with client_of(api_key_hashes=HASHES) as client:
        assert client.get("/v1/sources", headers=bearer(KEY)).status_code == 200
        assert client.post("/v1/chat", json={"message": "budget"}, headers=bearer(KEY)).status_code == 200


def test_page_and_health_need_no_key() -> None:
    with client_of(api_key_hashes=HASHES) as client:
        assert [
            client.get(path).status_code for path in ("/", "/widget.js", "/healthz", "/readyz", "/metrics")
        ] == [200] * 5


def test_measures_can_be_locked() -> None:
    with client_of(api_key_hashes=HASHES, metrics_open=False) as client:
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers=bearer(KEY)).status_code == 200


def test_a_conversation_is_its_owners_alone() -> None:
    with client_of(api_key_hashes=HASHES) as client:
        mine = client.post("/v1/chat", json={"message": "harbour budget"}, headers=bearer(KEY)).json()
        conversation, answer = mine["conversation_id"], mine["id"]
        calls = [
            lambda key: client.get(f"/v1/conversations/{conversation}", headers=bearer(key)),
            lambda key: client.post(
                f"/v1/answers/{answer}/feedback", json={"value": "up"}, headers=bearer(key)
            ),
            lambda key: client.post(
                "/v1/chat", json={"message": "and?", "conversation_id": conversation}, headers=bearer(key)
            ),
        ]
        assert [call(OTHER_KEY).status_code for call in calls] == [404, 404, 404]
        assert [call(KEY).status_code for call in calls] == [200, 200, 200]


def test_settings_and_their_complaints_never_show_a_key(tmp_path: Path) -> None:
    """A key put where its hash belongs is refused without being repeated, for it may be in use."""
    with pytest.raises(SettingsInvalid) as refused:
        read_settings({"HERALD_API_KEY_HASHES": f"{hash_key(KEY)},{OTHER_KEY}"})
    assert "HERALD_API_KEY_HASHES: entry 2" in str(refused.value)
    assert OTHER_KEY not in str(refused.value)
    keys = tmp_path / "keys"
    keys.write_text(f"# ours\n{hash_key(KEY)}\n{OTHER_KEY}\n", encoding="utf-8")
    with pytest.raises(SettingsInvalid) as refused:
        Settings(api_key_file=keys).key_hashes()
    assert "HERALD_API_KEY_FILE: line 3" in str(refused.value)
    assert OTHER_KEY not in str(refused.value)


def test_a_key_file_adds_to_the_keys(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text(f"# of the newsroom\n{hash_key(KEY)}  # until May\n\n", encoding="utf-8")
    with client_of(api_key_file=keys, api_key_hashes=(hash_key(OTHER_KEY),)) as client:
        assert [client.get("/v1/sources", headers=bearer(k)).status_code for k in (KEY, OTHER_KEY, "x")] == [
            200,
            200,
            401,
        ]


@pytest.mark.parametrize("content", [b"", b"# nothing but a comment\n", b"\xff\xfe", None])
def test_a_key_file_without_keys_does_not_open_the_service(tmp_path: Path, content: bytes | None) -> None:
    keys = tmp_path / "keys"
    if content is not None:
        keys.write_bytes(content)
    with pytest.raises(SettingsInvalid, match="HERALD_API_KEY_FILE"):
        Settings(api_key_file=keys).key_hashes()
