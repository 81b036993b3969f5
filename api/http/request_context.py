"""Giving every request an id, and the id, and its trace's, to all that is said about it."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from api.http.trace_context import HEADER as TRACE_HEADER, trace_id
from events.ids import new_id

HEADER = "X-Request-Id"

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
        trace = trace_id(Headers(scope=scope).getlist(TRACE_HEADER))
        scope["state"]["request_id"] = request_id
        scope["state"]["correlation_id"] = trace or request_id

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        traced = {"trace_id": trace} if trace else {}
        with bound_contextvars(request_id=request_id, **traced):
            await self._app(scope, receive, send_named)


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get(HEADER, "")
    return given if _WELL_FORMED.fullmatch(given) else new_id()
