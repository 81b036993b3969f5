"""/api/activity: how much got done on each day."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.http.days import Days, days
from api.http.dependencies import Caller, State
from api.http.freshness import fresh
from api.http.openapi_parts import EVERYWHERE, FRESHNESS, problems, success
from api.http.problem_types import INVALID_REQUEST, MALFORMED_HEADER, NOT_CAUGHT_UP
from api.http.reading import read
from projections.daily_activity import DAILY_ACTIVITY, DailyActivity
from projections.queries.activity import list_activity

router = APIRouter(prefix="/api/activity", tags=["history"])

_ANSWERS = {
    **success("The days on which anything happened, oldest first.", **FRESHNESS),
    **problems(*EVERYWHERE, MALFORMED_HEADER, NOT_CAUGHT_UP, INVALID_REQUEST),
}

EXAMPLE: JsonDict = {
    "day": "2026-11-22",
    "created": 3,
    "completed": 2,
    "reopened": 0,
    "deleted": 1,
}


class Activity(BaseModel):
    """How much you did on one day."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    day: date = Field(description="The day, in UTC.")
    created: int = Field(description="How many tasks were created.", ge=0)
    completed: int = Field(description="How often a task was done.", ge=0)
    reopened: int = Field(description="How often a done task was opened again.", ge=0)
    deleted: int = Field(description="How often a task was deleted.", ge=0)


@router.get(
    "",
    operation_id="getActivity",
    responses=_ANSWERS,
    dependencies=[Depends(fresh(DAILY_ACTIVITY))],
)
async def get_activity(
    caller: Caller, asked: Annotated[Days, Depends(days)], state: State
) -> list[Activity]:
    """Count what you did on each day (UTC), oldest first, without days on which you did nothing."""
    found = await read(
        state["pool"],
        caller.user_id,
        lambda reader: list_activity(reader, first=asked.first, last=asked.last),
    )
    return [_view(day) for day in found]


def _view(day: DailyActivity) -> Activity:
    return Activity.model_validate(day, from_attributes=True)
