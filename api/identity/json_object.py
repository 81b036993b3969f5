"""Reading a JSON object that means one thing to every reader, or is refused."""

import json
from typing import Any, cast

from api.identity import reasons
from api.identity.errors import TokenRejectedError


def read_object(text: bytes) -> dict[str, Any]:
    """Read a part of a token: a JSON object in which every name occurs once.

    Raises:
        TokenRejectedError: It is none. Of two members of one name, readers take different ones.
    """
    try:
        found = _DECODER.decode(text.decode())
    except (ValueError, RecursionError) as error:
        raise TokenRejectedError(reasons.UNREADABLE) from error
    if not isinstance(found, dict):
        raise TokenRejectedError(reasons.UNREADABLE)
    return cast("dict[str, Any]", found)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise TokenRejectedError(reasons.AMBIGUOUS)
    return members


def _constant(name: str) -> object:
    raise ValueError(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
