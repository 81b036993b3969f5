"""POST /api/tasks/batch: several commands in one request."""

from typing import Annotated

import psycopg
from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from api.http.batch_bodies import BatchRequest
from api.http.batch_view import BatchAnswer, results, temporary_ids
from api.http.body import JSON, json_body
from api.http.command_context import Context
from api.http.dependencies import BaseUrl, State
from api.http.prefer import APPLIED, preferred
from api.http.rate_limits import count_batch
from api.http.reading import read
from api.http.state import AppState
from api.http.task_answers import note
from api.http.task_documentation import BATCH, BATCH_BODY
from api.http.task_number import BATCH as NAME
from api.http.task_view import PATH, Task, view
from commands.errors import OutcomeUnknownError
from commands.receipt import Receipt
from projections.errors import NotFilledError
from projections.queries.versions import get_task_versions

router = APIRouter(prefix=PATH, tags=["tasks"])

Preference = Annotated[
    list[str] | SkipJsonSchema[None],
    WithJsonSchema({"type": "string", "examples": ["return=minimal"]}),
    Header(
        alias="Prefer",
        description="`return=minimal` leaves the tasks out of the answer (RFC 7240).",
    ),
]


@router.post(
    f"/{NAME}",
    operation_id="carryOutBatch",
    responses=BATCH,
    openapi_extra=BATCH_BODY,
    response_model_exclude_unset=True,
)
async def carry_out_batch(
    context: Context,
    body: Annotated[BatchRequest, Depends(json_body(BatchRequest, JSON))],
    state: State,
    base_url: BaseUrl,
    request: Request,
    response: Response,
    prefer: Preference = None,
) -> BatchAnswer:
    """Carry out up to 100 commands in order: each by itself, or all or none."""
    count_batch(request.scope, context.user_id, len(body.commands))
    if state["settings"].require_if_match:
        body.check_conditions()
    batch = body.batch()
    receipt = await state["handler"].handle(context, batch)
    note(receipt, response)
    answer = BatchAnswer(
        results=results(batch.steps, receipt.steps),
        temporary_ids=temporary_ids(batch.steps, receipt.steps),
    )
    if (wanted := preferred(prefer or [])) is not None:
        response.headers[APPLIED] = f"return={wanted}"
    if wanted != "minimal":
        answer.tasks = await _tasks(state, context.user_id, receipt, base_url)
    return answer


async def _tasks(state: AppState, user_id: str, batch: Receipt, base_url: str) -> list[Task]:
    """Give the tasks as the batch left them, however much later that is asked again.

    Raises:
        OutcomeUnknownError: They cannot be read.
    """
    versions = dict[int, int]()
    for step in batch.steps:
        if isinstance(step, Receipt):
            versions[step.task_id] = max(step.version, versions.get(step.task_id, 0))
    try:
        tasks = await read(
            state["pool"], user_id, lambda reader: get_task_versions(reader, versions)
        )
    except (psycopg.OperationalError, NotFilledError) as error:
        raise OutcomeUnknownError from error
    return [view(task, base_url) for task in tasks if task.deleted_at is None]
