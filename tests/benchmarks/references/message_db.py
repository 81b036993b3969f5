"""message-db: an event store made of functions of PostgreSQL, from its npm package."""

from pathlib import Path

import psycopg

from tests.benchmarks.references.npm import packages

WRITE = Path(__file__).parent / "message_db_write.sql"
_FUNCTIONS = (
    "hash-64",
    "acquire-lock",
    "category",
    "is-category",
    "id",
    "cardinal-id",
    "stream-version",
    "write-message",
)
_FILES = (
    "schema/message-store",
    "tables/messages",
    "types/message",
    *(f"functions/{name}" for name in _FUNCTIONS),
    "indexes/messages-id",
    "indexes/messages-stream",
    "indexes/messages-category",
)


def install(url: str) -> None:
    """Do in a database what its installer does, but for roles and whatever only reads.

    Raises:
        UnavailableError: The package is not to be had on this machine.
    """
    home = packages() / "@eventide/message-db/database"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create schema message_store")
        connection.execute("set search_path to message_store, public")
        for name in _FILES:
            connection.execute((home / f"{name}.sql").read_bytes())
        database = connection.info.dbname
        connection.execute(
            f'alter database "{database}" set search_path to message_store, public'.encode()
        )
