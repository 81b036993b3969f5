"""Positions that go on behind the last event, also where the events came without their sequence."""

from sqlalchemy import Connection

from events.barrier import KEY
from events.statements import statement

_ARE_BEHIND = statement("events", "positions_behind")
_CLOSE_BARRIER = statement("events", "close_barrier")
_CONTINUE_POSITIONS = statement("events", "continue_positions")


def continue_positions(connection: Connection) -> None:
    """Move the position sequence behind the last event if it stands before it.

    Logical replication brings rows and leaves sequences behind. New events would then get positions
    that readers are past already.
    """
    if connection.exec_driver_sql(_ARE_BEHIND).scalar_one():
        # With nobody between taking positions and committing them, the sequence cannot go back.
        connection.exec_driver_sql(_CLOSE_BARRIER, {"key": KEY})
        connection.exec_driver_sql(_CONTINUE_POSITIONS)
