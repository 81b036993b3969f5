"""Reading one's own writes: an answer waits until it holds what the caller knows has happened."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Header, Response
from pydantic import WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from api.http.dependencies import Caller, State
from api.http.errors import MalformedSequenceError, NotCaughtUpError
from api.http.reading import read
from api.http.state import AppState
from api.http.task_number import LARGEST, task_number
from events import clock
from events.bell import heard
from projections.projection import Mode
from projections.queries.freshness import Freshness, read_freshness
from projections.registry import AnyProjection

SEQUENCE = "Taskfold-Sequence"
LAG = "Taskfold-Lag"
NOT_BEFORE = "Taskfold-Not-Before"

PATIENCE = 2.0
"""Seconds an answer may wait for its read table; a person notices more."""

POLL = 0.1
"""Seconds after which a waiting answer looks by itself: another process may be the projector."""

NotBefore = Annotated[
    list[str] | SkipJsonSchema[None],
    WithJsonSchema({"type": "integer", "format": "int64", "minimum": 0, "maximum": LARGEST}),
    Header(
        alias=NOT_BEFORE,
        description=f"The {SEQUENCE} of an earlier answer: this one holds at least as much.",
    ),
]


def fresh(projection: AnyProjection) -> Callable[..., Awaitable[None]]:
    """Make the dependency of a route that reads a projection's table.

    It waits for what the caller wants to see in the answer, and says how fresh an async one is.
    It runs before the table is read, so the answer holds at least what its headers say.
    """

    async def check(
        caller: Caller, state: State, response: Response, not_before: NotBefore = None
    ) -> None:
        wanted = _sequence(not_before)
        if projection.mode is Mode.INLINE and wanted == 0:
            return
        freshness = await _caught_up(state, caller.user_id, projection, wanted)
        if projection.mode is Mode.ASYNC:
            response.headers[SEQUENCE] = str(freshness.sequence)
            response.headers[LAG] = f"{freshness.lag(clock.now()):.1f}"

    return check


async def _caught_up(
    state: AppState, user_id: str, projection: AnyProjection, wanted: int
) -> Freshness:
    loop = asyncio.get_running_loop()
    give_up = loop.time() + PATIENCE
    while True:
        ring = state["projected"].listen()
        freshness = await read(
            state["pool"], user_id, lambda reader: read_freshness(reader, projection)
        )
        if freshness.sequence >= wanted:
            return freshness
        if loop.time() > give_up:
            raise NotCaughtUpError(wanted, freshness.sequence)
        await heard(ring, within=POLL)


def _sequence(headers: list[str] | None) -> int:
    if headers is None or headers == ["0"]:
        return 0
    sequence = task_number(headers[0]) if len(headers) == 1 else None
    if sequence is None:
        raise MalformedSequenceError(NOT_BEFORE)
    return sequence
