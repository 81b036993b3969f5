"""Waiting for one's turn to migrate, and never for long with tables in hand."""

import time

from sqlalchemy import Connection, func, select

LOCK_KEY = 0x7461736B_6D696772
"""The advisory lock that lets one process migrate at a time ("taskmigr")."""

TURN_STEP = 0.2
"""Seconds between two attempts to get it; other processes may migrate for as long as they need."""

TABLE_PATIENCE = "5s"
"""How long a change waits for a table, since everybody who needs the table queues behind it."""


def take_turn(connection: Connection) -> None:
    """Wait until no other process migrates, then bound every wait of this transaction."""
    # In steps, so that the wait itself is no statement that some timeout of the server's ends.
    while not connection.scalar(select(func.pg_try_advisory_xact_lock(LOCK_KEY))):
        time.sleep(TURN_STEP)
    connection.execute(select(func.set_config("lock_timeout", TABLE_PATIENCE, True)))
