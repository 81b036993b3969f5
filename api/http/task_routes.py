"""/api/tasks: create, list, read, replace, change and delete."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.http import task_documentation as documentation
from api.http.as_of import TaskMoment
from api.http.begun import begun
from api.http.body import JSON, MERGE_PATCH, json_body
from api.http.command_context import Context
from api.http.dependencies import BaseUrl, Caller, State, TaskId
from api.http.freshness import fresh
from api.http.pages import next_link, shown
from api.http.past_answers import find_then
from api.http.preconditions import Conditional
from api.http.revalidation import AsItWas, Present, Selected, present
from api.http.shown_task import ShownTask, shown_task
from api.http.task_answers import carry_out, change, show
from api.http.task_bodies import NewTask, TaskPatch, TaskReplacement
from api.http.task_list import list_page, shown_at
from api.http.task_query import Asked
from api.http.task_view import PATH, Task, task_url
from commands.tasks import DeleteTask
from projections.task import TASK, Task as TaskRow

router = APIRouter(prefix=PATH, tags=["tasks"])

_FRESH = Depends(fresh(TASK))
_Present = Annotated[Present, Depends(present(TASK))]


@router.post(
    "",
    operation_id="createTask",
    status_code=201,
    response_model=Task,
    responses=documentation.CREATED,
    openapi_extra=documentation.NEW_TASK,
)
async def create_task(
    context: Context,
    body: Annotated[NewTask, Depends(json_body(NewTask, JSON))],
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> ShownTask:
    """Create a task."""
    task = await change(state, context, body.command(), response)
    response.headers["Location"] = task_url(base_url, task.task_id)
    return show(task, base_url, response)


@router.get(
    "",
    operation_id="listTasks",
    response_model=list[Task],
    responses=documentation.LISTED,
    dependencies=[_FRESH],
)
async def get_tasks(
    caller: Caller,
    asked: Asked,
    state: State,
    base_url: BaseUrl,
    now: _Present,
    past: AsItWas,
    response: Response,
) -> list[ShownTask]:
    """List your tasks, newest first unless asked otherwise, without deleted ones."""
    walk = begun(asked, caller.user_id, state["cursors"])
    when = await shown_at(state, caller.user_id, walk, response)
    if when.moment is None:
        now.check(response)
    else:
        past.check(when.moment, when.at, response)
    tasks, query = await list_page(state, caller.user_id, walk, when), walk.query

    def link(last: TaskRow) -> str:
        bookmark = query.bookmark(last, when.at, when.moment)
        mark = state["cursors"].write(caller.user_id, bookmark)
        return next_link(base_url + PATH, limit=query.limit, cursor=mark)

    return [shown_task(task, base_url) for task in shown(tasks, query.limit, response, link)]


@router.get(
    "/{task_id}",
    operation_id="getTask",
    response_model=Task,
    responses=documentation.FOUND,
    dependencies=[_FRESH],
)
async def get_one_task(
    caller: Caller,
    task_id: TaskId,
    state: State,
    base_url: BaseUrl,
    conditions: Selected,
    response: Response,
    query: Annotated[TaskMoment, Query()],
) -> ShownTask:
    """Read a task."""
    task = await find_then(state, caller.user_id, task_id, query.as_of, response)
    conditions.check(task)
    return show(task, base_url, response)


@router.put(
    "/{task_id}",
    operation_id="replaceTask",
    response_model=Task,
    responses=documentation.EDITED,
    openapi_extra=documentation.REPLACEMENT,
)
async def replace_task(
    context: Conditional,
    task_id: TaskId,
    body: Annotated[TaskReplacement, Depends(json_body(TaskReplacement, JSON))],
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> ShownTask:
    """Replace everything you may set of a task; what you leave out falls back to its default."""
    return show(await change(state, context, body.command(task_id), response), base_url, response)


@router.patch(
    "/{task_id}",
    operation_id="changeTask",
    response_model=Task,
    responses=documentation.EDITED,
    openapi_extra=documentation.PATCH,
)
async def change_task(
    context: Conditional,
    task_id: TaskId,
    body: Annotated[TaskPatch, Depends(json_body(TaskPatch, MERGE_PATCH, JSON))],
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> ShownTask:
    """Change some fields of a task, as a merge patch (RFC 7396); null clears what can be empty."""
    return show(await change(state, context, body.command(task_id), response), base_url, response)


@router.delete(
    "/{task_id}",
    operation_id="deleteTask",
    status_code=204,
    response_class=Response,
    responses=documentation.DELETED,
)
async def delete_task(
    context: Conditional, task_id: TaskId, state: State, response: Response
) -> None:
    """Delete a task, recoverably."""
    await carry_out(state, context, DeleteTask(task_id=task_id), response)
