"""Cross-origin requests: the pages of exactly the configured origins may call, and read answers."""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.state import state_of

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
REQUEST_HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "Prefer",
    "Taskfold-Not-Before",
    "X-Request-Id",
    "traceparent",
    "tracestate",
)
EXPOSED = (
    "Accept-Patch",
    "Allow",
    "Deprecation",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "Preference-Applied",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Sunset",
    "Taskfold-Lag",
    "Taskfold-Sequence",
    "WWW-Authenticate",
    "X-Request-Id",
)

_PREFLIGHT: Mapping[str, str] = {
    "Access-Control-Allow-Headers": ", ".join(REQUEST_HEADERS),
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Max-Age": "600",
}


class CorsMiddleware:
    """Knows the origins only once the application runs, as its settings are read at the start."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or not (origins := state_of(scope)["settings"].cors_origins):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        allowed = origin in origins

        async def send_shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                _share(MutableHeaders(scope=message), origin if allowed else None)
            await send(message)

        if allowed and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            preflight = Response(status_code=204, headers=_PREFLIGHT)
            await preflight(scope, receive, send_shared)
        else:
            await self._app(scope, receive, send_shared)


def _share(headers: MutableHeaders, origin: str | None) -> None:
    # Whoever asks, a cache must keep answers to different origins apart.
    headers.add_vary_header("Origin")
    if origin is not None:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = ", ".join(EXPOSED)
