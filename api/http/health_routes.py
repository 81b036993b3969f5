"""/api/health: whether the process lives, and whether it can serve."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from api.http.dependencies import State
from api.http.openapi_parts import problems, success
from api.http.problem_types import NOT_READY
from events.listener import Hearing

router = APIRouter(prefix="/api/health", tags=["operations"])


class Live(BaseModel):
    """The process answers."""

    status: Literal["live"] = "live"


class Ready(BaseModel):
    """The process can serve.

    `wake_up` says how it learns of what other processes append: `listening` within moments;
    `polling` (a pooler swallows notifications) or `lost` (the listening connection is being sought
    again) within half a second.
    """

    status: Literal["ready"] = "ready"
    wake_up: Hearing


@router.get(
    "/live", operation_id="getLiveness", responses={**success("The process answers."), **problems()}
)
async def live() -> Live:
    """Tell whether the process answers; nothing else is looked at."""
    return Live()


@router.get(
    "/ready",
    operation_id="getReadiness",
    responses={
        **success("The database answers and has the right schema."),
        **problems(NOT_READY),
    },
)
async def ready(state: State) -> Ready:
    """Tell whether requests can be served."""
    await state["readiness"].check()
    return Ready(wake_up=state["listener"].hearing)
