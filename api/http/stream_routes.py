"""/api/events/stream: what happens to a user's tasks, as it happens, and tickets for browsers."""

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Security
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic.json_schema import SkipJsonSchema

from api.http import stream_documentation as documentation
from api.http.authentication import TokenAuthentication
from api.http.dependencies import BaseUrl, State
from api.http.errors import FieldError, InvalidFieldsError
from api.http.stream import Stream, stream_of
from api.http.stream_authentication import TICKET, Listener
from api.identity.claims import Claims

PATH = "/api/events"

router = APIRouter(prefix=PATH, tags=["live"])

EXAMPLE: JsonDict = {
    "ticket": "Hq3vASNFZ4mrze8BI0VniQ",
    "url": "http://127.0.0.1:8000/api/events/stream?ticket=Hq3vASNFZ4mrze8BI0VniQ",
    "expires_at": "2026-11-22T10:16:00.123456Z",
}


class StreamTicket(BaseModel):
    """What opens one stream without a header."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    ticket: str = Field(description="The value of the parameter `ticket`.")
    url: str = Field(
        description="Where to redeem it, absolute; add `&after=` to go on where you were.",
        json_schema_extra={"format": "uri"},
    )
    expires_at: AwareDatetime = Field(description="Until when, UTC.")


After = Annotated[
    str | SkipJsonSchema[None],
    Query(
        description="The id, or the sequence as in `sequence` of GET /api/sync, after which to "
        "begin; without it, with what happens from now on.",
        examples=["31"],
    ),
]
LastEventId = Annotated[
    str | SkipJsonSchema[None],
    Header(
        alias="Last-Event-ID",
        description="The id received last, as EventSource sends it by itself; it wins over "
        "`after`.",
        examples=["31-9f86d081884c7d65"],
    ),
]


async def _known_parameters(request: Request) -> None:
    # One that is misspelt would give another part of the log than was meant.
    unknown = [name for name in request.query_params if name not in {"after", TICKET}]
    if unknown:
        errors = [
            FieldError(place=name[:100], detail="This is not known here.", in_body=False)
            for name in unknown[:50]
        ]
        raise InvalidFieldsError(tuple(errors))


async def _opened(
    listener: Listener, state: State, _known: Annotated[None, Depends(_known_parameters)]
) -> AsyncGenerator[Stream]:
    """Have a place for the stream until its last byte is sent."""
    with state["streams"].place(listener.claims.identity.user_id) as bell:
        yield stream_of(state, listener.claims, bell)


@router.get(
    "/stream",
    operation_id="streamEvents",
    response_class=StreamingResponse,
    responses=documentation.STREAM,
)
async def stream_events(
    request: Request,
    listener: Listener,
    state: State,
    stream: Annotated[Stream, Depends(_opened)],
    after: After = None,
    last_event_id: LastEventId = None,
) -> EventSourceResponse:
    """Give your events as they happen, as Server-Sent Events, none twice and none left out."""
    first = await stream.begin(last_event_id or after or None)
    if listener.ticket is not None:
        # Last of all, so that it can be used again after a refusal that was none of its own.
        await state["tickets"].redeem(listener.ticket)
    headers = {"X-Accel-Buffering": "no"}
    return EventSourceResponse(_unless_head(request, stream.frames(first)), headers=headers)


async def _unless_head(request: Request, frames: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    # Known by now: the headers have been sent, and a HEAD would be answered without an end.
    if request.scope["method"] == "HEAD":
        return
    async for frame in frames:
        yield frame


@router.post("/ticket", operation_id="issueTicket", status_code=201, responses=documentation.TICKET)
async def issue_ticket(
    claims: Annotated[Claims, Security(TokenAuthentication())], state: State, base_url: BaseUrl
) -> StreamTicket:
    """Give a ticket that opens one stream, for EventSource, which sends no token."""
    ticket = await state["tickets"].issue(claims)
    return StreamTicket(
        ticket=ticket.text,
        url=f"{base_url}{PATH}/stream?{TICKET}={ticket.text}",
        expires_at=ticket.expires_at,
    )
