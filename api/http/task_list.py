"""A page of the list of tasks, as they are or as they were."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Response

from api.http.as_of import find_moment, time_of
from api.http.begun import Begun
from api.http.looking_up import look_up
from api.http.reading import read
from api.http.state import AppState
from projections.queries.moment import Moment
from projections.queries.past import list_tasks_then
from projections.queries.tasks import NEWEST_FIRST, NEWEST_TASKS, list_tasks
from projections.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """When a list is shown as it was.

    Attributes:
        at: What time it was for what depends on it, such as what is overdue.
        moment: After which event; None for the list as it is.
    """

    at: datetime
    moment: Moment | None = None


async def shown_at(state: AppState, user_id: str, walk: Begun, response: Response) -> Shown:
    """Find out when a list is to be shown as it was.

    Raises:
        MomentNotReachedError: The user's log does not reach the moment that is asked for.
    """
    if walk.as_of is None:
        return Shown(at=walk.at)
    moment = await find_moment(state, user_id, walk.as_of, response)
    at = walk.at if walk.after else time_of(walk.as_of, moment, walk.at)
    return Shown(at=at, moment=moment)


async def list_page(state: AppState, user_id: str, walk: Begun, shown: Shown) -> list[Task]:
    """Give a page of the list, and one more task if there is a next one."""
    listing, limit = walk.query.listing(shown.at, walk.after), walk.query.limit + 1
    moment = shown.moment
    if moment is None and listing == NEWEST_FIRST:
        return await look_up(state, user_id, NEWEST_TASKS, limit=limit)
    if moment is None:
        return await read(
            state["pool"], user_id, lambda reader: list_tasks(reader, listing, limit=limit)
        )
    return await read(
        state["pool"],
        user_id,
        lambda reader: list_tasks_then(reader, moment, listing, limit=limit),
    )
