"""The official `mcp` client against a real server: both generations of the protocol, the tools, what is refused."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from running import serving

COST = "What did the rebuilding of the east quay cost?"
UNSAID = "What did the rebuilding of the east quay cost in 2019?"

Call = Callable[[Client], Awaitable[Any]]


def through(address: str, call: Call, **more: Any) -> Any:
    """What ``call`` gives, over a client that is connected to the server meanwhile."""

    async def connected() -> Any:
        async with Client(f"{address}/mcp", **more) as client:
            return await call(client)

    return asyncio.run(connected())


def calling(name: str, **arguments: Any) -> Call:
    return lambda client: client.call_tool(name, arguments)


@pytest.fixture(params=["auto", "legacy"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_lists_its_tools(address: str, mode: str) -> None:
    listed = through(address, lambda client: client.list_tools(), mode=mode)
    tools = {tool.name: tool for tool in listed.tools}
    assert set(tools) == {"ask", "search", "get_source"}
    assert tools["ask"].input_schema["required"] == ["question"]
    assert tools["search"].annotations.read_only_hint
    assert all(tool.description and tool.output_schema for tool in tools.values())


def test_introduces_itself(address: str, mode: str) -> None:
    async def introduced(client: Client) -> Any:
        return client.server_info, client.instructions

    info, instructions = through(address, introduced, mode=mode)
    assert info.name == "herald"
    assert "exact" in instructions


@pytest.mark.parametrize("question", [COST, UNSAID, "hello", "도서관은 언제 다시 문을 여나요?"])
def test_asks(address: str, mode: str, question: str) -> None:
    result = through(address, calling("ask", question=question), mode=mode)
    assert not result.is_error
    reply = result.structured_content
    other = httpx.post(f"{address}/v1/chat", json={"message": question}).json()
    for name in set(other) - {"id", "conversation_id"}:
        assert reply[name] == other[name]
    readable, whole = result.content
    assert json.loads(whole.text) == reply
    assert readable.text.startswith(reply["text"])
    assert all(f"[{c['marker']}] “{c['quote']}”" in readable.text for c in reply["citations"])


def test_goes_on_with_a_conversation(address: str) -> None:
    async def follow(client: Client) -> Any:
        first = await client.call_tool("ask", {"question": COST})
        id = first.structured_content["conversation_id"]  # type: ignore[index]
        return await client.call_tool("ask", {"question": "And how long did it take?", "conversation_id": id})

    assert "rebuilding" in through(address, follow).structured_content["standalone_question"]


def test_searches_and_reads_what_it_found(address: str, mode: str) -> None:
    async def found(client: Client) -> Any:
        passages = (await client.call_tool("search", {"question": COST, "k": 2})).structured_content[
            "passages"
        ]  # type: ignore[index]
        source = await client.call_tool("get_source", {"id": passages[0]["source_id"]})
        return passages, source.structured_content

    passages, source = through(address, found, mode=mode)
    assert len(passages) == 2
    assert "184.5 million crowns" in passages[0]["text"]
    assert source["text"][passages[0]["start"] : passages[0]["end"]] == passages[0]["text"]
    assert source["sha256"] == hashlib.sha256(source["text"].encode()).hexdigest()


def test_reads_a_source_whose_id_is_no_path_segment(address: str) -> None:
    assert "640석" in through(address, calling("get_source", id="library/2031")).structured_content["text"]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("ask", {}, "required"),
        ("ask", {"question": " "}, "blank"),
        ("ask", {"question": "a\0b"}, "NUL"),
        ("ask", {"question": "a" * 2001}, "2000"),
        ("ask", {"question": COST, "colour": "red"}, "unknown field"),
        ("ask", {"question": COST, "mode": "loud"}, "verbatim"),
        ("ask", {"question": COST, "conversation_id": "cnv_none"}, "no conversation"),
        ("search", {"question": COST, "k": 0}, "1"),
        ("search", {"question": COST, "k": "many"}, "integer"),
        ("get_source", {"id": "none"}, "no source"),
        ("get_source", {"id": 5}, "string"),
    ],
)
def test_says_what_is_wrong_with_a_call(
    address: str, name: str, arguments: dict[str, Any], said: str
) -> None:
    result = through(address, calling(name, **arguments))
    assert result.is_error
    assert said in result.content[0].text


def test_knows_no_other_tool(address: str, mode: str) -> None:
    async def refused(client: Client) -> str:
        with pytest.raises(MCPError) as error:
            await client.call_tool("delete_source", {"id": "library/2031"})
        return str(error.value)

    assert "no tool" in through(address, refused, mode=mode)


def test_serves_many_at_once(address: str) -> None:
    async def many(client: Client) -> list[Any]:
        return list(await asyncio.gather(*(client.call_tool("ask", {"question": COST}) for _ in range(12))))

    results = through(address, many)
    assert len({result.structured_content["text"] for result in results}) == 1


def test_asks_for_a_key(announcements_folder: Path) -> None:
    key = "open sesame"

    async def known(address: str) -> Any:
        headers = {"authorization": f"Bearer {key}"}
        async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
            transport = streamable_http_client(f"{address}/mcp", http_client=http)
            async with Client(transport) as client:
                return await client.call_tool("ask", {"question": COST})

    with serving(announcements_folder, HERALD_API_KEY_HASHES=hashlib.sha256(key.encode()).hexdigest()) as (
        address,
        _,
    ):
        assert httpx.post(f"{address}/mcp", json={}).status_code == 401
        assert not asyncio.run(known(address)).is_error


def test_refuses_pages_of_other_origins(address: str) -> None:
    response = httpx.post(f"{address}/mcp", json={}, headers={"origin": "https://rebound.example"})
    assert response.status_code == 403
    assert response.json()["code"] == "origin_refused"


def test_offers_no_stream_of_its_own(address: str) -> None:
    assert httpx.get(f"{address}/mcp").status_code == 405
    assert httpx.delete(f"{address}/mcp").status_code == 405


HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}


@pytest.mark.parametrize("version", [None, "2025-06-18", "2026-07-28", "1999-01-01", "\u00e9"])
@pytest.mark.parametrize("body", [
    b"", b"null", b"[]", b"{}", b"\xff", b"{" * 5000, b'{"jsonrpc":"2.0"}', b'{"jsonrpc":"2.0","id":1,"method":"tools/call"}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5,"arguments":[]}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask","arguments":{"question":"\\ud800"}}}',
    b'{"jsonrpc":"2.0","id":{},"method":"nothing","params":7}', b'{"jsonrpc":"2.0","method":"notifications/none"}',
    b'{"jsonrpc":"2.0","id":1e999,"method":"ping"}',
])  # fmt: skip
def test_hostile_bodies_are_the_clients_error(address: str, version: str | None, body: bytes) -> None:
    headers = HEADERS if version is None else HEADERS | {"mcp-protocol-version": version}
    response = httpx.post(
        f"{address}/mcp",
        content=body,
        headers=[(k.encode(), v.encode("latin-1")) for k, v in headers.items()],
    )
    assert response.status_code < 500, response.text


def test_too_large_a_body_is_refused(address: str) -> None:
    assert httpx.post(f"{address}/mcp", content=b" " * 70_000, headers=HEADERS).status_code == 413
