"""Routes whose calls are put in order once: which they are, and what is left to FastAPI."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import Cookie, Depends, Query
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant
from fastapi.routing import APIRoute, iter_route_contexts

from api.app import create_app
from api.http.prepared_call import UnpreparableError, prepared

LEFT_TO_FASTAPI = {"/api/activity", "/api/metrics", "/api/events/stream", "/api/me/export"}
"""They stream, answer by content type, or have a dependency that refuses queries."""


async def _ok() -> None: ...


def _in_a_thread() -> None: ...


async def _of_query(wanted: Annotated[int, Query()]) -> None: ...


async def with_cookie(kept: Annotated[str | None, Cookie()] = None) -> None: ...


async def with_body(sent: dict[str, str]) -> None: ...


async def with_thread(found: Annotated[None, Depends(_in_a_thread)]) -> None: ...


async def with_deep_query(found: Annotated[None, Depends(_of_query)]) -> None: ...


async def with_uncached(found: Annotated[None, Depends(_ok, use_cache=False)]) -> None: ...


async def with_number_in_path(number: int) -> None: ...


def test_every_documented_route_is_prepared_but_for_those_that_stream() -> None:
    routes = [
        route
        for route in iter_route_contexts(create_app().routes)
        if isinstance(route.original_route, APIRoute) and route.include_in_schema
    ]

    assert {route.path for route in routes if not _is_prepared(route.dependant)} <= LEFT_TO_FASTAPI
    assert any(_is_prepared(route.dependant) for route in routes)


@pytest.mark.parametrize(
    "endpoint",
    [
        with_cookie,
        with_body,
        with_thread,
        with_deep_query,
        with_uncached,
        with_number_in_path,
        _in_a_thread,
    ],
    ids=lambda endpoint: endpoint.__name__,
)
def test_what_fastapi_alone_can_find_is_left_to_it(endpoint: Callable[..., Any]) -> None:
    assert not _is_prepared(get_dependant(path="/{number}", call=endpoint))


def _is_prepared(dependant: Dependant) -> bool:
    try:
        prepared(dependant)
    except UnpreparableError:
        return False
    return True
