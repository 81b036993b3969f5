"""/api/tasks/{id}/history: what happened to a task, and who did it."""

from fastapi import APIRouter, Depends, Response

from api.http.dependencies import BaseUrl, Caller, State, TaskId
from api.http.event_view import TrailEvent
from api.http.forms import Form, in_form
from api.http.freshness import fresh
from api.http.revalidation import PresentTrail
from api.http.task_documentation import HISTORY
from api.http.task_view import PATH, task_url
from api.http.trail_page import history_page
from api.http.trail_query import AskedHistory
from projections.task_change import TASK_CHANGE

router = APIRouter(prefix=PATH + "/{task_id}", tags=["history"])


@router.get(
    "/history",
    operation_id="getHistory",
    response_model=list[TrailEvent],
    responses=HISTORY,
    response_model_exclude_unset=True,
    dependencies=[Depends(fresh(TASK_CHANGE))],
)
async def get_history(
    caller: Caller,
    task_id: TaskId,
    query: AskedHistory,
    known: PresentTrail,
    form: Form,
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> list[TrailEvent] | Response:
    """Tell what happened to a task, field by field, newest first; deleted tasks keep theirs."""
    known.check(response)
    address = f"{task_url(base_url, task_id)}/history"
    events = await history_page(state, caller.user_id, task_id, query, address, response)
    return in_form(events, form, response)
