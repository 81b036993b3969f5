"""Tokens as an attacker makes them: taken apart, put together again, signed with what is public."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from tests.identity.signing import KeyPair, encoded, good, key_pair, signed

ORIGIN = "https://app.test"
OURS = {"iss": ORIGIN, "aud": ORIGIN}
EDDSA, ES256, RS256 = (key_pair(algorithm) for algorithm in ("EdDSA", "ES256", "RS256"))
PUBLISHED = (EDDSA, ES256, RS256)
THEIRS = KeyPair("EdDSA", EDDSA.key_id, key_pair("EdDSA", "somebody-else").private)


def token(claims: Mapping[str, Any] | None = None, *, by: KeyPair = EDDSA, **header: object) -> str:
    """A token that would be believed but for what is said of it."""
    return by.token({**OURS, **(claims or {})}, header)


def shared(claims: Mapping[str, Any] | None = None, **header: object) -> str:
    """The same under the shared secret."""
    return signed({**OURS, **(claims or {})}, header=header)


def raw(header: bytes | Mapping[str, Any], payload: bytes | Mapping[str, Any] | None = None) -> str:
    """The two parts of a token that are signed."""
    return f"{encoded(header)}.{encoded(good(OURS) if payload is None else payload)}"


def sealed(message: str, by: KeyPair = EDDSA) -> str:
    """A token whose parts are no library's work, rightly signed."""
    return f"{message}.{encoded(by.sign(message.encode()))}"


def confused(key: bytes, **header: object) -> str:
    """A token under a public key, as if that were a shared secret."""
    message = raw({"alg": "HS256", "typ": "JWT", **header})
    return f"{message}.{encoded(hmac.digest(key, message.encode(), hashlib.sha256))}"


def saying_twice(payload: dict[str, Any], twice: str) -> bytes:
    """A payload that says something twice, first in favour of somebody else."""
    return json.dumps(payload).replace("{", "{" + twice + ", ", 1).encode()


def flipped(text: str) -> str:
    """A token with another character in its signature."""
    message, _, signature = text.rpartition(".")
    other = "B" if signature[10] == "A" else "A"
    return f"{message}.{signature[:10]}{other}{signature[11:]}"


def of_eve(text: str) -> str:
    """A token with somebody else's claims under the signature."""
    head, _, signature = text.split(".")
    return f"{head}.{encoded(good({**OURS, 'sub': 'eve'}))}.{signature}"
