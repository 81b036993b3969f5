"""Reading a JSON Web Key Set (RFC 7517): the keys in it that may verify tokens, and no others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from api.identity.algorithms import FITTING
from api.identity.jwks_errors import NoKeySetError

KEY_ID_LIMIT = 255
"""Characters the name of a key may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedKey:
    """A public key, tied to the one algorithm that it verifies.

    Attributes:
        members: The key as it was published.
        key: The same, ready for use.
    """

    members: Mapping[str, Any]
    key: PyJWK = field(compare=False, repr=False)


def read_keys(document: bytes) -> dict[str, PublishedKey]:
    """Give the usable keys of a key set, by their `kid`; of two with the same, the first.

    Raises:
        NoKeySetError: It is none.
    """
    try:
        found = msgspec.json.decode(document)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise NoKeySetError from error
    match found:
        case {"keys": [*entries]}:
            return dict(reversed(list(_usable(cast("Iterable[object]", entries)))))
        case _:
            raise NoKeySetError


def _usable(entries: Iterable[object]) -> Iterator[tuple[str, PublishedKey]]:
    for entry in entries:
        if isinstance(entry, dict):
            members = cast("dict[str, Any]", entry)
            key_id, key = members.get("kid"), _key(members)
            if isinstance(key_id, str) and 0 < len(key_id) <= KEY_ID_LIMIT and key:
                yield key_id, PublishedKey(members=members, key=key)


def _algorithm(members: Mapping[str, Any]) -> str | None:
    """Say what a key may verify; None if that is nothing of ours."""
    # A private key in a public place is anybody's.
    if "d" in members or members.get("use", "sig") != "sig":
        return None
    if "verify" not in _list(members.get("key_ops", ["verify"])):
        return None
    kind = members.get("kty"), members.get("crv") if members.get("kty") != "RSA" else None
    fitting = next((names for known, names in FITTING.items() if known == kind), ())
    algorithm = members.get("alg", next(iter(fitting), None))
    return next((name for name in fitting if name == algorithm), None)


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _key(members: Mapping[str, Any]) -> PyJWK | None:
    algorithm = _algorithm(members)
    if algorithm is None:
        return None
    try:
        key = PyJWK(dict(members), algorithm)
    except (PyJWTError, ArithmeticError, AttributeError):
        return None
    too_short = key.Algorithm.check_key_length(key.key)
    return None if too_short else key
