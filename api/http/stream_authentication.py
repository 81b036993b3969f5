"""Who may have a stream: whoever brings a token, or a ticket that was bought with one."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Admission:
    """Leave to have a stream.

    Attributes:
        claims: What is claimed of whoever asks.
        ticket: What is to be redeemed once nothing else stands in the way; None for a token.
    """

    claims: Claims
    ticket: str | None = None


class TicketAuthentication(SecurityBase):
    """Looks at the ticket in a request's address, if there is one."""

    scheme_name = "ticket"
    model = APIKey.model_validate(
        {
            "in": APIKeyIn.query,
            "name": TICKET,
            "description": "What POST /api/events/ticket gives; good for one stream.",
        }
    )

    async def __call__(self, request: Request) -> Admission | None:
        """Admit whoever the token stood for that the ticket was bought with; None without a ticket.

        Raises:
            TokenRejectedError: It is not good, or there are several.
            QuotaExceededError: Whom it stands for asks too often.
        """
        tickets = request.query_params.getlist(TICKET)
        if not tickets:
            return None
        if len(tickets) > 1:
            raise TokenRejectedError(reasons.TICKET)
        claims = await state_of(request.scope)["tickets"].look(tickets[0])
        # Only now: whoever finds one that is spent must not use up the quota of its user.
        count_user(request.scope, claims.identity.user_id)
        return Admission(claims, tickets[0])


class TokenUnlessTicket(BearerScheme):
    """Recognises the caller by a token where there is no ticket."""

    async def __call__(self, request: Request) -> Claims | None:
        """Give what the request's token claims; see `claims_of`."""
        return None if TICKET in request.query_params else await claims_of(request)


async def _listener(
    ticket: Annotated[Admission | None, Security(TicketAuthentication())],
    token: Annotated[Claims | None, Security(TokenUnlessTicket())],
) -> Admission:
    if ticket is not None:
        return ticket
    if token is None:
        raise MissingTokenError
    return Admission(token)


Listener = Annotated[Admission, Depends(_listener)]
