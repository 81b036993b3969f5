"""Finding the bearer token that a request carries."""

from collections.abc import Sequence

from api.identity import reasons
from api.identity.errors import MissingTokenError, TokenRejectedError
from api.identity.limits import TOKEN_LIMIT


def bearer_token(authorization: Sequence[str]) -> str:
    """Find the token in a request's Authorization headers.

    Raises:
        MissingTokenError: There is none.
        TokenRejectedError: There are several headers, or one with more than a token in it.
    """
    if len(authorization) > 1:
        raise TokenRejectedError(reasons.SEVERAL)
    scheme, _, token = "".join(authorization).strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise MissingTokenError
    if len(token) > TOKEN_LIMIT:
        raise TokenRejectedError(reasons.TOO_LONG)
    if not token.isascii() or " " in token:
        raise TokenRejectedError(reasons.UNREADABLE)
    return token
