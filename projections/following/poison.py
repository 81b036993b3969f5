"""Events that a projection cannot apply: found, tried again, and stopped at; never passed over."""

import asyncio
from collections.abc import Sequence

import psycopg
import structlog
from structlog.typing import FilteringBoundLogger

from events.passing import is_passing
from events.reader import PositionedEvent
from projections.errors import LeaseLostError
from projections.following.hold import Hold
from projections.following.lease import Failure
from projections.reason import reason

BATCH_PAUSES = (0.0, 0.1, 0.4)
"""Seconds before each attempt at a whole batch."""

EVENT_PAUSES = (0.1, 0.2, 0.4, 0.8)
"""Seconds before each attempt at the one event that is at fault."""

_TOO_LARGE = "54"
"""What PostgreSQL says of values beyond its limits: an operational error by class, but it stays."""

_log: FilteringBoundLogger = structlog.get_logger()


async def apply(hold: Hold, rows: Sequence[PositionedEvent], to: int) -> bool:
    """Apply a batch; False if that took so long a way that where things stand must be looked up.

    A batch that fails again and again is applied up to the first event at fault. If that one fails
    again and again too, the projection pauses. Failures that say nothing against an event are
    raised and never counted.
    """
    if await _insist(hold, rows, to, BATCH_PAUSES) is None:
        return True
    culprit = await _narrow(hold, rows)
    error = await _insist(hold, [culprit], culprit.position, EVENT_PAUSES)
    if error is not None:
        await _pause(hold, culprit, error)
    return False


def blames_event(error: Exception) -> bool:
    """Tell whether a failure comes from the events, so that it would come again and again."""
    match error:
        case LeaseLostError() | psycopg.InterfaceError():
            return False
        case psycopg.OperationalError(sqlstate=str() as code) if code.startswith(_TOO_LARGE):
            return True
        case psycopg.OperationalError():
            # A full disk, say: it stops every projection and is no event's fault.
            return False
        case psycopg.Error():
            return not is_passing(error)
        case _:
            return True


async def _insist(
    hold: Hold, rows: Sequence[PositionedEvent], to: int, pauses: Sequence[float]
) -> Exception | None:
    """Try to apply events until it works; give what was the matter if it never did."""
    failure = None
    for pause in pauses:
        await asyncio.sleep(pause)
        await hold.keep()
        failure = await _attempt(hold, rows, to)
        if failure is None:
            return None
        _log.warning(
            "projection.failing",
            projection=hold.lease.name,
            events=len(rows),
            error=reason(failure),
        )
    return failure


async def _narrow(hold: Hold, rows: Sequence[PositionedEvent]) -> PositionedEvent:
    """Apply what stands before the first event at fault, half by half, and give that event."""
    while len(rows) > 1:
        middle = len(rows) // 2
        first, rest = rows[:middle], rows[middle:]
        failure = await _attempt(hold, first, first[-1].position)
        rows = rest if failure is None else first
    return rows[0]


async def _attempt(hold: Hold, rows: Sequence[PositionedEvent], to: int) -> Exception | None:
    try:
        await hold.apply(rows, to)
    except Exception as error:
        if not blames_event(error):
            raise
        return error
    return None


async def _pause(hold: Hold, culprit: PositionedEvent, error: Exception) -> None:
    failure = Failure(user_id=culprit.user_id, sequence=culprit.sequence, reason=reason(error))
    await hold.give_up(failure)
    _log.error(
        "projection.paused",
        projection=hold.lease.name,
        user_id=failure.user_id,
        sequence=failure.sequence,
        type=culprit.type,
        error=failure.reason,
    )
