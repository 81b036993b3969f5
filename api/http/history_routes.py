"""/api/tasks/{id}/history: what happened to a task, and who did it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from api.http.cursor import cursor
from api.http.dependencies import BaseUrl, Caller, State, TaskId
from api.http.freshness import fresh
from api.http.history_view import Revision, view
from api.http.pages import PageQuery, next_link
from api.http.reading import read
from api.http.revalidation import unless_known
from api.http.task_documentation import HISTORY
from api.http.task_view import PATH, task_url
from commands.errors import TaskNotFoundError
from projections.queries.history import Order, read_history
from projections.task_change import TASK_CHANGE

router = APIRouter(prefix=PATH + "/{task_id}", tags=["history"])


class HistoryQuery(PageQuery):
    """Which page of a history."""

    order: Order = Field(default=Order.NEWEST, description="Which end comes first.")

    def link(self, address: str, cursor: str) -> str:
        """Give the Link header that leads to the next page."""
        return next_link(address, order=self.order, limit=self.limit, cursor=cursor)


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
    list_ = f"history/{task_id}/{query.order}"
    seen = query.seen(list_)
    # One more than asked tells whether there is a next page.
    revisions = await read(
        state["pool"],
        lambda connection: read_history(
            connection, caller.user_id, task_id, query.order, limit=query.limit + 1, seen=seen
        ),
    )
    if revisions is None:
        raise TaskNotFoundError(task_id)
    shown = revisions[: query.limit]
    if len(revisions) > query.limit:
        last = cursor(list_, shown[-1].version)
        address = f"{task_url(base_url, task_id)}/history"
        response.headers["Link"] = query.link(address, last)
    return [view(revision) for revision in shown]
