"""…/undo: putting back what the latest command has changed of a task, or what one event has."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.http.dependencies import BaseUrl, EventSequence, State, TaskId
from api.http.preconditions import Conditional
from api.http.reading import read
from api.http.shown_task import ShownTask
from api.http.state import AppState
from api.http.task_answers import change, show_unless_deleted
from api.http.task_documentation import EVENT_UNDONE, TASK_UNDONE
from api.http.task_view import PATH, Task
from commands.errors import EventNotFoundError
from commands.tasks import UndoEvent, UndoLatest
from events.reader import read_log

router = APIRouter(tags=["history"])


class UndoQuery(BaseModel):
    """How an event is undone."""

    model_config = ConfigDict(extra="forbid")

    force: bool = Field(
        default=False, description="Undo it even if that overwrites what was changed later."
    )


@router.post(
    PATH + "/{task_id}/undo",
    operation_id="undoTask",
    responses=TASK_UNDONE,
    response_model=Task,
)
async def undo_task(
    context: Conditional, task_id: TaskId, state: State, base_url: BaseUrl, response: Response
) -> ShownTask | Response:
    """Undo the latest change of a task, all that one command has changed; twice redoes it."""
    task = await change(state, context, UndoLatest(task_id=task_id), response)
    return show_unless_deleted(task, base_url, response)


@router.post(
    "/api/events/{sequence}/undo",
    operation_id="undoEvent",
    responses=EVENT_UNDONE,
    response_model=Task,
)
async def undo_event(
    context: Conditional,
    sequence: EventSequence,
    query: Annotated[UndoQuery, Query()],
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> ShownTask | Response:
    """Undo one event, unless what it changed was changed later; one that is undone stays so."""
    task_id = await _task_of(state, context.user_id, sequence)
    command = UndoEvent(sequence=sequence, force=query.force, task_id=task_id)
    task = await change(state, context, command, response)
    return show_unless_deleted(task, base_url, response)


async def _task_of(state: AppState, user_id: str, sequence: int) -> int:
    """Give the task that an event has happened to, which never changes.

    Raises:
        EventNotFoundError: The user has no such event.
    """
    events = await read(
        state["pool"], user_id, lambda reader: read_log(reader, after=sequence - 1, limit=1)
    )
    if not events or events[0].sequence != sequence:
        raise EventNotFoundError(sequence)
    return events[0].task_id
