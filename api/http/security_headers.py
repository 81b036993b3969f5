"""Headers that keep answers out of shared caches and away from other pages."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.state import state_of

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What an answer gets unless it says otherwise itself."""

HSTS = "max-age=31536000"
"""A year of nothing but https, once clients are known to reach us that way."""

REVALIDATED = "private, no-cache"
NEVER_STORED = "private, no-store"

type RawHeaders = list[tuple[bytes, bytes]]


def _raw(name: str, value: str) -> tuple[bytes, bytes]:
    return name.lower().encode(), value.encode()


# Encoded once: every answer has them.
_HEADERS = tuple(_raw(name, value) for name, value in HEADERS.items())
_REVALIDATED = _raw("Cache-Control", REVALIDATED)
_NEVER_STORED = _raw("Cache-Control", NEVER_STORED)
_HSTS = _raw("Strict-Transport-Security", HSTS)
_VARY = _raw("Vary", "Authorization")


class SecurityHeadersMiddleware:
    """Adds to every answer what it does not say itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        public_url = state_of(scope)["settings"].public_url or ""
        secure = public_url.startswith("https://")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _guard(message["headers"], secure=secure)
            await send(message)

        await self._app(scope, receive, send_guarded)


def _guard(headers: RawHeaders, *, secure: bool) -> None:
    given = {name for name, _ in headers}
    headers += [header for header in _HEADERS if header[0] not in given]
    if b"cache-control" not in given:
        headers.append(_REVALIDATED if b"etag" in given else _NEVER_STORED)
    if secure and b"strict-transport-security" not in given:
        headers.append(_HSTS)
    if b"vary" in given:
        MutableHeaders(raw=headers).add_vary_header("Authorization")
    else:
        headers.append(_VARY)
