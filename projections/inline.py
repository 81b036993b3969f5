"""The projections that are written in the append's own transaction."""

from collections.abc import Sequence

import structlog
from psycopg import AsyncCursor
from structlog.typing import FilteringBoundLogger

from events.database import Connection
from events.envelope import LoggedEvent
from events.log_events import LogErased
from events.statements import statement
from projections.advance import begin
from projections.errors import CannotApplyError, SupersededError
from projections.read_table import read_table
from projections.reason import reason
from projections.registry import INLINE

_TABLES = tuple(read_table(projection) for projection in INLINE)
_WRITTEN = {(projection.name, projection.version) for projection in INLINE}
_FIND_INLINE = statement("projections", "find_inline")

_log: FilteringBoundLogger = structlog.get_logger()

type Cursor = AsyncCursor[tuple[object, ...]]


async def project(connection: Connection, events: Sequence[LoggedEvent]) -> None:
    """Fold events, given in order, into the read tables, in the transaction that appends them.

    In a pipeline the rows of all tables are looked for in one round trip. The rows of an erased log
    are not taken out here, since there may be very many: nobody writes to that log until
    `projections/erasure.py` has done so in parts.

    Raises:
        SupersededError: The live tables are those of another version of the code.
        CannotApplyError: A projection cannot apply one of them, so none may be recorded.
    """
    live = await _find_live(connection)
    try:
        told = [event for event in events if not isinstance(event.payload, LogErased)]
        steps = [await begin(table, connection, told) for table in _TABLES]
        await _check(live)
        for step in steps:
            await step.finish()
    except CannotApplyError as error:
        _tell(error, events)
        raise


async def check_inline(connection: Connection) -> None:
    """Make sure that this version of the code may write the live inline tables.

    Raises:
        SupersededError: It may not.
    """
    await _check(await _find_live(connection))


async def _find_live(connection: Connection) -> Cursor:
    # Behind the barrier, so a switch to another version's table comes before or after all of this.
    return await connection.execute(_FIND_INLINE)


async def _check(live: Cursor) -> None:
    if {*await live.fetchall()} != _WRITTEN:
        raise SupersededError


def _tell(error: CannotApplyError, events: Sequence[LoggedEvent]) -> None:
    # A group of requests comes again one by one, since only one of them is to blame: told then.
    if len({event.metadata.request_id for event in events}) == 1:
        _log.error(
            "projection.refused",
            projection=error.projection,
            user_id=error.user_id,
            sequence=error.sequence,
            type=error.type,
            error=reason(error),
        )
