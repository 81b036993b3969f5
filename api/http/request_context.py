"""Giving every request an id, and the id, and its trace's, to all that is said about it."""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from api.http.request_headers import fields
from api.http.trace_context import HEADER as TRACE_HEADER, trace_id
from events.ids import new_id

HEADER = "X-Request-Id"

_NAME = HEADER.lower().encode()
_TRACE_NAME = TRACE_HEADER.encode()
_WELL_FORMED = re.compile(r"[A-Za-z0-9._:/+=@~-]{1,128}")


class RequestContextMiddleware:
    """Takes the caller's request id if it is well formed, or makes one; answers carry it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        trace = trace_id(fields(scope, _TRACE_NAME))
        scope["state"]["request_id"] = request_id
        scope["state"]["correlation_id"] = trace or request_id

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((_NAME, request_id.encode()))
            await send(message)

        traced = {"trace_id": trace} if trace else {}
        tokens = bind_contextvars(request_id=request_id, **traced)
        try:
            await self._app(scope, receive, send_named)
        finally:
            reset_contextvars(**tokens)


def _request_id(scope: Scope) -> str:
    given = fields(scope, _NAME)
    return given[0] if given and _WELL_FORMED.fullmatch(given[0]) else new_id()
