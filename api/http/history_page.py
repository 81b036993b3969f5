"""A page of a task's history, for its owner and for auditors."""

from fastapi import Response
from pydantic import Field

from api.http.cursor import cursor
from api.http.history_view import Revision, view
from api.http.pages import PageQuery, next_link, shown
from api.http.reading import read
from api.http.state import AppState
from commands.errors import TaskNotFoundError
from projections.queries.history import Order, Revision as RevisionRow, read_history


class HistoryQuery(PageQuery):
    """Which page of a history."""

    order: Order = Field(default=Order.NEWEST, description="Which end comes first.")

    def link(self, address: str, cursor: str) -> str:
        """Give the Link header that leads to the next page."""
        return next_link(address, order=self.order, limit=self.limit, cursor=cursor)


async def history_page(
    state: AppState,
    user_id: str,
    task_id: int,
    query: HistoryQuery,
    address: str,
    response: Response,
) -> list[Revision]:
    """Give a page of what happened to one of a user's tasks; a header leads to the next.

    Raises:
        TaskNotFoundError: The user has no such task.
    """
    list_ = f"history/{task_id}/{query.order}"
    seen = query.seen(list_)
    revisions = await read(
        state["pool"],
        user_id,
        lambda reader: read_history(reader, task_id, query.order, limit=query.limit + 1, seen=seen),
    )
    if revisions is None:
        raise TaskNotFoundError(task_id)

    def link(last: RevisionRow) -> str:
        return query.link(address, cursor(list_, last.version))

    return [view(revision) for revision in shown(revisions, query.limit, response, link)]
