"""How much of a user's log is in a read table at the moment."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import tuple_row

from events.binding import UserReader
from events.lookup import Lookup
from events.statements import statement
from projections.projection import Mode
from projections.registry import AnyProjection

_CONTAINED_SEQUENCE = statement("projections.queries", "contained_sequence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How much of a user's log a projection has folded into its table.

    Attributes:
        sequence: The last event it has; every one before it is there too.
        lacking_since: When the first event that it lacks was recorded; None when it lacks none.
        cleared_through: Up to where an erasure of the log has been carried out; known of inline
            projections alone.
        chain: The chain value there, which no other log has; known of inline projections alone.
    """

    sequence: int = 0
    lacking_since: datetime | None = None
    cleared_through: int = 0
    chain: bytes = b""

    def lag(self, now: datetime) -> float:
        """Give for how many seconds the table has been behind the user's log."""
        if self.lacking_since is None:
            return 0.0
        return max(0.0, (now - self.lacking_since).total_seconds())


def _at_head(sequence: int, cleared_through: int, chain: bytes) -> Freshness:
    return Freshness(sequence=sequence, cleared_through=cleared_through, chain=chain)


LOG_HEAD = Lookup(statement("projections.queries", "head_sequence"), _at_head)
"""How fresh inline projections are for a user: their rows are committed together with the head."""


async def read_freshness(reader: UserReader, projection: AnyProjection) -> Freshness:
    """Tell how much of a user's log is in a projection's live table.

    What is read after this holds at least as much.
    """
    if projection.mode is Mode.INLINE:
        return next(iter(await reader.look_up(LOG_HEAD, {})), Freshness())
    rows = await reader.rows(_CONTAINED_SEQUENCE, {"projection": projection.name}, tuple_row)
    match rows:
        case [(int() as sequence, datetime() as lacking_since)]:
            return Freshness(sequence=sequence, lacking_since=lacking_since)
        case [(int() as sequence, *_)]:
            return Freshness(sequence=sequence)
        case _:
            return Freshness()
