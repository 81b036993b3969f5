"""Everything about a command that is not the command, read from the request that carries it."""

import re
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from api.http.client_address import UNKNOWN, client_address
from api.http.dependencies import Caller, State
from api.http.errors import MalformedKeyError
from api.http.state import RequestState
from commands.context import CommandContext

CLIENT_LIMIT = 200
"""Characters kept of a User-Agent."""

KEY_LIMIT = 255
"""Characters an Idempotency-Key may have."""

_KEY = re.compile(rf"[\x20-\x7e]{{1,{KEY_LIMIT}}}")

KEY_PATTERN = "^[!-~]([ -~]*[!-~])?$"

_KEY_SCHEMA = {
    "type": "string",
    "minLength": 1,
    "maxLength": KEY_LIMIT,
    "pattern": KEY_PATTERN,
}

IdempotencyKey = Annotated[
    list[str] | SkipJsonSchema[None],
    WithJsonSchema(_KEY_SCHEMA),
    Header(
        alias="Idempotency-Key",
        description="A string the client makes up for every change, such as a UUID; a retry with "
        "the same key gets the first answer and changes nothing.",
    ),
]


async def _context(
    request: Request, caller: Caller, state: State, idempotency_key: IdempotencyKey = None
) -> CommandContext:
    kept = state["settings"].keep_client
    return CommandContext(
        user_id=caller.user_id,
        actor=caller.user_id,
        request_id=state["request_id"],
        correlation_id=state["correlation_id"],
        client=None if kept == "none" else _client(request.headers.get("user-agent", "")),
        address=_address(request, state) if kept == "both" else None,
        idempotency_key=_key(idempotency_key),
    )


def _client(user_agent: str) -> str | None:
    shown = user_agent if user_agent.isprintable() else "".join(filter(str.isprintable, user_agent))
    return shown[:CLIENT_LIMIT].strip() or None


def _address(request: Request, state: RequestState) -> str | None:
    address = client_address(request.scope, state["settings"].trusted_proxies)
    return None if address == UNKNOWN else address


def _key(headers: list[str] | None) -> str | None:
    """Read a key, as the string of a structured field or bare as many clients send it."""
    if headers is None:
        return None
    given = headers[0] if len(headers) == 1 else ""
    quoted = len(given) > 1 and given.startswith('"') and given.endswith('"')
    key = re.sub(r"\\(.)", r"\1", given[1:-1]) if quoted else given
    if not _KEY.fullmatch(key):
        raise MalformedKeyError(KEY_LIMIT)
    return key


Context = Annotated[CommandContext, Depends(_context)]
