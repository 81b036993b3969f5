"""/api/sync: what has changed since a client last asked, for clients that are offline at times."""

from datetime import UTC
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from msgspec.structs import replace
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic.json_schema import SkipJsonSchema

from api.http.dependencies import BaseUrl, Caller, State
from api.http.freshness import fresh
from api.http.log_place import MARK
from api.http.openapi_parts import EVERYWHERE, LIST_ETAG, NOT_MODIFIED, problems, success
from api.http.pages import LONGEST
from api.http.problem_types import (
    INVALID_REQUEST,
    MALFORMED_HEADER,
    NOT_CAUGHT_UP,
    SYNC_TOKEN_GONE,
)
from api.http.reading import read
from api.http.revalidation import Present, present
from api.http.stream_errors import TokenGoneError
from api.http.sync_token import Known, read_token, write_token
from api.http.task_view import EXAMPLE as TASK_EXAMPLE, Task, view
from events.binding import UserReader
from projections.queries.changes import list_changes, read_marks
from projections.queries.freshness import read_freshness
from projections.task import TASK, Task as TaskRow

router = APIRouter(prefix="/api/sync", tags=["live"])

_ANSWERS = {
    **success("What has changed.", ETag=LIST_ETAG),
    **NOT_MODIFIED,
    **problems(*EVERYWHERE, MALFORMED_HEADER, NOT_CAUGHT_UP, INVALID_REQUEST, SYNC_TOKEN_GONE),
}

EXAMPLE: JsonDict = {
    "tasks": [TASK_EXAMPLE],
    "deleted": [{"id": 3, "version": 4, "deleted_at": "2026-11-22T10:15:31.123456Z"}],
    "next": "q83vASNFZ4mrze8BI0VniVszMSwwLCJBUUlEQkFVR0J3Zz0iXQ",
    "more": False,
    "sequence": 31,
}


class SyncQuery(BaseModel):
    """Since when, and how much of it; a parameter that is not known is refused."""

    model_config = ConfigDict(extra="forbid")

    since: str | SkipJsonSchema[None] = Field(
        default=None,
        description="The `next` of the last answer; without it, everything there is.",
    )
    limit: int = Field(default=LONGEST, ge=1, le=LONGEST, description="The most to give at once.")


class DeletedTask(BaseModel):
    """A task that is in no list any more, unless somebody restores it."""

    id: int = Field(description="The task's number.", ge=1)
    version: int = Field(description="The task's version since.", ge=1)
    deleted_at: AwareDatetime = Field(description="When, UTC.")


class Changes(BaseModel):
    """What has changed since a client last asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    tasks: list[Task] = Field(description="Those that are new or changed, as they are now.")
    deleted: list[DeletedTask] = Field(description="Those that are gone.")
    next: str = Field(description="What to ask with, as `since`, the next time.")
    more: bool = Field(description="Whether there is more already; then ask again at once.")
    sequence: int = Field(
        description="Without more, where a stream has to begin (`after`) to miss nothing.", ge=0
    )


@router.get(
    "",
    operation_id="syncTasks",
    responses=_ANSWERS,
    dependencies=[Depends(fresh(TASK))],
)
async def sync_tasks(
    caller: Caller,
    query: Annotated[SyncQuery, Query()],
    current: Annotated[Present, Depends(present(TASK, always=False))],
    state: State,
    base_url: BaseUrl,
    response: Response,
) -> Changes:
    """Tell what has changed in your tasks since you last asked, deletions included."""
    current.check(response)
    key, user_id = state["cursors"].key, caller.user_id
    known = None if query.since is None else read_token(key, user_id, query.since)
    found, now = await read(
        state["pool"], user_id, lambda reader: _changes(reader, known, query.limit)
    )
    page = found[: query.limit]
    return Changes(
        tasks=[view(task, base_url) for task in page if task.deleted_at is None],
        deleted=[_gone(task) for task in page if task.deleted_at is not None],
        next=write_token(key, user_id, now),
        more=len(found) > query.limit,
        sequence=now.after,
    )


async def _changes(
    reader: UserReader, known: Known | None, limit: int
) -> tuple[list[TaskRow], Known]:
    """Give one change more than asked for, if there are more, and what is known after the others.

    Raises:
        TokenGoneError: The log is not the one that was known, or was erased since.
    """
    head = await read_freshness(reader, TASK)
    if known is None:
        known = Known(begun=head.sequence, begun_mark=head.chain[:MARK])
    if head.cleared_through > max(known.after, known.begun):
        raise TokenGoneError
    found = await list_changes(reader, after=known.after, begun=known.begun, limit=limit + 1)
    last = found[:limit][-1].sequence if found else known.after
    if len(found) <= limit:
        # What was deleted before the reader began is left out, and passed over.
        last = max(last, known.begun)
    before, after, begun = await read_marks(reader, known.after, last, known.begun)
    if before is None or after is None or before[:MARK] != known.mark:
        raise TokenGoneError
    # Deletions up to there are told from the others only as long as a first sync goes on.
    if known.after < known.begun and (begun is None or begun[:MARK] != known.begun_mark):
        raise TokenGoneError
    return found, replace(known, after=last, mark=after[:MARK])


def _gone(task: TaskRow) -> DeletedTask:
    deleted_at = task.deleted_at or task.updated_at
    return DeletedTask(id=task.task_id, version=task.version, deleted_at=deleted_at.astimezone(UTC))
