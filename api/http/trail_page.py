"""A page of what a user did, to all tasks or to one, for that user and for auditors."""

from fastapi import Response

from api.http.event_view import TrailEvent, view
from api.http.reading import read
from api.http.state import AppState
from api.http.trail_query import HistoryQuery, TrailQuery
from commands.errors import TaskNotFoundError
from projections.queries.trail_pages import read_trail


async def trail_page(
    state: AppState, user_id: str, query: TrailQuery, address: str, response: Response
) -> list[TrailEvent]:
    """Give a page of what a user did; a header leads to the next."""
    return await _page(state, user_id, query.task, query, address, response) or []


async def history_page(
    state: AppState,
    user_id: str,
    task_id: int,
    query: HistoryQuery,
    address: str,
    response: Response,
) -> list[TrailEvent]:
    """Give a page of what happened to one of a user's tasks; a header leads to the next.

    Raises:
        TaskNotFoundError: The user has no such task.
    """
    page = await _page(state, user_id, task_id, query, address, response)
    if page is None:
        raise TaskNotFoundError(task_id)
    return page


async def _page(
    state: AppState,
    user_id: str,
    task_id: int | None,
    query: HistoryQuery,
    address: str,
    response: Response,
) -> list[TrailEvent] | None:
    seen = query.seen(query.list_of(task_id))
    page = await read(
        state["pool"],
        user_id,
        lambda reader: read_trail(
            reader, query.wanted(task_id), query.order, limit=query.limit, seen=seen
        ),
    )
    if page is None:
        return None
    if page.seen is not None:
        response.headers["Link"] = query.link(address, task_id, page.seen)
    return [view(entry) for entry in page.entries]
