"""/api/tasks/{id}/history: what happened to a task, and who did it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.http.dependencies import BaseUrl, Caller, State, TaskId
from api.http.freshness import fresh
from api.http.history_page import HistoryQuery, history_page
from api.http.history_view import Revision
from api.http.revalidation import unless_known
from api.http.task_documentation import HISTORY
from api.http.task_view import PATH, task_url
from projections.task_change import TASK_CHANGE

router = APIRouter(prefix=PATH + "/{task_id}", tags=["history"])


@router.get(
    "/history",
    operation_id="getHistory",
    responses=HISTORY,
    response_model_exclude_unset=True,
    dependencies=[Depends(fresh(TASK_CHANGE)), Depends(unless_known(TASK_CHANGE, always=False))],
)
async def get_history(
    caller: Caller,
    task_id: TaskId,
    query: Annotated[HistoryQuery, Query()],
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> list[Revision]:
    """Tell what happened to a task, field by field, newest first; deleted tasks keep theirs."""
    address = f"{task_url(base_url, task_id)}/history"
    return await history_page(state, caller.user_id, task_id, query, address, response)
