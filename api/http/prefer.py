"""Prefer (RFC 7240): who changes a task may do without seeing it again."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.request_headers import fields

APPLIED = "Preference-Applied"

_RETURN = re.compile(r'return\s*=\s*"?(minimal|representation)"?\s*(?:;.*)?', re.IGNORECASE)
_CHANGES = frozenset({"POST", "PUT", "PATCH"})


class PreferMiddleware:
    """Leaves the task out of the answer to a change, if that is preferred."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        wanted = None
        if scope["type"] == "http" and scope["method"] in _CHANGES:
            wanted = preferred(fields(scope, b"prefer"))
        if wanted is None:
            await self._app(scope, receive, send)
            return
        left_out = False

        async def send_preferred(message: Message) -> None:
            nonlocal left_out
            if message["type"] == "http.response.start" and _shows_a_task(message):
                left_out = wanted == "minimal"
                _apply(message, wanted)
            elif message["type"] == "http.response.body" and left_out:
                message = {**message, "body": b""}
            await send(message)

        await self._app(scope, receive, send_preferred)


def preferred(fields: list[str]) -> str | None:
    """Give what a client wants back, if it says so; the first wish counts."""
    wishes = (_RETURN.fullmatch(wish.strip()) for wish in ",".join(fields).split(","))
    return next((wish[1].lower() for wish in wishes if wish), None)


def _shows_a_task(message: Message) -> bool:
    return message["status"] in {200, 201} and "ETag" in Headers(raw=message["headers"])


def _apply(message: Message, wanted: str) -> None:
    headers = MutableHeaders(scope=message)
    headers[APPLIED] = f"return={wanted}"
    if wanted != "minimal":
        return
    del headers["Content-Type"], headers["Content-Length"]
    message["status"] = 204
