"""What no table foresees: logged where it happened, told to the caller without a word of it."""

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from api.http.answering import Answering
from api.http.problem import Problem, problem_response
from api.http.problem_types import INTERNAL_ERROR

_log: FilteringBoundLogger = structlog.get_logger()


class UnexpectedErrorMiddleware:
    """Answers 500 from inside the other middleware, so that this answer has their headers too."""

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
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last resort is for whatever it is
            _log.error("http.unexpected_error", exc_info=error)
            # Half an answer cannot be taken back; left unfinished, the server cuts it off.
            if not answering.has_begun:
                problem = Problem(type=INTERNAL_ERROR, detail=INTERNAL_ERROR.remedy)
                await problem_response(problem, scope)(scope, receive, send)
