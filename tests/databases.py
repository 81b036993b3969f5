"""Throw-away databases on the run's server."""

import asyncio
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from events.database import open_pool
from events.ids import new_id
from migrations.upgrade import upgrade
from projections.registration import register


@contextmanager
def database(server_url: str) -> Generator[str]:
    """Create a database on a server, give its URL, and drop it with whoever is still connected."""
    name = f"taskfold_test_{new_id().replace('-', '')}"
    _on(server_url, sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        yield with_database(server_url, name)
    finally:
        _drop(server_url, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def prepare(url: str) -> None:
    """Bring a database where the product has it before it serves: schema and projections."""
    upgrade(url)
    # In a thread, since whoever asks may have a loop of their own running.
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, _register(url)).result()


async def _register(url: str) -> None:
    async with open_pool(url, size=1) as pool, pool.connection() as connection:
        await register(connection)


def with_database(url: str, name: str) -> str:
    """Point a connection URL at another database of the same server."""
    head, _, query = url.partition("?")
    known = conninfo_to_dict(url)["dbname"]
    return f"{head.removesuffix(f'/{known}')}/{name}" + (f"?{query}" if query else "")


def _on(server_url: str, statement: sql.Composed) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement)


def _drop(server_url: str, statement: sql.Composed) -> None:
    give_up = time.monotonic() + 30
    while True:
        try:
            _on(server_url, statement)
        except psycopg.errors.InsufficientPrivilege:
            # PostgreSQL is vacuuming it, which only a superuser may end and which ends by itself.
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)
        else:
            return
