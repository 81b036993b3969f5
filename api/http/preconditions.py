"""Conditional writes: a command goes through only if the task is what the client last saw."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Header
from pydantic import WithJsonSchema

from api.http.command_context import Context
from api.http.dependencies import State, TaskId
from api.http.etag import matching_versions
from api.http.reading import read
from commands.context import CommandContext
from projections.queries import get_task

NO_VERSION = 0
"""Expected when nothing the client named can match: no task that exists is at it."""

IfMatch = Annotated[
    list[str] | None,
    WithJsonSchema({"type": "string"}),
    Header(
        alias="If-Match",
        description='Change the task only if it still has this ETag, such as `"2"`.',
    ),
]


async def _conditional(
    context: Context, task_id: TaskId, state: State, if_match: IfMatch = None
) -> CommandContext:
    versions = matching_versions(if_match or ())
    if versions is None:
        return context
    if len(versions) > 1:
        # The handler compares with one version, so the candidate is chosen here.
        task = await read(
            state["pool"], lambda connection: get_task(connection, context.user_id, task_id)
        )
        versions &= {task.version if task else NO_VERSION}
    return replace(context, expected_version=max(versions, default=NO_VERSION))


Conditional = Annotated[CommandContext, Depends(_conditional)]
