"""Minting tokens, for trying things out and for scripts; a front end brings its own."""

from datetime import datetime, timedelta

import jwt

ALGORITHM = "HS256"


def issue_token(
    secret: bytes,
    *,
    user_id: str,
    now: datetime,
    lifetime: timedelta,
    issuer: str | None = None,
    audience: str | None = None,
    role: str | None = None,
) -> str:
    """Sign a token that vouches for a user until its lifetime is over.

    Args:
        secret: What to sign with (HS256).
        user_id: Whom the token stands for; its `sub`.
        now: When it is issued.
        lifetime: How long it is good for.
        issuer: Its `iss`, when the API demands one.
        audience: Its `aud`, when the API demands one.
        role: What it may do beyond the user's own tasks.
    """
    claims = {
        "sub": user_id,
        "iat": now,
        "exp": now + lifetime,
        "iss": issuer,
        "aud": audience,
        "role": role,
    }
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, secret, ALGORITHM)
