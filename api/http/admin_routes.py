"""/api/admin/users: the trails of other users, for auditors; the user sees who has looked."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from api.http.cursor import cursor
from api.http.dependencies import Auditor, BaseUrl, State, TaskId, UserId
from api.http.event_view import TrailEvent, view
from api.http.history_page import HistoryQuery, history_page
from api.http.history_view import Revision
from api.http.openapi_parts import EVERYWHERE, LINK, problems, success
from api.http.pages import Page, next_link, shown
from api.http.problem_types import (
    FORBIDDEN,
    INVALID_REQUEST,
    MALFORMED_CURSOR,
    NOT_CAUGHT_UP,
    TASK_NOT_FOUND,
    USER_NOT_FOUND,
)
from api.http.reading import read
from api.http.state import RequestState
from api.identity.identity import Identity
from api.identity.roles import AUDITOR
from events import clock
from events.access_log import NewAccess, record_access
from events.reader import StoredEvent, read_log

PATH = "/api/admin/users/{user_id}"

router = APIRouter(prefix=PATH, tags=["administration"])

_PROBLEMS = (*EVERYWHERE, FORBIDDEN, USER_NOT_FOUND, INVALID_REQUEST, MALFORMED_CURSOR)
_TRAIL = {**success("What the user did, oldest first.", Link=LINK), **problems(*_PROBLEMS)}
_HISTORY = {
    **success("What happened, newest first unless asked otherwise.", Link=LINK),
    **problems(*_PROBLEMS, TASK_NOT_FOUND, NOT_CAUGHT_UP),
}
_LIST = "trail"


@router.get("/events", operation_id="getTrail", responses=_TRAIL, response_model_exclude_unset=True)
async def get_trail(
    caller: Auditor,
    user_id: UserId,
    page: Page,
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> list[TrailEvent]:
    """Tell everything a user did, oldest first; the user sees that you have looked."""
    after = page.seen(_LIST) or 0
    await _record(state, caller, user_id, "events")
    events = await read(
        state["pool"],
        user_id,
        lambda reader: read_log(reader, after=after, limit=page.limit + 1),
    )

    def link(last: StoredEvent) -> str:
        address = _address(base_url, user_id, "events")
        return next_link(address, limit=page.limit, cursor=cursor(_LIST, last.sequence))

    return [view(event) for event in shown(events, page.limit, response, link)]


@router.get(
    "/tasks/{task_id}/history",
    operation_id="getTrailOfTask",
    responses=_HISTORY,
    response_model_exclude_unset=True,
)
async def get_trail_of_task(
    caller: Auditor,
    user_id: UserId,
    task_id: TaskId,
    query: Annotated[HistoryQuery, Query()],
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> list[Revision]:
    """Tell what happened to a user's task, field by field; the user sees that you have looked."""
    what = f"tasks/{task_id}/history"
    await _record(state, caller, user_id, what)
    address = _address(base_url, user_id, what)
    return await history_page(state, user_id, task_id, query, address, response)


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
