"""/api/admin/users: the trails of other users, for auditors; the user sees who has looked."""

from urllib.parse import quote

from fastapi import APIRouter, Response

from api.http.dependencies import Auditor, BaseUrl, State, TaskId, UserId
from api.http.event_view import TrailEvent
from api.http.forms import Form, documented, in_form
from api.http.openapi_parts import EVERYWHERE, LINK, problems, success
from api.http.problem_types import (
    FORBIDDEN,
    INVALID_REQUEST,
    MALFORMED_CURSOR,
    NOT_CAUGHT_UP,
    TASK_NOT_FOUND,
    USER_NOT_FOUND,
)
from api.http.state import RequestState
from api.http.trail_page import history_page, trail_page
from api.http.trail_query import AskedHistory, AskedTrail
from api.identity.identity import Identity
from api.identity.roles import AUDITOR
from events import clock
from events.access_log import NewAccess, record_access

PATH = "/api/admin/users/{user_id}"

router = APIRouter(prefix=PATH, tags=["administration"])

_PROBLEMS = (*EVERYWHERE, FORBIDDEN, USER_NOT_FOUND, INVALID_REQUEST, MALFORMED_CURSOR)
_TRAIL = {
    **documented(success("What happened, newest first unless asked otherwise.", Link=LINK)),
    **problems(*_PROBLEMS, TASK_NOT_FOUND, NOT_CAUGHT_UP),
}


@router.get(
    "/events",
    operation_id="getTrail",
    response_model=list[TrailEvent],
    responses=_TRAIL,
    response_model_exclude_unset=True,
)
async def get_trail(
    caller: Auditor,
    user_id: UserId,
    query: AskedTrail,
    form: Form,
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> list[TrailEvent] | Response:
    """Tell everything a user did, newest first; the user sees that you have looked."""
    await _record(state, caller, user_id, "events")
    address = _address(base_url, user_id, "events")
    events = await trail_page(state, user_id, query, address, response)
    return in_form(events, form, response)


@router.get(
    "/tasks/{task_id}/history",
    operation_id="getTrailOfTask",
    response_model=list[TrailEvent],
    responses=_TRAIL,
    response_model_exclude_unset=True,
)
async def get_trail_of_task(
    caller: Auditor,
    user_id: UserId,
    task_id: TaskId,
    query: AskedHistory,
    form: Form,
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> list[TrailEvent] | Response:
    """Tell what happened to a user's task, field by field; the user sees that you have looked."""
    what = f"tasks/{task_id}/history"
    await _record(state, caller, user_id, what)
    address = _address(base_url, user_id, what)
    events = await history_page(state, user_id, task_id, query, address, response)
    return in_form(events, form, response)


def _address(base_url: str, user_id: str, what: str) -> str:
    return f"{base_url}{PATH.format(user_id=quote(user_id, safe=''))}/{what}"


async def _record(state: RequestState, caller: Identity, user_id: str, what: str) -> None:
    access = NewAccess(
        user_id=user_id,
        actor=caller.user_id,
        role=AUDITOR,
        what=what,
        request_id=state["request_id"],
        at=clock.now(),
    )
    async with state["pool"].connection() as connection:
        await record_access(connection, access)
