"""The work of a rebuild in parts: ranges of users, taken by whoever is free, in any process.

A range is held by a row lock for the one transaction that works on its next users and notes how far
it is. Who dies gives back what was not committed, so nothing is done twice and nothing left out,
and there is no lease that could be outlived.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from psycopg.rows import class_row

from events.database import Connection, Pool
from events.history import FIRST_USER, LAST_USER, UserRange, next_users
from events.statements import statement
from projections.generation import Generation

SHARDS = 64
"""Ranges all users are divided into: enough for every worker to have some until the end."""

CHUNK = 20_000
"""Events worked through in one transaction, about: what is lost at most when a worker dies."""

IDLENESS_LIMIT = "5min"
"""How long a worker that is frozen keeps its range; far longer than one user's log can take."""

_BOUND_IDLENESS = statement("projections", "bound_idleness")
_PLAN = statement("projections.rebuild", "plan_shards")
_CLEAR = statement("projections.rebuild", "clear_shards")
_RESET = statement("projections.rebuild", "reset_shards")
_TAKE = statement("projections.rebuild", "take_shard")
_MOVE = statement("projections.rebuild", "move_shard")
_TOTALS = statement("projections.rebuild", "shard_totals")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one transaction has worked through.

    Attributes:
        events: Events read.
        rows: Rows written or compared.
        verdict: What was found, as JSON.
    """

    events: int
    rows: int
    verdict: bytes | None = None


type Work = Callable[[Connection, UserRange], Awaitable[Done]]
"""Works through the logs of some users, in the transaction it is given."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A range of users, and up to which of them it is worked through."""

    shard: int
    done_user: str
    until_user: str


@dataclass(frozen=True, slots=True)
class Totals:
    """How far all ranges together are: events and rows worked through, ranges not at their end."""

    events: int
    rows: int
    left: int


async def plan_shards(connection: Connection, name: str) -> None:
    """Divide the work of rebuilding a projection."""
    await clear_shards(connection, name)
    await connection.execute(
        _PLAN, {"name": name, "shards": SHARDS, "first": FIRST_USER, "last": LAST_USER}
    )


async def reset_shards(connection: Connection, name: str) -> None:
    """Have every range worked through once more."""
    await connection.execute(_RESET, {"name": name})


async def clear_shards(connection: Connection, name: str) -> None:
    """Forget a division of work."""
    await connection.execute(_CLEAR, {"name": name})


async def totals(connection: Connection, name: str) -> Totals:
    """Add up how far the work is."""
    cursor = connection.cursor(row_factory=class_row(Totals))
    await cursor.execute(_TOTALS, {"name": name})
    [found] = await cursor.fetchall()
    return found


async def work_on_a_shard(pool: Pool, generation: Generation, work: Work) -> Done | None:
    """Take a range nobody works on a step further; None when there is none to be had.

    There is none either once the generation is in another phase, or called off.

    What the work writes and how far it is are committed together.
    """
    async with pool.connection() as connection, connection.transaction():
        await connection.execute(_BOUND_IDLENESS, {"limit": IDLENESS_LIMIT})
        shard = await _take(connection, generation)
        if shard is None:
            return None
        rest = UserRange(shard.done_user, shard.until_user)
        users = await next_users(connection, rest, events=CHUNK)
        # Also where no log is left: a table may hold rows of users who have none.
        done = await work(connection, users or rest)
        await connection.execute(
            _MOVE,
            {
                "name": generation.name,
                "shard": shard.shard,
                "done_user": shard.until_user if users is None else users.until,
                "done": users is None,
                "events": done.events,
                "rows": done.rows,
                "verdict": None if done.verdict is None else done.verdict.decode(),
            },
        )
        return done


async def _take(connection: Connection, generation: Generation) -> Shard | None:
    cursor = connection.cursor(row_factory=class_row(Shard))
    await cursor.execute(
        _TAKE,
        {
            "name": generation.name,
            "generation": generation.generation,
            "phase": generation.phase,
        },
    )
    return await cursor.fetchone()
