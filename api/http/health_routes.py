"""/api/health: whether the process lives, and whether it can serve."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from api.http.dependencies import State
from api.http.health_view import Ready, view
from api.http.openapi_parts import problems, success
from api.http.problem_types import NOT_READY

router = APIRouter(prefix="/api/health", tags=["operations"])


class Live(BaseModel):
    """The process answers."""

    status: Literal["live"] = "live"


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
    response_model_exclude_unset=True,
)
async def ready(state: State) -> Ready:
    """Tell whether requests can be served, and whether somebody should look after something."""
    projections = await state["readiness"].check()
    return view(
        projections,
        hearing=state["listener"].hearing,
        stalled=state["projectors"].stalled,
        checked=state["routine_check"].differences,
        issuer_keys=state["verifier"].key_state,
    )
