"""An endpoint and all it depends on, put in the order of their calls once and for all.

FastAPI finds that order anew for every request, which costs more than most of what it calls.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import Any, get_args

from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from api.http.request_headers import fields


class UnpreparableError(Exception):
    """Something is declared that only FastAPI knows how to find."""


@dataclass(slots=True)
class Asked:
    """One request on its way through the calls.

    Attributes:
        request: The request.
        response: Collects the headers of the answer.
        found: What the calls so far have given, in their order.
    """

    request: Request
    response: Response
    found: list[Any] = field(default_factory=list[Any])


type Source = Callable[[Asked], Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One call: what is called, whether it is awaited, and where its arguments come from."""

    call: Callable[..., Any]
    is_awaited: bool
    arguments: tuple[tuple[str, Source], ...]


@dataclass(frozen=True, slots=True)
class PreparedCall:
    """An endpoint that can be called without looking at its declaration again."""

    steps: Sequence[Step]
    query: Callable[[Asked], Mapping[str, Any]]

    async def __call__(self, request: Request, response: Response) -> Any:  # noqa: ANN401 - whatever the endpoint gives
        """Make all calls, the endpoint's last, and give its outcome.

        Raises:
            RequestValidationError: The query is not what is declared.
        """
        asked = Asked(request, response)
        *before, endpoint = self.steps
        for step in before:
            outcome = step.call(**{name: source(asked) for name, source in step.arguments})
            asked.found.append(await outcome if step.is_awaited else outcome)
        query = self.query(asked)
        given = {name: source(asked) for name, source in endpoint.arguments}
        return await endpoint.call(**given, **query)


def prepared(dependant: Dependant) -> PreparedCall:
    """Put the calls of an endpoint in order.

    Raises:
        UnpreparableError: It wants something that is not known here.
    """
    steps = list[Step]()
    _add(dependant, steps, {}, query=True)
    if not steps[-1].is_awaited:
        raise UnpreparableError
    return PreparedCall(steps=tuple(steps), query=_query(dependant))


def _add(
    dependant: Dependant,
    steps: list[Step],
    places: dict[Callable[..., Any], int],
    *,
    query: bool = False,
) -> int:
    """Add a call behind those it depends on, unless it is there already; gives its place."""
    call = dependant.call
    if call is None or not dependant.use_cache or _unknown(dependant, query=query):
        raise UnpreparableError
    arguments = dict[str, Source]()
    for needed in dependant.dependencies:
        place = _add(needed, steps, places)
        if needed.name is not None:
            arguments[needed.name] = _found(place)
    if call not in places:
        steps.append(Step(call, _is_awaited(call), (*arguments.items(), *_declared(dependant))))
        places[call] = len(steps) - 1
    return places[call]


def _unknown(dependant: Dependant, *, query: bool) -> bool:
    # A query may be refused, and what depends on it is then not called: for endpoints alone.
    return bool(
        dependant.cookie_params
        or dependant.body_params
        or (dependant.query_params and not query)
        or dependant.websocket_param_name
        or dependant.http_connection_param_name
        or dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
        or dependant.own_oauth_scopes
        or dependant.concurrency
    )


def _is_awaited(call: Callable[..., Any]) -> bool:
    # A class only puts together what it is given, so it needs no thread of its own.
    if isinstance(call, type):
        return False
    if inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(type(call).__call__):
        return True
    raise UnpreparableError


def _declared(dependant: Dependant) -> list[tuple[str, Source]]:
    """Give what a call wants of the request itself; none of it can be refused."""
    found = list[tuple[str, Source]]()
    if dependant.request_param_name:
        found.append((dependant.request_param_name, lambda asked: asked.request))
    if dependant.response_param_name:
        found.append((dependant.response_param_name, lambda asked: asked.response))
    for parameter in dependant.path_params:
        if parameter.field_info.annotation is not str:
            raise UnpreparableError
        found.append((parameter.name, _of_path(parameter.alias)))
    for parameter in dependant.header_params:
        if not _is_texts(parameter.field_info.annotation) or parameter.default is not None:
            raise UnpreparableError
        found.append((parameter.name, _of_headers(parameter.alias)))
    return found


def _is_texts(annotation: object) -> bool:
    """Tell whether a parameter is a list of texts or nothing."""
    return {_bare(kind) for kind in get_args(annotation)} == {list[str], NoneType}


def _bare(kind: Any) -> object:  # noqa: ANN401 - whatever is declared
    return getattr(kind, "__origin__", kind) if hasattr(kind, "__metadata__") else kind


def _found(place: int) -> Source:
    return lambda asked: asked.found[place]


def _of_path(name: str) -> Source:
    return lambda asked: asked.request.scope["path_params"][name]


def _of_headers(name: str) -> Source:
    wanted = name.lower().encode("latin-1")
    return lambda asked: fields(asked.request.scope, wanted) or None


def _query(dependant: Dependant) -> Callable[[Asked], Mapping[str, Any]]:
    """Make what reads the query; an empty one is read now."""
    declared = dependant.query_params
    empty, faults = request_params_to_args(declared, QueryParams())

    def read(asked: Asked) -> Mapping[str, Any]:
        if not faults and not asked.request.scope["query_string"]:
            return empty
        values, errors = request_params_to_args(declared, asked.request.query_params)
        if errors:
            raise RequestValidationError(errors)
        return values

    return read if declared else lambda _asked: empty
