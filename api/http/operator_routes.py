"""/api/admin/projections: how projections are, and stopping and starting them, for operators."""

from fastapi import APIRouter

from api.http.dependencies import Operator, State
from api.http.openapi_parts import EVERYWHERE, problems, success
from api.http.problem_types import FORBIDDEN, NOT_PAUSABLE, PROJECTION_NOT_FOUND
from api.http.projection_view import ProjectionView, view
from events.database import Connection
from projections.following.pause import async_projection, pause, resume
from projections.registry import AnyProjection
from projections.status.statuses import find_statuses

router = APIRouter(prefix="/api/admin/projections", tags=["administration"])

_LISTED = {**success("All projections."), **problems(*EVERYWHERE, FORBIDDEN)}
_CHANGED = {
    **success("The projection as it is now."),
    **problems(*EVERYWHERE, FORBIDDEN, PROJECTION_NOT_FOUND, NOT_PAUSABLE),
}


@router.get("", operation_id="listProjections", responses=_LISTED)
async def get_projections(_caller: Operator, state: State) -> list[ProjectionView]:
    """Tell how every projection is."""
    async with state["pool"].connection() as connection:
        return [view(status) for status in await find_statuses(connection)]


@router.post("/{name}/pause", operation_id="pauseProjection", responses=_CHANGED)
async def pause_projection(_caller: Operator, name: str, state: State) -> ProjectionView:
    """Stop an async projection; one that has stopped already stays as it is."""
    projection = async_projection(name)
    async with state["pool"].connection() as connection:
        await pause(connection, name)
        return await _shown(connection, projection)


@router.post("/{name}/resume", operation_id="resumeProjection", responses=_CHANGED)
async def resume_projection(_caller: Operator, name: str, state: State) -> ProjectionView:
    """Have a stopped projection carried on; one that runs already goes on."""
    projection = async_projection(name)
    async with state["pool"].connection() as connection:
        await resume(connection, name)
        return await _shown(connection, projection)


async def _shown(connection: Connection, projection: AnyProjection) -> ProjectionView:
    [status] = await find_statuses(connection, [projection])
    return view(status)
