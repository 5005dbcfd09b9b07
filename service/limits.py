"""Rate limits: a token bucket for each client, with a bound on how many clients are remembered."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass

LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Bucket:
    """``tokens`` that were there ``at`` that time, in seconds of any steady clock."""

    tokens: float
    at: float


def take(bucket: Bucket, *, now: float, rate: float, burst: float) -> tuple[Bucket, float]:
    """Take one token: the bucket afterwards, and 0.0; or the bucket as it was, and the wait in seconds.

    ``rate`` is in tokens a second, up to ``burst`` of which a bucket holds. A clock that steps back
    fills nothing.
    """
    tokens = min(burst, bucket.tokens + max(0.0, now - bucket.at) * rate)
    at = max(now, bucket.at)
    if tokens >= 1.0:
        return Bucket(tokens - 1.0, at), 0.0
    return Bucket(tokens, at), (1.0 - tokens) / rate


class RateLimiter:
    """One bucket a client. For one thread at a time, such as an event loop's.

    ``per_minute`` of 0 lets everything pass. Of more than ``most_clients`` the one not seen for
    longest is forgotten, which gives it a full bucket again.
    """

    def __init__(self, *, per_minute: float, burst: int, most_clients: int = 10_000) -> None:
        self._rate = per_minute / 60.0
        self._burst = float(burst)
        self._most_clients = most_clients
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def wait(self, client: str, now: float) -> float:
        """Count one request of ``client``; 0.0 if it may go ahead, else the seconds until one may."""
        if self._rate == 0.0:
            return 0.0
        bucket = self._buckets.get(client) or Bucket(self._burst, now)
        self._buckets[client], wait = take(bucket, now=now, rate=self._rate, burst=self._burst)
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._most_clients:
            self._buckets.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._buckets)


def client_name(host: str | None) -> str:
    """Whom a request is counted for: an IPv4 address, or the /64 network of an IPv6 address.

    One household or server holds a whole /64, so that counting single addresses would limit nobody.
    """
    if host is None:
        return "unknown"
    if ":" not in host:
        return host[:LONGEST_NAME]
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        return host[:LONGEST_NAME]
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
