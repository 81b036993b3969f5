"""Rebuilding in a line, and looking at what came of it."""

from dataclasses import replace
from typing import Any

from msgspec.structs import replace as replaced

from events.database import Connection, Pool
from events.envelope import LoggedEvent
from events.history import UserRange, read_history
from projections.fold import Rows, by_primary_key, fold
from projections.generation import Generation, Phase, State, find_generations
from projections.projection import Key
from projections.read_table import read_table
from projections.rebuild.beginning import begin_rebuild, begin_rollback
from projections.rebuild.rebuild import Rebuild
from projections.registry import AnyProjection
from projections.task import TASK, Task, evolve


async def rebuild(
    pool: Pool, projection: AnyProjection, *, accept: bool = False, until: Phase | None = None
) -> Generation:
    """Rebuild a projection, or stop as soon as a phase is reached."""
    generation = await begin_rebuild(pool, projection)
    await carry_on(pool, projection, accept=accept, until=until)
    return generation


async def roll_back(pool: Pool, projection: AnyProjection) -> None:
    """Go back to the table before."""
    await begin_rollback(pool, projection)
    await carry_on(pool, projection)


async def carry_on(
    pool: Pool, projection: AnyProjection, *, accept: bool = False, until: Phase | None = None
) -> None:
    """Do what is left of a rebuild, or stop as soon as a phase is reached."""
    async for step in Rebuild(pool=pool, projection=projection, accept=accept).run():
        if step.phase is until:
            return


async def states(connection: Connection, name: str) -> dict[State, Generation]:
    """Give a projection's generations."""
    return {each.state: each for each in await find_generations(connection, name)}


async def live_rows(connection: Connection, projection: AnyProjection) -> Rows[Any]:
    """Give everything a live table holds."""
    rows = await read_table(projection).read(connection, UserRange())
    return by_primary_key(projection, rows)


async def folded_rows(connection: Connection, projection: AnyProjection) -> Rows[Any]:
    """Give what it should hold, folded event by event from the first."""
    newest: Rows[Any] = {}
    rows: Rows[Any] = {}
    async for page in read_history(connection, UserRange()):
        for event in page:
            rows |= fold(projection, newest, [event])
    return rows


def _shouting(task: Task | None, event: LoggedEvent, key: Key) -> Task:
    evolved = evolve(task, event, key)
    return replaced(evolved, title=evolved.title.upper())


SHOUTING: AnyProjection = replace(TASK, version=2, evolve=_shouting)
"""The next version of the task projection, with a bug planted in it."""
