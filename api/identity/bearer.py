"""Bearer tokens: finding the one a request carries, and learning from it who asks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jwt import PyJWT, exceptions

from api.identity.errors import MissingTokenError, TokenRejectedError

ALGORITHMS = ("HS256",)
"""The algorithms a shared secret may sign with; never taken from the token."""

LEEWAY = 30
"""Seconds the issuer's clock may differ from ours."""

TOKEN_LIMIT = 8 * 1024
"""Characters beyond which a token is refused unread."""

SUBJECT_LIMIT = 255
"""Characters a user's id may have."""

_TYPES = ("jwt", "at+jwt", "application/at+jwt")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_JWT = PyJWT(options={"enforce_minimum_key_length": True, "require": ["exp", "sub"]})

_SEVERAL = "Send one Authorization header, not several."
_TOO_LONG = f"The token is longer than {TOKEN_LIMIT} characters."
_WRONG_TYPE = "The token is of a type that is no access token."
_UNUSABLE_SUBJECT = f"The token's sub claim must be 1 to {SUBJECT_LIMIT} printable characters."
_WRONG_SIGNATURE = "The token's signature does not match."
_REASONS: Mapping[type[exceptions.InvalidTokenError], str] = {
    exceptions.ExpiredSignatureError: "The token has expired; get a new one.",
    exceptions.ImmatureSignatureError: "The token is not valid yet.",
    exceptions.InvalidAlgorithmError: "The token is not signed with HS256.",
    exceptions.InvalidAudienceError: "The token is meant for another audience.",
    exceptions.InvalidIssuerError: "The token comes from another issuer.",
    exceptions.InvalidSubjectError: _UNUSABLE_SUBJECT,
}
_UNREADABLE = (
    "The token cannot be read as a JSON Web Token; "
    "send the one from the issuer's JWT endpoint, not a session token."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody a token vouches for.

    Attributes:
        user_id: The token's subject, as the identity provider gives it.
    """

    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRules:
    """What a token must meet to be believed.

    Attributes:
        secrets: The shared secrets, any of which may have signed; several during a rotation.
        issuer: The `iss` a token must carry; None does not check.
        audience: The `aud` a token must carry; None accepts only tokens without one.
    """

    secrets: tuple[bytes, ...] = field(repr=False)
    issuer: str | None = None
    audience: str | None = None


def bearer_token(authorization: Sequence[str]) -> str:
    """Find the token in a request's Authorization headers.

    Raises:
        MissingTokenError: There is none.
        TokenRejectedError: There are several headers, or one with more than a token in it.
    """
    if len(authorization) > 1:
        raise TokenRejectedError(_SEVERAL)
    scheme, _, token = "".join(authorization).strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise MissingTokenError
    if len(token) > TOKEN_LIMIT:
        raise TokenRejectedError(_TOO_LONG)
    if not token.isascii() or " " in token:
        raise TokenRejectedError(_UNREADABLE)
    return token


def identify(token: str, rules: TokenRules) -> Identity:
    """Verify a token and give whom it vouches for.

    Raises:
        TokenRejectedError: It cannot be believed; the message says why and repeats nothing of it.
    """
    decoded = _verified(token, rules)
    kind = decoded["header"].get("typ")
    if kind is not None and str(kind).lower() not in _TYPES:
        raise TokenRejectedError(_WRONG_TYPE)
    subject: str = decoded["payload"]["sub"]
    if not subject or len(subject) > SUBJECT_LIMIT or _CONTROL.search(subject):
        raise TokenRejectedError(_UNUSABLE_SUBJECT)
    return Identity(user_id=subject)


def _verified(token: str, rules: TokenRules) -> dict[str, Any]:
    for secret in rules.secrets:
        try:
            return _JWT.decode_complete(  # pyright: ignore[reportUnknownMemberType] - of cryptography
                token,
                secret,
                algorithms=ALGORITHMS,
                audience=rules.audience,
                issuer=rules.issuer,
                leeway=LEEWAY,
            )
        except exceptions.InvalidSignatureError:
            continue
        except exceptions.InvalidTokenError as error:
            raise TokenRejectedError(_reason(error, rules)) from error
    raise TokenRejectedError(_WRONG_SIGNATURE)


def _reason(error: exceptions.InvalidTokenError, rules: TokenRules) -> str:
    if isinstance(error, exceptions.MissingRequiredClaimError):
        return f"The token has no {error.claim} claim."
    if isinstance(error, exceptions.InvalidAudienceError) and rules.audience is None:
        return "The token names an audience; set JWT_AUDIENCE to the one to accept."
    return _REASONS.get(type(error), _UNREADABLE)
