"""What PostgreSQL itself does for a command: its statements by the time they take."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from api.embedded.server import EmbeddedServer, embedded_server

SHOWN = 25
_MOST = """
select
    %(each)s * (total_exec_time + total_plan_time) as microseconds, calls, rows,
    regexp_replace(left(query, 200), '\\s+', ' ', 'g') as query
from pg_stat_statements
order by 1 desc
limit %(shown)s
"""


@contextmanager
def counting_server(data_directory: Path) -> Generator[EmbeddedServer]:
    """Start a PostgreSQL that counts what its statements take."""
    with (
        embedded_server(data_directory) as server,
        psycopg.connect(server.superuser_url, autocommit=True) as connection,
    ):
        connection.execute("alter system set shared_preload_libraries = 'pg_stat_statements'")
        connection.execute("alter system set pg_stat_statements.track_planning = on")
    with (
        embedded_server(data_directory) as server,
        psycopg.connect(server.superuser_url, autocommit=True) as connection,
    ):
        connection.execute("create extension pg_stat_statements")
        yield server


def forget(superuser_url: str) -> None:
    """Count anew."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("select pg_stat_statements_reset()")


def costliest(superuser_url: str, commands: float) -> list[tuple[float, int, int, str]]:
    """Give the costliest statements: µs for each command, calls, rows, and how they begin."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        each = {"each": 1_000 / commands, "shown": SHOWN}
        return connection.execute(_MOST, each).fetchall()
