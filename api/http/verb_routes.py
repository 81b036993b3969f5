"""/api/tasks/{id}/…: verbs that say what they do and can be repeated."""

from fastapi import APIRouter, Response

from api.http.dependencies import BaseUrl, State, TaskId
from api.http.preconditions import Conditional
from api.http.shown_task import ShownTask
from api.http.task_answers import change, show
from api.http.task_documentation import CHANGED, RESTORED
from api.http.task_view import PATH, Task
from commands.tasks import CompleteTask, ReopenTask, RestoreTask

router = APIRouter(prefix=PATH + "/{task_id}", tags=["tasks"])


@router.post("/complete", operation_id="completeTask", response_model=Task, responses=CHANGED)
async def complete_task(
    context: Conditional, task_id: TaskId, state: State, base_url: BaseUrl, response: Response
) -> ShownTask:
    """Mark a task done; one that is done already stays as it is."""
    task = await change(state, context, CompleteTask(task_id=task_id), response)
    return show(task, base_url, response)


@router.post("/reopen", operation_id="reopenTask", response_model=Task, responses=CHANGED)
async def reopen_task(
    context: Conditional, task_id: TaskId, state: State, base_url: BaseUrl, response: Response
) -> ShownTask:
    """Mark a task open again; one that is open already stays as it is."""
    task = await change(state, context, ReopenTask(task_id=task_id), response)
    return show(task, base_url, response)


@router.post("/restore", operation_id="restoreTask", response_model=Task, responses=RESTORED)
async def restore_task(
    context: Conditional, task_id: TaskId, state: State, base_url: BaseUrl, response: Response
) -> ShownTask:
    """Bring a deleted task back as it was; one that is not deleted stays as it is."""
    task = await change(state, context, RestoreTask(task_id=task_id), response)
    return show(task, base_url, response)
