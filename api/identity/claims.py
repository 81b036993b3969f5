"""What a token claims once its signature is verified, and the rules those claims must meet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, override

from jwt import PyJWK, PyJWT, exceptions

from api.identity import reasons
from api.identity.errors import TokenRejectedError
from api.identity.identity import Identity
from api.identity.json_object import read_object
from api.identity.limits import SUBJECT_LIMIT
from api.identity.roles import roles_of

LEEWAY = 30
"""Seconds the issuer's clock may differ from ours."""

END_OF_TIME = 253_402_300_799
"""The last second of the year 9999; a token that says it ends later ends then."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_INSTANTS = ("exp", "nbf", "iat")
_REASONS: Mapping[type[exceptions.PyJWTError], str] = {
    exceptions.InvalidSignatureError: reasons.WRONG_SIGNATURE,
    exceptions.ExpiredSignatureError: reasons.EXPIRED,
    exceptions.ImmatureSignatureError: reasons.NOT_YET_VALID,
    exceptions.InvalidAlgorithmError: reasons.WRONG_ALGORITHM,
    exceptions.InvalidAudienceError: reasons.WRONG_AUDIENCE,
    exceptions.InvalidIssuerError: reasons.WRONG_ISSUER,
    exceptions.InvalidSubjectError: reasons.UNUSABLE_SUBJECT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRules:
    """What every token must claim, whoever has signed it.

    Attributes:
        issuer: The `iss` a token must carry; None does not check.
        audience: The `aud` a token must carry; None accepts only tokens without one.
        roles_claim: The claim that holds roles.
    """

    issuer: str | None = None
    audience: str | None = None
    roles_claim: str = "role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What is taken from a token that meets the rules.

    Attributes:
        identity: Whom it vouches for.
        believed_until: When it ends, leeway included, in seconds since 1970.
    """

    identity: Identity
    believed_until: float


def verified_claims(
    token: str, key: bytes | PyJWK, algorithms: Sequence[str], rules: ClaimRules
) -> Claims:
    """Verify a token with a key and give what it claims.

    Args:
        token: The token.
        key: A shared secret, or a public key that is tied to one algorithm.
        algorithms: Those that whoever holds such keys may sign with.
        rules: What the claims must meet.

    Raises:
        TokenRejectedError: It cannot be believed; the message says why and repeats nothing of it.
    """
    try:
        payload = _JWT.decode(
            token,
            key,
            algorithms=algorithms,
            audience=rules.audience,
            issuer=rules.issuer,
            leeway=LEEWAY,
        )
    except exceptions.PyJWTError as error:
        raise TokenRejectedError(_reason(error, rules)) from error
    subject: str = payload["sub"]
    if not subject or len(subject) > SUBJECT_LIMIT or _CONTROL.search(subject):
        raise TokenRejectedError(reasons.UNUSABLE_SUBJECT)
    return Claims(
        identity=Identity(user_id=subject, roles=roles_of(payload, rules.roles_claim)),
        believed_until=min(int(payload["exp"]) + LEEWAY, END_OF_TIME),
    )


def _reason(error: exceptions.PyJWTError, rules: ClaimRules) -> str:
    if isinstance(error, exceptions.MissingRequiredClaimError):
        return reasons.missing(error.claim)
    if isinstance(error, exceptions.InvalidAudienceError) and rules.audience is None:
        return reasons.UNEXPECTED_AUDIENCE
    return _REASONS.get(type(error), reasons.UNREADABLE)


class _StrictJwt(PyJWT):
    """Reads the payload without the traps of JSON, once its signature is verified."""

    @override
    def _decode_payload(self, decoded: dict[str, Any]) -> dict[str, Any]:
        payload = read_object(decoded["payload"])
        if "session" in payload and "sub" not in payload:
            raise TokenRejectedError(reasons.COOKIE)
        for name in _INSTANTS:
            # A text that looks like a number would pass as one.
            if type(payload.get(name, 0)) not in {int, float}:
                raise TokenRejectedError(reasons.UNREADABLE)
        return payload


_JWT = _StrictJwt(options={"enforce_minimum_key_length": True, "require": ["exp", "sub"]})
