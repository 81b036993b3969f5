"""PATCH /api/tasks/{task_id}/complete: whether a task is done, said outright or turned around."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.http.body import JSON, MERGE_PATCH, RequestBody, optional_body
from api.http.dependencies import BaseUrl, State, TaskId
from api.http.openapi_parts import request_body
from api.http.preconditions import Conditional
from api.http.shown_task import ShownTask
from api.http.task_answers import change, show
from api.http.task_bodies import Completed
from api.http.task_documentation import EDITED
from api.http.task_view import PATH, Task
from commands.tasks import CompleteTask, ReopenTask, TaskCommand, ToggleTask

router = APIRouter(prefix=PATH + "/{task_id}", tags=["tasks"])


class Completion(RequestBody):
    """Whether a task is done."""

    completed: Completed


_BODY = request_body(
    "Completion",
    JSON,
    MERGE_PATCH,
    examples={"done": {"completed": True}, "open": {"completed": False}},
    required=False,
)


@router.patch(
    "/complete",
    operation_id="setCompletion",
    response_model=Task,
    responses=EDITED,
    openapi_extra=_BODY,
)
async def set_completion(
    context: Conditional,
    task_id: TaskId,
    body: Annotated[Completion | None, Depends(optional_body(Completion, JSON, MERGE_PATCH))],
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> ShownTask:
    """Say whether a task is done; without a body, turn it from open to done or back."""
    task = await change(state, context, _command(task_id, body), response)
    return show(task, base_url, response)


def _command(task_id: int, body: Completion | None) -> TaskCommand:
    if body is None:
        return ToggleTask(task_id=task_id)
    return CompleteTask(task_id=task_id) if body.completed else ReopenTask(task_id=task_id)
