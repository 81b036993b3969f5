"""The one way to be somebody here: a bearer token."""

from fastapi import Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase

from api.http.alias import NAMED_USER
from api.http.errors import UserMismatchError
from api.http.rate_limits import count_user
from api.http.request_headers import fields
from api.http.state import state_of
from api.identity.bearer import bearer_token
from api.identity.claims import Claims
from api.identity.identity import Identity


async def claims_of(request: Request) -> Claims:
    """Give what the request's token claims, and count the request.

    Raises:
        IdentityError: It claims nothing, or that cannot be told now.
        QuotaExceededError: Whom it vouches for asks too often.
        UserMismatchError: The path names somebody else.
    """
    token = bearer_token(fields(request.scope, b"authorization"))
    claims = await state_of(request.scope)["verifier"].claims(token)
    user_id = claims.identity.user_id
    if request.scope.get(NAMED_USER, user_id) != user_id:
        raise UserMismatchError
    count_user(request.scope, user_id)
    return claims


class BearerScheme(SecurityBase):
    """Tells the OpenAPI document how callers are recognised."""

    scheme_name = "bearer"
    model = HTTPBearer(
        bearerFormat="JWT",
        description="A JSON Web Token of your issuer: what /api/auth/token of Better Auth gives, "
        "or what `taskfold token` makes.",
    )


class BearerAuthentication(BearerScheme):
    """Recognises the caller."""

    async def __call__(self, request: Request) -> Identity:
        """Give whom the request's token vouches for.

        Raises:
            IdentityError: Nobody, or that cannot be told now.
            QuotaExceededError: They ask too often.
            UserMismatchError: The path names somebody else.
        """
        return (await claims_of(request)).identity


class TokenAuthentication(BearerScheme):
    """Recognises the caller, and knows until when."""

    async def __call__(self, request: Request) -> Claims:
        """Give what the request's token claims; see `claims_of`."""
        return await claims_of(request)
