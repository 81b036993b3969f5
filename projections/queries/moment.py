"""Moments of a user's past: after which of their events, and when that was."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import tuple_row

from events.binding import UserReader
from events.statements import statement
from projections.errors import NotFilledError
from projections.queries.places import sequence_at
from projections.task_change import NAME

_LOG_END = statement("projections.queries", "log_end")
_RECORDED_AT = statement("projections.queries", "recorded_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment of a user's past.

    Attributes:
        sequence: The last event that had happened by then; 0 for none.
        recorded_at: When that was recorded; None for none.
        erased_through: How far the log was erased.
        chain: The chain value after that event, which no other log has.
    """

    sequence: int
    recorded_at: datetime | None
    erased_through: int
    chain: bytes = b""

    @property
    def is_erased(self) -> bool:
        """Whether all that had happened by then was erased: it counts as gone before it is."""
        # The event after the last that was erased says so itself.
        return self.erased_through > 0 and self.sequence <= self.erased_through + 1


async def moment_of(reader: UserReader, as_of: int | datetime | None) -> Moment | None:
    """Find the moment after an event, or at an instant, or now; None if no event has that sequence.

    Raises:
        NotFilledError: The changes of before their table existed are not in it yet.
    """
    end, erased_through = await _end(reader)
    match as_of:
        case None:
            sequence = end
        case int():
            sequence = as_of
        case instant:
            sequence = await sequence_at(reader, instant)
    if sequence > end and isinstance(as_of, int):
        return None
    rows = await reader.rows(_RECORDED_AT, {"sequence": sequence}, tuple_row)
    recorded_at, chain = next(iter(rows), (None, b""))
    return Moment(
        sequence=sequence,
        recorded_at=recorded_at,
        erased_through=erased_through,
        chain=chain,
    )


async def check_filled(reader: UserReader) -> None:
    """Go on only if all changes are in their table.

    Raises:
        NotFilledError: Those of before it existed are not in it yet.
    """
    await _end(reader)


async def _end(reader: UserReader) -> tuple[int, int]:
    [(end, erased_through, is_filled)] = await reader.rows(
        _LOG_END, {"projection": NAME}, tuple_row
    )
    if not is_filled:
        raise NotFilledError(NAME)
    return int(end), int(erased_through)
