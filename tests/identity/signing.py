"""Key pairs, and tokens that are good but for what is said of them."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import AllowedPrivateKeys, get_default_algorithms

from events import clock

SECRET = b"the one secret of these tests, 40 bytes."


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A key pair of an issuer, under a name of its own."""

    algorithm: str
    key_id: str
    private: AllowedPrivateKeys

    def jwk(self, **changes: object) -> dict[str, Any]:
        """The public key as it is published; a change to None leaves a member out."""
        methods: Any = get_default_algorithms()[self.algorithm]
        members = methods.to_jwk(self.private.public_key(), as_dict=True)
        merged = {**members, "kid": self.key_id, "alg": self.algorithm, **changes}
        return {name: value for name, value in merged.items() if value is not None}

    def pem(self) -> bytes:
        """The public key as many libraries hand it out."""
        return self.private.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, message: bytes) -> bytes:
        """The signature under a message."""
        methods: Any = get_default_algorithms()[self.algorithm]
        return methods.sign(message, self.private)

    def token(
        self, claims: Mapping[str, Any] | None = None, header: dict[str, Any] | None = None
    ) -> str:
        """A good token, as Better Auth writes it, but for what is said of it."""
        header = {"typ": None, "kid": self.key_id, **(header or {})}
        return jwt.encode(good(claims), self.private, self.algorithm, headers=header)


@cache
def key_pair(algorithm: str, key_id: str = "") -> KeyPair:
    """A key pair for an algorithm; the same for the same name."""
    return KeyPair(algorithm, key_id or f"key-{algorithm}", _private(algorithm))


def good(claims: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a good token claims; a claim of None is left out."""
    merged = {"sub": "ada", "exp": seconds_from_now(60), **(claims or {})}
    return {name: value for name, value in merged.items() if value is not None}


def signed(
    claims: Mapping[str, Any] | None = None,
    *,
    secret: bytes = SECRET,
    algorithm: str = "HS256",
    header: dict[str, Any] | None = None,
) -> str:
    """A token under a shared secret that is good but for what is said of it."""
    return jwt.encode(good(claims), secret, algorithm, headers=header)


def seconds_from_now(seconds: float) -> int:
    """An instant as tokens write it."""
    return int(clock.now().timestamp() + seconds)


def encoded(part: bytes | Mapping[str, Any]) -> str:
    """A part of a token as it is written."""
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def _private(algorithm: str) -> AllowedPrivateKeys:
    match algorithm:
        case "EdDSA":
            return ed25519.Ed25519PrivateKey.generate()
        case "ES256":
            return ec.generate_private_key(ec.SECP256R1())
        case "ES512":
            return ec.generate_private_key(ec.SECP521R1())
        case _:
            return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
