"""One log line a request, from which neither a task nor a token can be learned, and a count."""

from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from api.http.state import state_of

_log: FilteringBoundLogger = structlog.get_logger()


class RequestLogMiddleware:
    """Notes the route's template, never the path: paths and queries are the caller's words."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method, started, status = scope["method"], perf_counter(), 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            seconds = perf_counter() - started
            route = getattr(scope.get("route"), "path", None)
            ms = round(seconds * 1_000, 1)
            _log.info("http.request", method=method, route=route, status=status, ms=ms)
            state_of(scope)["request_metrics"].answered(
                method=method, route=route, status=status, seconds=seconds
            )
