"""The forms a list of events is given in: JSON, JSON Lines or CSV, whichever the client prefers."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from api.http.accept import preferred
from api.http.csv_lines import csv_lines
from api.http.errors import NotAcceptableError
from api.http.event_view import TrailEvent
from api.http.openapi_parts import Responses

JSON = "application/json"
JSON_LINES = ("application/jsonl", "application/x-ndjson")
CSV = "text/csv"
FORMS = (JSON, *JSON_LINES, CSV)


async def _form(request: Request) -> str:
    accept = ",".join(request.headers.getlist("accept"))
    form = preferred(accept, FORMS)
    if form is None:
        raise NotAcceptableError(", ".join(FORMS))
    return form


Form = Annotated[str, Depends(_form)]


def in_form(events: list[TrailEvent], form: str, response: Response) -> list[TrailEvent] | Response:
    """Give events in a form, with the headers that a response has so far."""
    response.headers["Vary"] = "Accept"
    if form == JSON:
        return events
    headers = dict(response.headers)
    if form == CSV:
        return Response(
            csv_lines(events), media_type=f"{CSV}; charset=utf-8; header=present", headers=headers
        )
    return Response(_json_lines(events), media_type=form, headers=headers)


def documented(answers: Responses) -> Responses:
    """Add to what a route answers the forms that FastAPI does not see."""
    text = {"schema": {"type": "string"}}
    success = {**answers[200], "content": dict.fromkeys((*JSON_LINES, CSV), text)}
    return {**answers, 200: success}


def _json_lines(events: Sequence[BaseModel]) -> str:
    return "".join(f"{event.model_dump_json(exclude_unset=True)}\n" for event in events)
