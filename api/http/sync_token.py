"""Tokens of sync: how far a client knows its user's log, signed, and good for that user alone."""

import msgspec

from api.http.log_place import MARK
from api.http.stream_errors import TokenGoneError
from api.signed_text import sealed, unsealed

TOKEN_LIMIT = 500
"""Characters beyond which a token is none; ours are shorter."""


class Known(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What a client knows.

    Attributes:
        after: Up to which sequence it has been told all changes.
        begun: Where the log stood when it knew nothing yet.
        mark: What the log's chain begins with at `after`.
        begun_mark: What it begins with at `begun`.
    """

    after: int = 0
    begun: int = 0
    mark: bytes = bytes(MARK)
    begun_mark: bytes = bytes(MARK)


_decoder = msgspec.json.Decoder(Known)


def write_token(key: bytes, user_id: str, known: Known) -> str:
    """Make a person's token."""
    return sealed(key, ("sync", user_id), msgspec.json.encode(known))


def read_token(key: bytes, user_id: str, token: str) -> Known:
    """Read a person's token.

    Raises:
        TokenGoneError: It was not made here, with another key, or is somebody else's.
    """
    inside = unsealed(key, ("sync", user_id), token) if len(token) <= TOKEN_LIMIT else None
    if inside is None:
        raise TokenGoneError
    return _decoder.decode(inside)
