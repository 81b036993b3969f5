"""What a token says of itself before anything of it is verified."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from api.identity import reasons
from api.identity.errors import TokenRejectedError
from api.identity.json_object import read_object

_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
_COOKIE_TYPE = "better-auth.session-cache+jwt"
_PARTS = 3
_SESSION_TOKEN = re.compile(r"[A-Za-z0-9]{32}(\.[A-Za-z0-9+/]{43}=)?")
"""What Better Auth gives out as a session token, with its signature or without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The two members of a token's header that lead to the key to verify it with.

    Keys and addresses of keys that a header may hold as well (`jwk`, `jku`, `x5c`, `x5u`) are left
    out: whoever made the token wrote them.

    Attributes:
        algorithm: The `alg`, to be held against the list of whoever is said to have signed.
        key_id: The `kid`, if there is one.
    """

    algorithm: str
    key_id: str | None


def read_header(token: str) -> Header:
    """Read the header of a token.

    Raises:
        TokenRejectedError: It is no access token, or demands what is not known here.
    """
    if _SESSION_TOKEN.fullmatch(unquote(token)):
        raise TokenRejectedError(reasons.OPAQUE)
    parts = token.split(".")
    if len(parts) != _PARTS:
        raise TokenRejectedError(reasons.UNREADABLE)
    members = read_object(_decoded(parts[0]))
    _check_type(members)
    if "crit" in members:
        raise TokenRejectedError(reasons.UNKNOWN_EXTENSION)
    match members.get("alg"), members.get("kid"):
        case str(algorithm), str() | None as key_id:
            return Header(algorithm=algorithm, key_id=key_id)
        case _:
            raise TokenRejectedError(reasons.UNREADABLE)


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise TokenRejectedError(reasons.UNREADABLE) from error


def _check_type(members: dict[str, Any]) -> None:
    kind = members.get("typ", "JWT")
    if kind == _COOKIE_TYPE:
        raise TokenRejectedError(reasons.COOKIE)
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise TokenRejectedError(reasons.WRONG_TYPE)
