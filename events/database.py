"""Connections to PostgreSQL."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from events.errors import DatabaseUnreachableError

type Connection = AsyncConnection[tuple[object, ...]]
type Pool = AsyncConnectionPool[Connection]

OPEN_TIMEOUT = 30.0
"""Seconds to wait for the first connection: a serverless PostgreSQL may have to wake up."""

PREPARE_AFTER = 2
"""Executions after which a statement is prepared: the statements are few and all are hot."""

SIGNS_OF_LIFE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""How libpq notices within a minute that a connection has died without a word, unless told else."""


def conninfo(url: str, *, application_name: str) -> str:
    """Give what to connect with: what the URL says, and signs of life where it says nothing.

    Texts travel as UTF-8, whatever the database keeps them in.
    """
    said = conninfo_to_dict(url)
    silent = {name: value for name, value in SIGNS_OF_LIFE.items() if name not in said}
    return make_conninfo(url, application_name=application_name, client_encoding="utf8", **silent)


@asynccontextmanager
async def open_pool(
    url: str, *, size: int, prepared_statements: bool = True, patience: float = OPEN_TIMEOUT
) -> AsyncGenerator[Pool]:
    """Keep a pool of at most `size` autocommit connections open.

    Args:
        url: A libpq connection URL.
        size: The most connections the pool opens.
        prepared_statements: Off for a pooler that does not know protocol-level prepared statements.
        patience: Seconds to wait for the first connection.

    Raises:
        DatabaseUnreachableError: The first connection could not be made in time.
    """
    pool = _closed_pool(url, size, PREPARE_AFTER if prepared_statements else None)
    try:
        await pool.open(wait=True, timeout=patience)
    except PoolTimeout as error:
        await pool.close()
        reason = f"no connection within {patience:g} seconds"
        raise DatabaseUnreachableError(reason) from error
    try:
        yield pool
    finally:
        await pool.close()


def _closed_pool(url: str, size: int, prepare_after: int | None) -> Pool:
    return AsyncConnectionPool(
        conninfo(url, application_name="taskfold"),
        kwargs={"autocommit": True, "prepare_threshold": prepare_after},
        configure=_drop_notifications,
        min_size=1,
        max_size=size,
        open=False,
    )


async def _drop_notifications(connection: Connection) -> None:
    # Behind a pooler somebody's LISTEN may stay on a connection we are given; kept for nobody,
    # its notifications would fill the memory.
    connection.add_notify_handler(_drop)


def _drop(_notification: psycopg.Notify) -> None:
    pass
