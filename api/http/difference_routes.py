"""/api/diff: what became of the caller's tasks between two moments."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from api.http.as_of import AsOf, find_moment
from api.http.cursor import cursor
from api.http.dependencies import BaseUrl, Caller, State
from api.http.difference_view import Difference, view
from api.http.freshness import fresh
from api.http.pages import PageQuery, next_link
from api.http.reading import read
from api.http.task_documentation import DIFFERENCES
from projections.queries.differences import read_differences
from projections.task_change import TASK_CHANGE

PATH = "/api/diff"

router = APIRouter(prefix=PATH, tags=["history"])


class DifferenceQuery(PageQuery):
    """Between which moments, and which page."""

    from_: AsOf = Field(
        default="0", alias="from", description="The moment to compare with; the very first one."
    )
    to: AsOf = Field(default=None, description="The moment that is compared; now by default.")


@router.get(
    "",
    operation_id="getDifferences",
    responses=DIFFERENCES,
    dependencies=[Depends(fresh(TASK_CHANGE))],
)
async def get_differences(
    caller: Caller,
    query: Annotated[DifferenceQuery, Query()],
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> list[Difference]:
    """Tell which tasks were added, changed and removed between two moments, field by field."""
    before = await find_moment(state, caller.user_id, query.from_ or "0", response)
    after = await find_moment(state, caller.user_id, query.to, response)
    list_ = f"diff/{before.sequence}/{after.sequence}"
    seen = query.seen(list_) or 0
    page = await read(
        state["pool"],
        caller.user_id,
        lambda reader: read_differences(reader, before, after, limit=query.limit, seen=seen),
    )
    if page.seen is not None:
        # What was asked as an instant, or as now, stays the moment it was.
        moments = {"from": before.sequence, "to": after.sequence}
        mark = cursor(list_, page.seen)
        link = next_link(base_url + PATH, **moments, limit=query.limit, cursor=mark)
        response.headers["Link"] = link
    shown = (view(difference, base_url) for difference in page.differences)
    return [difference for difference in shown if difference is not None]
