"""Tokens that have been verified, so that each is verified once and not with every request."""

from collections import OrderedDict
from hashlib import sha256

from api.identity.claims import Claims

CAPACITY = 10_000
"""Tokens that are remembered at most, in about 4 MB; the one that was not used longest goes."""


class RememberedTokens:
    """What verified tokens claim, until they end; by hash, so that no token lies in memory."""

    def __init__(self) -> None:
        self._claims: OrderedDict[bytes, Claims] = OrderedDict()

    def __len__(self) -> int:
        return len(self._claims)

    def find(self, token: str, now: float) -> Claims | None:
        """Give what a token claims, if it has been verified and has not ended.

        Args:
            token: The token.
            now: The present instant in seconds since 1970.
        """
        key = _key(token)
        claims = self._claims.get(key)
        if claims is None:
            return None
        if claims.believed_until <= now:
            del self._claims[key]
            return None
        self._claims.move_to_end(key)
        return claims

    def remember(self, token: str, claims: Claims) -> None:
        """Remember what a verified token claims."""
        self._claims[_key(token)] = claims
        if len(self._claims) > CAPACITY:
            self._claims.popitem(last=False)

    def forget(self) -> None:
        """Forget all of them, because what they were verified with is no longer trusted."""
        self._claims.clear()


def _key(token: str) -> bytes:
    return sha256(token.encode()).digest()
