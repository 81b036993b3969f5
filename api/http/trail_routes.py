"""/api/events: everything the caller did."""

from fastapi import APIRouter, Depends, Response

from api.http.dependencies import BaseUrl, Caller, State
from api.http.event_view import TrailEvent
from api.http.forms import Form, in_form
from api.http.freshness import fresh
from api.http.revalidation import PresentTrail
from api.http.task_documentation import TRAIL
from api.http.trail_page import trail_page
from api.http.trail_query import AskedTrail
from projections.task_change import TASK_CHANGE

PATH = "/api/events"

router = APIRouter(prefix=PATH, tags=["history"])


@router.get(
    "",
    operation_id="listEvents",
    response_model=list[TrailEvent],
    responses=TRAIL,
    response_model_exclude_unset=True,
    dependencies=[Depends(fresh(TASK_CHANGE))],
)
async def get_events(
    caller: Caller,
    query: AskedTrail,
    known: PresentTrail,
    form: Form,
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> list[TrailEvent] | Response:
    """Tell everything you did, field by field, newest first, with what you deleted."""
    known.check(response)
    address = base_url + PATH
    events = await trail_page(state, caller.user_id, query, address, response)
    return in_form(events, form, response)
