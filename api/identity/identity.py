"""Whom a token vouches for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody a token vouches for.

    Attributes:
        user_id: The token's subject, as the identity provider gives it.
        roles: What it may do beyond its own tasks.
    """

    user_id: str
    roles: frozenset[str] = frozenset()
