"""The one connection a migration runs on."""

from collections.abc import Generator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, NullPool, create_engine

from events.errors import DatabaseUnreachableError

CONNECT_TIMEOUT = 30
"""Seconds to wait for a connection: a serverless PostgreSQL may have to wake up."""


@contextmanager
def connect(url: str) -> Generator[Connection]:
    """Open one transaction, committed at the end, on a connection that is closed after it.

    Args:
        url: A libpq connection URL, handed to psycopg as it is.

    Raises:
        DatabaseUnreachableError: No connection could be made.
    """
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: _connection(url),
        poolclass=NullPool,
    )
    with engine.begin() as connection:
        yield connection


def _connection(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(
            url,
            connect_timeout=CONNECT_TIMEOUT,
            application_name="taskfold-migrate",
            prepare_threshold=None,
        )
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split()).rstrip(".?!")
        raise DatabaseUnreachableError(reason) from error
