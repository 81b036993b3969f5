"""What routes ask for, each name defined once."""

from typing import Annotated

from fastapi import Depends, Path, Request, Security
from pydantic import WithJsonSchema

from api.http.authentication import BearerAuthentication
from api.http.errors import NoTaskIdError
from api.http.state import RequestState, state_of
from api.http.task_number import LARGEST, task_number
from api.identity.identity import Identity

_ID_SCHEMA = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST}


async def _state(request: Request) -> RequestState:
    return state_of(request.scope)


async def _base_url(request: Request) -> str:
    configured = state_of(request.scope)["settings"].public_url
    return configured or str(request.base_url).rstrip("/")


async def _task_id(
    task_id: Annotated[
        str,
        WithJsonSchema(_ID_SCHEMA),
        Path(description="The task's number.", openapi_examples={"a task": {"value": 1}}),
    ],
) -> int:
    # What cannot be a number answers as a number nobody has: the path names no task.
    if (number := task_number(task_id)) is None:
        raise NoTaskIdError
    return number


State = Annotated[RequestState, Depends(_state)]
BaseUrl = Annotated[str, Depends(_base_url)]
Caller = Annotated[Identity, Security(BearerAuthentication())]
TaskId = Annotated[int, Depends(_task_id)]
