"""Accept (RFC 9110 §12.5.1): who cannot read what there is, is told so."""

from collections.abc import Sequence
from email.message import Message as Fields
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import NotAcceptableError
from api.http.problem import problem_response
from api.http.problem_table import problem_of
from api.http.request_headers import fields

_JSON = "application/json"
USUAL_LENGTH = 200
"""Characters of an Accept header that is remembered."""

_CHANGES = frozenset({"POST", "PUT", "PATCH"})


class AcceptMiddleware:
    """Refuses a change before it is made, and a read once it is known what there is to read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        accept = ",".join(fields(scope, b"accept")) if scope["type"] == "http" else ""
        if not accept.strip():
            await self._app(scope, receive, send)
            return
        if scope["method"] in _CHANGES and not accepts(accept, _JSON):
            await _refuse(_JSON, scope, receive, send)
            return
        refused = False

        async def send_accepted(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and (found := _unwanted(accept, message)):
                refused = True
                await _refuse(found, scope, receive, send)
            elif not refused:
                await send(message)

        await self._app(scope, receive, send_accepted)


def accepts(accept: str, media_type: str) -> bool:
    """Tell whether an Accept header lets a media type through; the closest range decides."""
    # Nearly everybody sends one of a few, and nobody may fill the memory with what they make up.
    weigh = _known_weight if len(accept) <= USUAL_LENGTH else _weight
    return weigh(accept, media_type) > 0


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """Give the media type that an Accept header likes best, the first of several; None if none."""
    best = max(offered, key=lambda media_type: _weight(accept, media_type))
    return best if accepts(accept, best) else None


def _weight(accept: str, media_type: str) -> float:
    main = media_type.partition("/")[0]
    ranges = {
        name: weight for name, weight in map(_range, accept.split(",")) if name.count("/") == 1
    }
    if not ranges:
        return 1.0
    closest = (ranges[name] for name in (media_type, f"{main}/*", "*/*") if name in ranges)
    return next(closest, 0.0)


_known_weight = lru_cache(maxsize=256)(_weight)


def _range(text: str) -> tuple[str, float]:
    fields = Fields()
    fields["Content-Type"] = text.strip()
    try:
        weight = float(str(fields.get_param("q", "1")))
    except ValueError:
        weight = 1.0
    return text.partition(";")[0].strip().lower(), weight


def _unwanted(accept: str, message: Message) -> str | None:
    if message["status"] != 200:  # noqa: PLR2004 - errors are told to everybody, as RFC 9110 allows
        return None
    given = Headers(raw=message["headers"]).get("content-type", "").partition(";")[0]
    return given if given and not accepts(accept, given) else None


async def _refuse(media_type: str, scope: Scope, receive: Receive, send: Send) -> None:
    problem = problem_of(NotAcceptableError(media_type))
    await problem_response(problem, scope)(scope, receive, send)
