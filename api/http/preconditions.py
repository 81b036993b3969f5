"""Conditional writes: a command goes through only if the task is what the client last saw."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Header
from pydantic import WithJsonSchema

from api.http.command_context import Context
from api.http.etag import matching_versions
from commands.context import CommandContext

IfMatch = Annotated[
    list[str] | None,
    WithJsonSchema({"type": "string"}),
    Header(
        alias="If-Match",
        description='Change the task only if it still has this ETag, such as `"2"`.',
    ),
]


async def _conditional(context: Context, if_match: IfMatch = None) -> CommandContext:
    return replace(context, expected_versions=matching_versions(if_match or ()))


Conditional = Annotated[CommandContext, Depends(_conditional)]
