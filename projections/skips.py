"""The events a projection was told to pass over.

They are left out before they are read any closer, since they may not even be readable, by whoever
folds: the projector, a rebuild, a verification. So a table stays what a fold of history gives.
"""

from collections.abc import Iterable

from events.database import Connection
from events.envelope import PlacedEvent
from events.history import placed
from events.reader import PositionedEvent
from events.statements import statement

type Skipped = frozenset[tuple[str, int]]
"""Events by user and sequence."""

_FIND = statement("projections", "find_skipped")


async def find_skipped(connection: Connection, name: str) -> Skipped:
    """Find the events a projection passes over."""
    cursor = await connection.execute(_FIND, {"name": name})
    found = await cursor.fetchall()
    return frozenset((str(user_id), int(str(sequence))) for user_id, sequence in found)


def placed_unless(rows: Iterable[PositionedEvent], skipped: Skipped) -> list[PlacedEvent]:
    """Decode events for a projection that passes over some.

    Raises:
        UnreadableEventError: One of the others cannot be read by this version of the code.
    """
    return [placed(row) for row in rows if (row.user_id, row.sequence) not in skipped]
