"""How far an async projection is behind the log, in events and in seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from events.database import Connection
from events.statements import statement

COUNTED = 10_000
"""Events counted one by one; beyond them the distance in positions is told, which is no less."""

_MEASURE = statement("projections.status", "measure_lag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """What a projection has still to do.

    Attributes:
        events: Events it has not applied yet.
        exact: Whether there are exactly so many, and not only at most.
        seconds: The time between the last event it has applied and the last there is.
        oldest_seconds: The age of the oldest event it has not applied; 0 if there is none.
    """

    events: int = 0
    exact: bool = True
    seconds: float = 0.0
    oldest_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Measured:
    counted: int
    last_position: int
    last_at: datetime
    oldest_at: datetime | None
    done_at: datetime | None
    now: datetime


async def measure_lag(connection: Connection, position: int) -> Lag:
    """Measure how far a position is behind the last event, at the same cost however far it is."""
    cursor = connection.cursor(row_factory=class_row(_Measured))
    await cursor.execute(_MEASURE, {"position": position, "limit": COUNTED + 1})
    found = await cursor.fetchone()
    if found is None or found.oldest_at is None:
        return Lag()
    exact = found.counted <= COUNTED
    return Lag(
        events=found.counted if exact else found.last_position - position,
        exact=exact,
        seconds=_seconds(found.last_at - (found.done_at or found.oldest_at)),
        oldest_seconds=_seconds(found.now - found.oldest_at),
    )


def _seconds(span: timedelta) -> float:
    # Events carry the clocks of the machines that took them; nobody is ahead of the log.
    return max(0.0, span.total_seconds())
