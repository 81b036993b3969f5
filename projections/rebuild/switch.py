"""Making another generation the live one, in one short transaction.

For an inline projection the barrier is closed for that time: nobody is between taking positions and
committing them, so the last events can be folded and the tables exchanged with nothing in between.
Writers that come meanwhile wait at the barrier and find the new table behind it. Readers wait for
the exchange of names alone, and nobody waits for a reader that takes long: the attempt is given up
and made again.
"""

import asyncio
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from events.barrier import KEY
from events.database import Connection, Pool
from events.reader import PositionedEvent
from events.statements import statement
from events.tables import SCHEMA
from projections.generation import UNFILLED, Generation, State
from projections.projection import Mode
from projections.rebuild.catch_up import catch_up, move
from projections.rebuild.errors import SwitchTimeoutError
from projections.rebuild.generation_table import exchange_tables
from projections.rebuild.generations import forget, lock_generations
from projections.rebuild.shards import clear_shards
from projections.registry import AnyProjection

CLOSE = 200
"""Events that may be left for the switch itself: a few milliseconds' work."""

ATTEMPTS = 60
PAUSE = 0.5
"""Attempts to switch, and seconds between them, before it is said that somebody is in the way."""

VACUUM_PATIENCE = "5s"
"""How long to wait for a vacuum of the live table, which PostgreSQL ends when somebody waits."""

IDLENESS_LIMIT = "2s"
"""How long a process that is frozen in the midst of a switch keeps everybody waiting."""

PATIENCE = "400ms"
"""How long the exchange may wait for readers and writers, since others queue behind it."""

_BOUND_IDLENESS = statement("projections", "bound_idleness")
_KEEP_VACUUM_OUT = statement("projections.rebuild", "keep_vacuum_out")
_BOUND_WAIT = statement("events", "bound_wait")
_CLOSE_BARRIER = statement("events", "close_barrier")
_SETTLED = statement("events", "settled_position")
_READ_ALL = statement("events", "read_all")
_MAKE = statement("projections.rebuild", "make_generation")


async def switch(pool: Pool, projection: AnyProjection, coming: Generation) -> None:
    """Make a generation the live one; the one that was live becomes the previous.

    Nothing is done if somebody else has done so meanwhile, or has called it off.

    Raises:
        SwitchTimeoutError: The live table was in use by something long all the time.
        CannotApplyError: The projection cannot apply one of the last events.
    """
    for _ in range(ATTEMPTS):
        while await catch_up(pool, projection, coming) > CLOSE:
            pass
        try:
            if await _attempt(pool, projection, coming):
                return
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            # Somebody reads or writes for long; others must not wait behind us for that.
            await asyncio.sleep(PAUSE)
    raise SwitchTimeoutError(projection.name)


async def _attempt(pool: Pool, projection: AnyProjection, coming: Generation) -> bool:
    """Switch if what is left is little; False when it is more than that, and nothing was done."""
    table = sql.Identifier(SCHEMA, projection.name)
    async with pool.connection() as connection, connection.transaction():
        await connection.execute(_BOUND_IDLENESS, {"limit": IDLENESS_LIMIT})
        await connection.execute(_BOUND_WAIT, {"patience": VACUUM_PATIENCE})
        await connection.execute(sql.SQL(_KEEP_VACUUM_OUT).format(table=table))
        await connection.execute(_BOUND_WAIT, {"patience": PATIENCE})
        if projection.mode is Mode.INLINE:
            await connection.execute(_CLOSE_BARRIER, {"key": KEY})
        states = await _locked(connection, projection, coming)
        if states is None:
            return True
        live, coming = states.live, states.coming
        target = await _target(connection, projection, states)
        events = await _between(connection, coming.position, target)
        if len(events) > CLOSE:
            raise psycopg.Rollback
        await move(connection, projection, coming, events, to=target)
        await exchange_tables(connection, live=live, coming=coming)
        # A live table that lags has not got further by that; its way back begins where it is.
        left_at = target if projection.mode is Mode.INLINE else live.position
        await _exchange_states(connection, states, came_to=target, left_at=left_at)
        return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _States:
    """A projection's generations, locked."""

    live: Generation
    coming: Generation
    previous: Generation | None


async def _locked(
    connection: Connection, projection: AnyProjection, coming: Generation
) -> _States | None:
    found = await lock_generations(connection, projection.name)
    locked = found.get(coming.state)
    if locked is None or (locked.generation, locked.phase) != (coming.generation, coming.phase):
        return None
    return _States(live=found[State.LIVE], coming=locked, previous=found.get(State.PREVIOUS))


async def _target(connection: Connection, projection: AnyProjection, states: _States) -> int:
    """Give the position up to which the coming table must have everything."""
    if projection.mode is Mode.ASYNC:
        return max(states.live.position, states.coming.position)
    cursor = await connection.execute(_SETTLED)
    [(position,)] = await cursor.fetchall()
    return position if isinstance(position, int) else 0


async def _between(connection: Connection, after: int, until: int) -> list[PositionedEvent]:
    cursor = connection.cursor(row_factory=class_row(PositionedEvent))
    await cursor.execute(_READ_ALL, {"after": after, "until": until, "limit": CLOSE + 1})
    return await cursor.fetchall()


async def _exchange_states(
    connection: Connection, states: _States, *, came_to: int, left_at: int
) -> None:
    live, coming, previous = states.live, states.coming, states.previous
    if previous is not None and previous.generation != coming.generation:
        await forget(connection, previous)
    # What an operator has paused stays so; what has failed begins anew with its new table.
    paused_at = None if live.failed_at else live.paused_at
    # By way of a state of its own, since there is never more than one of each.
    for generation, state, position, pause in (
        (coming, State.BUILDING, came_to, None),
        (live, State.PREVIOUS, left_at, None),
        (coming, State.LIVE, came_to, paused_at),
    ):
        await connection.execute(
            _MAKE,
            {
                "name": generation.name,
                "generation": generation.generation,
                "state": state,
                "position": position,
                "paused_at": pause,
            },
        )
    await clear_shards(connection, live.name)
    if live.version == UNFILLED:
        await forget(connection, live)
