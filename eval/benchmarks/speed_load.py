"""Clients that ask a server over kept-alive connections, with so little work of their own that what is
measured is the server's."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from eval.errors import TargetFailed


def http_request(url: str, body: object = None) -> bytes:
    """The bytes of a request: a POST of ``body`` as JSON, or a GET without one."""
    parts = urlsplit(url)
    head = f"{'GET' if body is None else 'POST'} {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    if body is None:
        return f"{head}\r\n".encode()
    content = json.dumps(body).encode()
    return (
        head.encode()
        + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content)
        + content
    )


class Connection:
    """One kept-alive connection, used by one thread."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""

    def ask(self, request: bytes) -> bytes:
        """The body of the response. Raises TargetFailed unless its status is 200."""
        self._socket.sendall(request)
        while (end := response_end(self._received)) is None:
            more = self._socket.recv(262_144)
            if not more:
                raise TargetFailed("the server closed the connection")
            self._received += more
        response, self._received = self._received[:end], self._received[end:]
        return body_of(response)

    def close(self) -> None:
        self._socket.close()


def response_end(received: bytes) -> int | None:
    """Where the first response in ``received`` ends; None while it is not whole."""
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return None
    at = received[:head].lower().find(b"content-length:")
    length = int(received[at + 15 : head].split(b"\r\n", 1)[0]) if at >= 0 else 0
    end = head + 4 + length
    return end if len(received) >= end else None


def body_of(response: bytes) -> bytes:
    """The body of a whole response. Raises TargetFailed unless its status is 200."""
    head, _, body = response.partition(b"\r\n\r\n")
    if b" 200" not in head[:15]:
        raise TargetFailed(f"{head.splitlines()[0].decode(errors='replace')}: {body[:200]!r}")
    return body


def latencies(host: str, port: int, requests: Sequence[bytes]) -> list[float]:
    """Seconds that each request takes, one after the other."""
    connection = Connection(host, port)
    taken = []
    try:
        for request in requests:
            began = time.perf_counter()
            connection.ask(request)
            taken.append(time.perf_counter() - began)
    finally:
        connection.close()
    return taken


def rate(host: str, port: int, requests: Sequence[bytes], clients: int) -> float:
    """Responses a second while ``clients`` ask all of the requests between them, each the next at once."""
    return asyncio.run(_rate(host, port, requests, clients))


async def _rate(host: str, port: int, requests: Sequence[bytes], clients: int) -> float:
    loop = asyncio.get_running_loop()
    waiting = iter(requests)
    made = [
        await loop.create_connection(lambda: _Client(waiting, loop.create_future()), host, port)
        for _ in range(clients)
    ]
    began = time.perf_counter()
    for _, client in made:
        client.start()
    try:
        await asyncio.gather(*(client.done for _, client in made))
    finally:
        for transport, _ in made:
            transport.close()
    return len(requests) / (time.perf_counter() - began)


class _Client(asyncio.Protocol):
    """Sends the next request as soon as the one before is answered; ``done`` when none is left."""

    def __init__(self, waiting: Iterator[bytes], done: "asyncio.Future[None]") -> None:
        self._waiting = waiting
        self._received = b""
        self.done = done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def start(self) -> None:
        request = next(self._waiting, None)
        if request is None:
            self.done.set_result(None)
        else:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = response_end(self._received)
        if end is None:
            return
        response, self._received = self._received[:end], self._received[end:]
        try:
            body_of(response)
        except TargetFailed as error:
            self.done.set_exception(error)
            return
        self.start()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(TargetFailed(f"the server closed the connection: {error}"))
