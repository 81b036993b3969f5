"""The table of tasks made by PostgreSQL alone, with the same columns, rows and indexes as ours."""

from pathlib import Path
from time import perf_counter

import psycopg

from tests.benchmarks.turns import Sample

STATEMENT = Path(__file__).with_suffix(".sql")
_INDEXES = (
    "select replace(indexdef, 'taskfold.task ', 'public.bench_task ') from pg_indexes"
    " where schemaname = 'taskfold' and tablename = 'task'"
)
_TABLE = """
drop table if exists public.bench_task;
create table public.bench_task (like taskfold.task including storage including constraints)
"""


def rebuild_by_sql(url: str) -> Sample:
    """Fold all events into a new table, index it, and give the seconds that took."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLE)
        connection.execute("set work_mem = '256MB'")
        connection.execute("set jit = off")
        began = perf_counter()
        connection.execute(STATEMENT.read_bytes())
        filled = perf_counter()
        for (definition,) in connection.execute(_INDEXES).fetchall():
            connection.execute(definition.encode())
        return {"made": perf_counter() - began, "replayed": filled - began}
