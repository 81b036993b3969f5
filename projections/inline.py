"""The projections that are written in the append's own transaction."""

from collections.abc import Sequence

import structlog
from structlog.typing import FilteringBoundLogger

from events.database import Connection
from events.envelope import LoggedEvent
from projections.advance import begin
from projections.errors import CannotApplyError
from projections.read_table import read_table
from projections.reason import reason
from projections.registry import INLINE

_TABLES = tuple(read_table(projection) for projection in INLINE)

_log: FilteringBoundLogger = structlog.get_logger()


async def project(connection: Connection, events: Sequence[LoggedEvent]) -> None:
    """Fold events, given in order, into the read tables, in the transaction that appends them.

    In a pipeline the rows of all tables are looked for in one round trip.

    Raises:
        CannotApplyError: A projection cannot apply one of them, so none may be recorded.
    """
    try:
        steps = [await begin(table, connection, events) for table in _TABLES]
        for step in steps:
            await step.finish()
    except CannotApplyError as error:
        _tell(error, events)
        raise


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
