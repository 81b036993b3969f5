"""The address of this server, as the request that reaches it knows it."""

from functools import lru_cache

from starlette.requests import Request
from starlette.types import Scope

from api.http.request_headers import fields

USUAL_LENGTH = 300
"""Characters of a Host header that is remembered; nobody may fill the memory with longer ones."""


def base_url(scope: Scope) -> str:
    """Give what addresses begin with, without a slash at the end."""
    host = "".join(fields(scope, b"host")[:1])
    found = _known if len(host) <= USUAL_LENGTH else _found
    return found(scope["scheme"], host, scope.get("server"), scope.get("root_path", ""))


def _found(scheme: str, host: str, server: tuple[str, int | None] | None, root: str) -> str:
    scope: Scope = {
        "type": "http",
        "scheme": scheme,
        "server": server,
        "root_path": root,
        "path": "/",
        "headers": [(b"host", host.encode("latin-1"))] if host else [],
    }
    return str(Request(scope).base_url).rstrip("/")


_known = lru_cache(maxsize=256)(_found)
