"""/api/me: all that somebody has here, to be taken along or to be erased."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from api.erasure import clear
from api.http import problem_types as types
from api.http.command_context import Context
from api.http.dependencies import Caller, State
from api.http.errors import NotConfirmedError
from api.http.openapi_parts import EVERYWHERE, WRITTEN, Responses, problems, success
from api.http.personal_export import personal_export
from api.http.task_answers import note
from commands.tasks import EraseLog
from events.export import Exported

PATH = "/api/me"
NDJSON = "application/x-ndjson"
CONFIRM = "Taskfold-Confirm"
CONFIRMATION = "erase"

router = APIRouter(prefix=PATH, tags=["personal data"])

_LINES: dict[str, Any] = {
    "schema": {"type": "string"},
    "example": '{"specversion":"1.0","id":"demo/1","type":"TaskCreated"}',
}
_EXPORTED: Responses = {
    200: {
        "description": "Your tasks, your log and a closing line, one CloudEvent a line.",
        "content": {NDJSON: _LINES},
        "headers": {
            "Content-Disposition": {
                "description": "What to call the file.",
                "schema": {"type": "string"},
                "example": 'attachment; filename="taskfold.jsonl"',
            }
        },
    },
    **problems(*EVERYWHERE, types.NOT_ACCEPTABLE),
}
_ERASED: Responses = {
    **success("Nothing is left of what you said.", **WRITTEN),
    **problems(
        *EVERYWHERE,
        types.CONFIRMATION_REQUIRED,
        types.MALFORMED_HEADER,
        types.IDEMPOTENCY_KEY_REUSED,
        types.OVERLOADED,
        types.OUTCOME_UNKNOWN,
    ),
}

Confirmation = Annotated[
    list[str] | SkipJsonSchema[None],
    WithJsonSchema({"type": "string", "enum": [CONFIRMATION]}),
    Header(
        alias=CONFIRM,
        description=f"`{CONFIRMATION}`: you know that nothing can bring your data back.",
    ),
]


class Erased(BaseModel):
    """What the log says of its erasure."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"sequence": 42, "erased_through": 41}]}
    )

    sequence: int = Field(description="The event that says so; 0 if there never was any.", ge=0)
    erased_through: int = Field(description="Up to which event all is erased.", ge=0)


@router.get(
    "/export", operation_id="exportMe", responses=_EXPORTED, response_class=StreamingResponse
)
async def export_me(caller: Caller, state: State) -> StreamingResponse:
    """Take along all you have here: your tasks, deleted ones too, and the log behind them."""
    parts = personal_export(state["pool"], caller.user_id)
    # Before the answer begins, so that a database that is away becomes a problem document.
    first = await anext(parts)
    headers = {"Content-Disposition": 'attachment; filename="taskfold.jsonl"'}
    return StreamingResponse(_lines(first, parts), media_type=NDJSON, headers=headers)


@router.delete("", operation_id="eraseMe", responses=_ERASED)
async def erase_me(
    context: Context, state: State, response: Response, confirmation: Confirmation = None
) -> Erased:
    """Erase all you have ever said here, for ever; what stays are numbers, types and times."""
    if confirmation != [CONFIRMATION]:
        raise NotConfirmedError(CONFIRM, CONFIRMATION)
    # The one event that stays says nothing of where it was asked from.
    receipt = await state["handler"].handle(replace(context, client=None, address=None), EraseLog())
    async for _ in clear(state["pool"], context.user_id):
        pass
    note(receipt, response)
    return Erased(sequence=receipt.sequence, erased_through=max(receipt.sequence - 1, 0))


async def _lines(first: Exported, rest: AsyncGenerator[Exported]) -> AsyncGenerator[bytes]:
    yield first.lines
    async for part in rest:
        yield part.lines
