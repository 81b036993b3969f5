"""Which failures of PostgreSQL pass, so that trying again may succeed."""

import psycopg

_PASSING = (
    "08",  # the connection failed
    "25006",  # read-only: a failover has left us with the standby for a moment
    "25P03",  # PostgreSQL ended a transaction that stalled
    "25P04",
    "40",  # a deadlock or a conflict was resolved at our cost
    "53300",  # too many connections
    "55P03",  # a lock was not had in time
    "57P",  # the server is stopping, starting, or has just crashed
)


def is_passing(error: psycopg.Error) -> bool:
    """Tell whether a failure says nothing against the statement itself."""
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate.startswith(_PASSING)
