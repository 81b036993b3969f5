"""Conditional writes: a command goes through only if the task is what the client last saw."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import WithJsonSchema

from api.http.command_context import Context
from api.http.dependencies import State
from api.http.errors import MissingConditionError
from api.http.etag import TAGS_SCHEMA, known_versions, matching_versions
from commands.context import CommandContext

IfMatch = Annotated[
    list[str] | None,
    WithJsonSchema(TAGS_SCHEMA),
    Header(
        alias="If-Match",
        description='Change the task only if it still has this ETag, such as `"2"`.',
    ),
]


async def _conditional(
    context: Context, state: State, request: Request, if_match: IfMatch = None
) -> CommandContext:
    if if_match is None and state["settings"].require_if_match:
        raise MissingConditionError
    unwanted = known_versions(request.headers.getlist("if-none-match"))
    # `If-None-Match: *` wants a task that does not exist, so no version of one will do.
    expected = frozenset[int]() if unwanted is None else matching_versions(if_match or ())
    return replace(
        context, expected_versions=expected, unwanted_versions=unwanted or frozenset[int]()
    )


Conditional = Annotated[CommandContext, Depends(_conditional)]
