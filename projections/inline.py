"""The projections that are written in the append's own transaction."""

from collections.abc import Sequence

from events.database import Connection
from events.envelope import LoggedEvent
from projections.advance import begin
from projections.read_table import read_table
from projections.registry import INLINE

_TABLES = tuple(read_table(projection) for projection in INLINE)


async def project(connection: Connection, events: Sequence[LoggedEvent]) -> None:
    """Fold events, given in order, into the read tables, in the transaction that appends them.

    In a pipeline the rows of all tables are looked for in one round trip.
    """
    steps = [await begin(table, connection, events) for table in _TABLES]
    for step in steps:
        await step.finish()
