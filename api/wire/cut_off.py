"""What a request is answered that is still under way when the server must end."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.answering import Answering
from api.http.problem import Problem
from api.http.problem_types import OUTCOME_UNKNOWN, OVERLOADED
from api.wire.answer import bare_answer
from events.ids import new_id

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class CutOffRequests:
    """Stands around the application; the server cancels what takes too long at the end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answering = Answering(send)
        try:
            await self._app(scope, receive, answering.send)
        except asyncio.CancelledError:
            if answering.has_begun:
                raise
            await _answer(scope, receive, send)


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    kind = OVERLOADED if scope["method"] in _SAFE else OUTCOME_UNKNOWN
    problem = Problem(type=kind, detail=kind.remedy, headers={"Retry-After": "5"})
    request_id = scope.get("state", {}).get("request_id") or new_id()
    await bare_answer(problem, request_id, scope["path"])(scope, receive, send)
