"""The one way to be somebody here: a bearer token."""

from fastapi import Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase

from api.http.alias import NAMED_USER
from api.http.errors import UserMismatchError
from api.http.rate_limits import count_user
from api.http.state import state_of
from api.identity.bearer import bearer_token
from api.identity.identity import Identity


class BearerAuthentication(SecurityBase):
    """Recognises the caller, and tells the OpenAPI document how."""

    scheme_name = "bearer"
    model = HTTPBearer(
        bearerFormat="JWT",
        description="A JSON Web Token of your issuer: what /api/auth/token of Better Auth gives, "
        "or what `taskfold token` makes.",
    )

    async def __call__(self, request: Request) -> Identity:
        """Give whom the request's token vouches for.

        Raises:
            IdentityError: Nobody, or that cannot be told now.
            QuotaExceededError: They ask too often.
            UserMismatchError: The path names somebody else.
        """
        token = bearer_token(request.headers.getlist("authorization"))
        identity = await state_of(request.scope)["verifier"].identify(token)
        if request.scope.get(NAMED_USER, identity.user_id) != identity.user_id:
            raise UserMismatchError
        count_user(request.scope, identity.user_id)
        return identity
