"""Visitors: readers on the pages of listed sites, let in by a short-lived token instead of a key.

A key in a page's source would be everybody's. A token is of use to pages of one origin only, because
browsers say which origin a request comes from and pages cannot change that, and only for some minutes.
It looks like ``visitor.EXPIRY.SIGNATURE`` and is signed, so that the service keeps no list of tokens, and
replicas that share ``HERALD_WIDGET_SECRET`` take each other's.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection
from urllib.parse import urlsplit

from service.errors import OriginRefused

LIFETIME = 600
"""Seconds that a token is good for."""
SCHEME = "bearer "
PREFIX = "visitor"
LONGEST_EXPIRY = 12


class VisitorTokens:
    """Issues and checks the tokens of pages of the ``origins``.

    Without a ``secret`` there is one of this process alone: its tokens end with it.
    """

    def __init__(self, origins: Collection[str], secret: str | None = None) -> None:
        self._origins = frozenset(origins)
        self._key = secrets.token_bytes(32) if secret is None else secret.encode()

    def lists(self, origin: str | None) -> bool:
        """Whether pages of this origin may have a token."""
        return origin in self._origins

    def issue(self, origin: str | None, now: float) -> str:
        """A token for pages of ``origin`` until ``LIFETIME`` seconds after ``now`` (Unix time, in seconds).

        Raises OriginRefused for an origin that is not listed.
        """
        if origin is None or not self.lists(origin):
            raise OriginRefused(origin)
        expiry = str(int(now) + LIFETIME)
        return f"{PREFIX}.{expiry}.{self._signature(origin, expiry)}"

    def admits(self, authorization: str | None, origin: str | None, now: float) -> bool:
        """Whether an ``Authorization`` header holds a token of this origin that has not run out."""
        if authorization is None or origin is None or not self.lists(origin):
            return False
        prefix, _, rest = authorization[len(SCHEME) :].strip().partition(".")
        expiry, _, signature = rest.partition(".")
        if authorization[: len(SCHEME)].lower() != SCHEME or prefix != PREFIX:
            return False
        if not (expiry.isascii() and expiry.isdecimal() and len(expiry) <= LONGEST_EXPIRY):
            return False
        signed = hmac.compare_digest(signature.encode(), self._signature(origin, expiry).encode())
        return signed and now < int(expiry)

    def _signature(self, origin: str, expiry: str) -> str:
        digest = hmac.digest(self._key, f"{PREFIX}\n{origin}\n{expiry}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def origin_of(origin: str | None, referer: str | None) -> str | None:
    """The origin of the page that a request comes from, by its headers ``Origin`` and ``Referer``.

    Browsers leave ``Origin`` out of what a page reads from its own origin; then the address of the page
    tells. None where neither is sent, as by most programs that are not browsers.
    """
    if origin is not None or not referer:
        return origin
    try:
        parts = urlsplit(referer)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else None
