"""/api/{user_id}/tasks…: the deprecated spelling of /api/tasks…, answered by the same routes."""

import re
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from urllib.parse import unquote

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problem import ASKED_PATH
from api.http.state import state_of
from api.http.task_view import PATH

NAMED_USER = "taskfold.named_user"
"""Where the scope of a request says which user its path names, if it names one."""

DEPRECATION = f"@{int(datetime(2026, 11, 24, tzinfo=UTC).timestamp())}"
"""Since when, as RFC 9745 writes it."""

_ALIAS = re.compile(r"/api/(?P<user>[^/]+)/tasks(?P<rest>/.*)?")
_NAME = re.compile(r"/api/(?P<user>[^/]+)")


class AliasMiddleware:
    """Reads the path as the canonical one, and tells every answer's reader where that is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        canonical = _canonical(scope) if scope["type"] == "http" else None
        if canonical is None:
            await self._app(scope, receive, send)
            return
        settings = state_of(scope)["settings"]
        address, sunset = settings.public_url or "", settings.alias_sunset

        async def send_deprecated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Deprecation"] = DEPRECATION
                if sunset is not None:
                    headers["Sunset"] = http_date(sunset)
                headers.append("Link", f'<{address}{canonical}>; rel="successor-version"')
            await send(message)

        await self._app(scope, receive, send_deprecated)


def http_date(day: date) -> str:
    """Write the beginning of a day in UTC as RFC 8594 and RFC 9110 do."""
    return format_datetime(datetime.combine(day, time(), UTC), usegmt=True)


def _canonical(scope: Scope) -> str | None:
    """Turn the scope of an alias into that of what it stands for, and give the path of that."""
    raw = scope.get("raw_path", b"").decode("ascii", "replace")
    root = scope.get("root_path", "").rstrip("/")
    found = _ALIAS.fullmatch(raw.removeprefix(root))
    if found is None or unquote(found["user"]) in _resources(scope["app"]):
        return None
    canonical = f"{PATH}{found['rest'] or ''}"
    scope[ASKED_PATH] = scope["path"]
    scope[NAMED_USER] = unquote(found["user"])
    scope["path"] = root + unquote(canonical)
    scope["raw_path"] = (root + canonical).encode("ascii", "replace")
    return canonical


def _resources(app: FastAPI) -> set[str]:
    """Name what stands below /api by itself, whatever user may be called like that."""
    paths = [route.path for route in iter_route_contexts(app.routes) if route.path]
    return {found["user"] for path in paths if (found := _NAME.match(path))}
