"""Answering by routes whose calls were put in order when the application began.

Whatever cannot be prepared, or is no route at all, is left to FastAPI.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import msgspec
from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts, serialize_response
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.error_handlers import ERROR_HANDLERS, ErrorHandler
from api.http.prepared_call import PreparedCall, UnpreparableError, prepared

JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRoute:
    """A route; without a call it is FastAPI's to answer.

    Attributes:
        path: What it answers.
        route: As it was declared.
        call: What is called to answer.
    """

    path: re.Pattern[str]
    route: RouteContext
    call: PreparedCall | None

    async def answer(self, call: PreparedCall, request: Request) -> Response:
        """Answer a request as FastAPI does."""
        collected = Response()
        collected.raw_headers.clear()
        outcome = await call(request, collected)
        if isinstance(outcome, Response):
            return outcome
        answer = Response(
            await self._content(outcome),
            status_code=self.route.status_code or 200,
            media_type=None if outcome is None else JSON,
        )
        answer.raw_headers.extend(collected.raw_headers)
        return answer

    async def _content(self, outcome: object) -> bytes | None:
        if outcome is None:
            return None
        if _is_sent_as_it_is(outcome):
            return msgspec.json.encode(outcome)
        return await serialize_response(
            field=self.route.response_field,
            response_content=outcome,
            exclude_unset=self.route.response_model_exclude_unset,
            dump_json=True,
        )


type Routes = Mapping[tuple[str, int], list[PreparedRoute]]


class PreparedRoutesMiddleware:
    """Stands innermost; what it answers passes all middleware, and no more of FastAPI."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._routes: Routes | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None or found.call is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive, send)
        try:
            answer = await found.answer(found.call, request)
        except Exception as error:
            handler = _handler(error)
            if handler is None:
                raise
            answer = await handler(request, error)
        await answer(scope, receive, send)

    def _find(self, scope: Scope) -> PreparedRoute | None:
        if self._routes is None:
            self._routes = _prepared_routes(scope["app"].routes)
        path = scope["path"].removeprefix(scope.get("root_path", "").rstrip("/"))
        for prepared_route in self._routes.get((scope["method"], path.count("/")), ()):
            if match := prepared_route.path.match(path):
                route = prepared_route.route
                scope["path_params"] = match.groupdict()
                scope["route"], scope["endpoint"] = route.original_route, route.endpoint
                return prepared_route
        return None


def _prepared_routes(routes: Iterable[BaseRoute]) -> Routes:
    """Put routes in the order of their declaration by method, and by how many parts paths have."""
    found = defaultdict[tuple[str, int], list[PreparedRoute]](list)
    for route in iter_route_contexts([*routes]):
        declared = PreparedRoute(path=route.path_regex, route=route, call=_call(route))
        for method in route.methods or ():
            found[method, (route.path or "").count("/")].append(declared)
    return dict(found)


def _call(route: RouteContext) -> PreparedCall | None:
    if not isinstance(route.original_route, APIRoute):
        return None
    shows = isinstance(route.response_class, DefaultPlaceholder) and route.response_field
    is_empty = route.response_class is Response and route.status_code == HTTPStatus.NO_CONTENT
    if not (shows or is_empty):
        return None
    try:
        return prepared(route.dependant)
    except UnpreparableError:
        return None


def _is_sent_as_it_is(outcome: object) -> bool:
    """Tell whether what an endpoint gave was made for being sent, and needs no model's check."""
    first = (
        next(iter(cast("list[object]", outcome)), None) if isinstance(outcome, list) else outcome
    )
    return isinstance(first, msgspec.Struct)


def _handler(error: Exception) -> ErrorHandler | None:
    handlers: Mapping[Any, ErrorHandler] = ERROR_HANDLERS
    kinds = type(error).__mro__
    return next((handlers[kind] for kind in kinds if kind in handlers), None)
