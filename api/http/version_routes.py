"""/api/tasks/{id}/versions/{n}: a task as it was when it had a version."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import WithJsonSchema

from api.http.dependencies import BaseUrl, Caller, State, TaskId
from api.http.freshness import fresh
from api.http.past_answers import find_version
from api.http.revalidation import Selected
from api.http.shown_task import ShownTask
from api.http.task_answers import show
from api.http.task_documentation import VERSION
from api.http.task_number import LARGEST, task_number
from api.http.task_view import PATH, Task
from projections.task_change import TASK_CHANGE

router = APIRouter(prefix=PATH + "/{task_id}", tags=["history"])

_SCHEMA = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST}


async def _version(
    version: Annotated[
        str,
        WithJsonSchema(_SCHEMA),
        Path(description="Which version.", openapi_examples={"the first": {"value": 1}}),
    ],
) -> int:
    return task_number(version) or 0


@router.get(
    "/versions/{version}",
    operation_id="getTaskVersion",
    response_model=Task,
    responses=VERSION,
    dependencies=[Depends(fresh(TASK_CHANGE))],
)
async def get_one_version(
    caller: Caller,
    task_id: TaskId,
    version: Annotated[int, Depends(_version)],
    state: State,
    base_url: BaseUrl,
    conditions: Selected,
    response: Response,
) -> ShownTask:
    """Read a task as it was when it had a version."""
    task = await find_version(state, caller.user_id, task_id, version)
    conditions.check(task)
    return show(task, base_url, response)
