"""One-row inserts of pgbench: how fast PostgreSQL itself commits something like an event."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg

from tests.benchmarks.bench import Bench
from tests.benchmarks.references.pgbench import pgbench
from tests.benchmarks.turns import Sample

HERE = Path(__file__).parent


@asynccontextmanager
async def one_row_inserts(bench: Bench) -> AsyncGenerator[Callable[[int], Awaitable[Sample]]]:
    """Give the inserts of so many clients, into a table of as many rows as our log has events."""
    scale = bench.scale
    sizes = {"users": scale.users, "tasks": scale.tasks_of_a_user}
    async with bench.empty() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute((HERE / "one_row_table.sql").read_bytes())
            connection.execute((HERE / "one_row_fill.sql").read_bytes(), sizes)
            connection.execute("vacuum analyze bench_event")

        async def insert(clients: int) -> Sample:
            script = HERE / "one_row.sql"
            return await pgbench(
                url, script, clients=clients, seconds=scale.seconds, users=scale.users
            )

        yield insert
