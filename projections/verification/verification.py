"""Verifying read tables: the rows of some users against a fold of their history, at one instant."""

import msgspec
from psycopg import sql
from psycopg.rows import scalar_row

from events.database import Connection, Pool
from events.envelope import PlacedEvent
from events.history import LAST_POSITION, UserRange, read_history
from events.statements import statement
from events.tables import SCHEMA
from projections.errors import NotThereError
from projections.fold import Rows, by_primary_key, fold
from projections.generation import Generation, State, find_generations
from projections.projection import Mode, Row
from projections.read_table import read_table
from projections.registry import AnyProjection
from projections.skips import find_skipped
from projections.verification.comparison import Comparison, compare

_SNAPSHOT = statement("projections.verification", "begin_snapshot")
_KEEP_LIVE = statement("projections.verification", "keep_live")
_BEING_ERASED = statement("projections.verification", "users_being_erased")


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """How the tables of one projection compare with history, for some users.

    Attributes:
        events: Events folded.
        live: The live table.
        other: Another generation's, if one was asked for.
    """

    events: int
    live: Comparison
    other: Comparison | None


async def verify(
    pool: Pool, projection: AnyProjection, users: UserRange, other: State | None = None
) -> Verified:
    """Compare the rows of some users with a fold of their logs; one snapshot shows all of it.

    A table is compared with history as far as it has come, so what is appended, projected or
    rebuilt meanwhile confuses nothing. Those whose logs are being erased are left out.

    Raises:
        CannotApplyError: The projection cannot apply an event.
        NotThereError: There is no generation in that state.
    """
    async with pool.connection() as connection, connection.transaction():
        await connection.execute(_SNAPSHOT)
        # Before the snapshot is taken, so that no switch comes between it and the tables' names.
        live = sql.Identifier(SCHEMA, projection.name)
        await connection.execute(sql.SQL(_KEEP_LIVE).format(table=live))
        found = {each.state: each for each in await find_generations(connection, projection.name)}
        if State.LIVE not in found or (other and other not in found):
            raise NotThereError(projection.name, other or State.LIVE)
        chosen = [found[State.LIVE]] + ([found[other]] if other else [])
        expected, events = await _folds(connection, projection, chosen, users)
        erased = await _being_erased(connection, users)
        compared = [
            compare(
                projection,
                _without(erased, rows),
                _without(erased, await _rows(connection, projection, generation, users)),
            )
            for generation, rows in zip(chosen, expected, strict=True)
        ]
    return Verified(events=events, live=compared[0], other=compared[1] if other else None)


def reach(projection: AnyProjection, generation: Generation) -> int:
    """Give the position up to which everything is in a generation's table."""
    inline = projection.mode is Mode.INLINE and generation.state is State.LIVE
    return LAST_POSITION if inline else generation.position


async def _being_erased(connection: Connection, users: UserRange) -> frozenset[str]:
    cursor = connection.cursor(row_factory=scalar_row)
    await cursor.execute(
        _BEING_ERASED,
        {"after": users.after, "until": users.until, "including": users.including},
    )
    return frozenset(await cursor.fetchall())


def _without(user_ids: frozenset[str], rows: Rows[Row]) -> Rows[Row]:
    if not user_ids:
        return rows
    return {key: row for key, row in rows.items() if row.user_id not in user_ids}


async def _folds(
    connection: Connection,
    projection: AnyProjection,
    generations: list[Generation],
    users: UserRange,
) -> tuple[list[Rows[Row]], int]:
    """Fold the logs of some users as far as each generation has come, in one reading."""
    reaches = [reach(projection, generation) for generation in generations]
    skipped = await find_skipped(connection, projection.name)
    rows: Rows[Row] = {}
    written: Rows[Row] = {}
    later, events = list[PlacedEvent](), 0
    nearest, farthest = min(reaches), max(reaches)
    async for page in read_history(connection, users, until=farthest, skipped=skipped):
        events += len(page)
        written |= fold(projection, rows, (each for each in page if each.position <= nearest))
        later += [each for each in page if each.position > nearest]
    at_farthest = written | fold(projection, dict(rows), later)
    return [written if reached == nearest else at_farthest for reached in reaches], events


async def _rows(
    connection: Connection, projection: AnyProjection, generation: Generation, users: UserRange
) -> Rows[Row]:
    table = read_table(projection, generation.table_name)
    return by_primary_key(projection, await table.read(connection, users))
