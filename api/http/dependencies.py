"""What routes ask for, each name defined once."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Path, Request, Security
from pydantic import WithJsonSchema
from starlette.exceptions import HTTPException

from api.http.authentication import BearerAuthentication
from api.http.base_url import base_url
from api.http.errors import ForbiddenError, NoSequenceError, NoTaskIdError, NoUserIdError
from api.http.problem_types import METHOD_NOT_ALLOWED
from api.http.state import RequestState, state_of
from api.http.task_number import BATCH, LARGEST, task_number
from api.identity.identity import Identity
from api.identity.limits import SUBJECT_LIMIT
from api.identity.roles import AUDITOR, OPERATOR

_ID_SCHEMA = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST}


async def _state(request: Request) -> RequestState:
    return state_of(request.scope)


async def _base_url(request: Request) -> str:
    configured = state_of(request.scope)["settings"].public_url
    return configured or base_url(request.scope)


async def _task_id(
    task_id: Annotated[
        str,
        WithJsonSchema(_ID_SCHEMA),
        Path(description="The task's number.", openapi_examples={"a task": {"value": 1}}),
    ],
) -> int:
    if task_id == BATCH:
        # It is there, though not for what tasks are asked.
        raise HTTPException(METHOD_NOT_ALLOWED.status)
    # What cannot be a number answers as a number nobody has: the path names no task.
    if (number := task_number(task_id)) is None:
        raise NoTaskIdError
    return number


async def _sequence(
    sequence: Annotated[
        str,
        WithJsonSchema(_ID_SCHEMA),
        Path(
            description="The event's place among everything you have done.",
            openapi_examples={"an event": {"value": 1}},
        ),
    ],
) -> int:
    if (number := task_number(sequence)) is None:
        raise NoSequenceError
    return number


Caller = Annotated[Identity, Security(BearerAuthentication())]


def _demand(role: str) -> Callable[..., Awaitable[Identity]]:
    async def check(caller: Caller) -> Identity:
        if role not in caller.roles:
            raise ForbiddenError(role)
        return caller

    return check


async def _user_id(user_id: Annotated[str, Path(description="Whose, as in `sub`.")]) -> str:
    if len(user_id) > SUBJECT_LIMIT or not user_id.isprintable():
        raise NoUserIdError
    return user_id


State = Annotated[RequestState, Depends(_state)]
BaseUrl = Annotated[str, Depends(_base_url)]
TaskId = Annotated[int, Depends(_task_id)]
EventSequence = Annotated[int, Depends(_sequence)]
UserId = Annotated[str, Depends(_user_id)]
Auditor = Annotated[Identity, Depends(_demand(AUDITOR))]
Operator = Annotated[Identity, Depends(_demand(OPERATOR))]
