"""Moments that clients ask for: a sequence of their log, or an instant."""

from datetime import datetime
from typing import Annotated

from fastapi import Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.http.errors import MomentNotReachedError
from api.http.freshness import SEQUENCE
from api.http.moments import beginning, checked_instant
from api.http.reading import read
from api.http.state import AppState
from api.http.task_number import LARGEST, task_number
from projections.queries.moment import Moment, moment_of

_LONGEST = 40


def _checked(value: str | None) -> str | None:
    if value is None or value == "0" or task_number(value):
        return value
    try:
        return checked_instant(value)
    except PydanticCustomError:
        raise _no_moment() from None


def _no_moment() -> PydanticCustomError:
    return PydanticCustomError(
        "moment",
        "This must be a sequence such as 31, or an instant such as 2026-12-24T16:00:00Z, its + "
        "written as %2B.",
    )


AsOf = Annotated[
    str | None,
    Field(max_length=_LONGEST),
    AfterValidator(_checked),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "format": "int64", "minimum": 0, "maximum": LARGEST},
                {"type": "string", "format": "date-time", "maxLength": _LONGEST},
            ]
        }
    ),
]


class TaskMoment(BaseModel):
    """As of when a task is read."""

    model_config = ConfigDict(extra="forbid")

    as_of: AsOf = Field(
        default=None,
        description="The task as it was after this one of your events, or at this instant.",
    )


async def find_moment(
    state: AppState, user_id: str, as_of: str | None, response: Response
) -> Moment:
    """Find the moment a client asks for, or now; the answer says after which event that is.

    Raises:
        MomentNotReachedError: The user's log does not reach it.
    """
    wanted = _wanted(as_of)
    moment = await read(state["pool"], user_id, lambda reader: moment_of(reader, wanted))
    if moment is None:
        raise MomentNotReachedError(as_of or "")
    response.headers[SEQUENCE] = str(moment.sequence)
    return moment


def time_of(as_of: str, moment: Moment, now: datetime) -> datetime:
    """Give the time it was at a moment that was asked for; nothing is asked of the future."""
    wanted = _wanted(as_of)
    return min(now, wanted if isinstance(wanted, datetime) else moment.recorded_at or now)


def _wanted(as_of: str | None) -> int | datetime | None:
    if as_of is None:
        return None
    return int(as_of) if as_of.isdecimal() else beginning(as_of)
