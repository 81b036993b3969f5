"""Who may have a stream: whoever brings a token, or redeems a ticket that was bought with one."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.openapi.models import APIKey, APIKeyIn
from fastapi.security.base import SecurityBase

from api.http.authentication import BearerScheme, claims_of
from api.http.rate_limits import count_user
from api.http.state import state_of
from api.identity import reasons
from api.identity.claims import Claims
from api.identity.errors import MissingTokenError, TokenRejectedError

TICKET = "ticket"


class TicketAuthentication(SecurityBase):
    """Redeems the ticket in a request's address, if there is one."""

    scheme_name = "ticket"
    model = APIKey.model_validate(
        {
            "in": APIKeyIn.query,
            "name": TICKET,
            "description": "What POST /api/events/ticket gives; good for one stream.",
        }
    )

    async def __call__(self, request: Request) -> Claims | None:
        """Give what the token claimed that the ticket was bought with; None without a ticket.

        Raises:
            TokenRejectedError: It cannot be redeemed, or there are several.
            QuotaExceededError: Whom it stands for asks too often.
        """
        tickets = request.query_params.getlist(TICKET)
        if not tickets:
            return None
        if len(tickets) > 1:
            raise TokenRejectedError(reasons.TICKET)
        claims = await state_of(request.scope)["tickets"].redeem(tickets[0])
        count_user(request.scope, claims.identity.user_id)
        return claims


class TokenUnlessTicket(BearerScheme):
    """Recognises the caller by a token where there is no ticket."""

    async def __call__(self, request: Request) -> Claims | None:
        """Give what the request's token claims; see `claims_of`."""
        return None if TICKET in request.query_params else await claims_of(request)


async def _listener(
    ticket: Annotated[Claims | None, Security(TicketAuthentication())],
    token: Annotated[Claims | None, Security(TokenUnlessTicket())],
) -> Claims:
    claims = ticket or token
    if claims is None:
        raise MissingTokenError
    return claims


Listener = Annotated[Claims, Depends(_listener)]
