"""/api/tasks as a whole: deleting all of it, or what a filter selects."""

import json

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.http.command_context import Context
from api.http.dependencies import State
from api.http.reading import read
from api.http.task_answers import note
from api.http.task_documentation import CLEARED
from api.http.task_query import Selected
from api.http.task_view import PATH
from commands.deletion import delete_tasks, find_deletion
from events import clock
from projections.queries.tasks import select_tasks

router = APIRouter(prefix=PATH, tags=["tasks"])


class Deletion(BaseModel):
    """What a deletion of several tasks has come to."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"deleted": 3}]})

    deleted: int = Field(description="How many tasks were deleted.", ge=0)


@router.delete("", operation_id="deleteTasks", responses=CLEARED)
async def delete_all_tasks(
    context: Context, selected: Selected, state: State, response: Response
) -> Deletion:
    """Delete all your tasks, or those that the filters of the list select, recoverably."""
    pool, selection = state["pool"], json.dumps(selected.asked(), sort_keys=True)
    user_id = context.user_id
    done = await read(pool, user_id, lambda reader: find_deletion(reader, context, selection))
    receipt = done.end
    if receipt is None:
        wanted = selected.filter(clock.now())
        task_ids = await read(pool, user_id, lambda reader: select_tasks(reader, wanted))
        receipt = await delete_tasks(state["handler"], context, selection, task_ids, done)
    note(receipt, response)
    return Deletion(deleted=receipt.version)
