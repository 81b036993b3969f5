"""The one way to be somebody here: a bearer token."""

from fastapi import Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase

from api.http.state import state_of
from api.identity.bearer import Identity, bearer_token, identify


class BearerAuthentication(SecurityBase):
    """Recognises the caller, and tells the OpenAPI document how."""

    scheme_name = "bearer"
    model = HTTPBearer(
        bearerFormat="JWT",
        description="A token signed with BETTER_AUTH_SECRET (HS256); `taskfold token` makes one.",
    )

    async def __call__(self, request: Request) -> Identity:
        """Give whom the request's token vouches for.

        Raises:
            IdentityError: Nobody.
        """
        token = bearer_token(request.headers.getlist("authorization"))
        return identify(token, state_of(request.scope)["token_rules"])
