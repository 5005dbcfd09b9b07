"""API keys: only their hashes are kept, and comparing them takes equally long for any guess."""

import hashlib
import hmac
from collections.abc import Collection

SCHEME = "bearer "


def hash_key(key: str) -> str:
    """The SHA-256 of a key, in hexadecimal: what is kept of it, and the name of its owner.

    A key is a long random string and not a password, so that a fast hash cannot be guessed back.
    """
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def owner_of(authorization: str | None, hashes: Collection[str]) -> str | None:
    """The owner whom an ``Authorization`` header's bearer key names; None where no hash is its own."""
    if authorization is None or authorization[: len(SCHEME)].lower() != SCHEME:
        return None
    given = hash_key(authorization[len(SCHEME) :].strip())
    found = None
    # No early end: the time taken does not tell which of the keys came close.
    for known in hashes:
        if hmac.compare_digest(known, given):
            found = known
    return found
