"""The stores that measurements stand on are what the product would have written."""

import psycopg
import pytest

from events.database import Pool
from projections.registry import INLINE
from projections.verification.check import check
from tests.benchmarks.references.sql_rebuild import rebuild_by_sql
from tests.benchmarks.store.fill import fill
from tests.databases import prepare

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("events", [1, 2, 5])
async def test_a_filled_read_table_is_what_its_events_fold_into(
    events: int, database_url: str, pool: Pool, user_id: str
) -> None:
    fill(database_url, [user_id], tasks=7, events=events)
    for projection in INLINE:
        async for verified in check(pool, projection, user=user_id):
            assert verified.events == 7 * events
            assert verified.live.differences == 0
            assert verified.live.found.rows >= 7


async def test_a_rebuild_by_sql_makes_the_rows_and_indexes_that_ours_makes(
    empty_database_url: str,
) -> None:
    prepare(empty_database_url)
    fill(empty_database_url, ["ada", "bob"], tasks=3, events=4)

    rebuild_by_sql(empty_database_url)

    assert _rows(empty_database_url, "public.bench_task") == _rows(
        empty_database_url, "taskfold.task"
    )
    assert _indexes(empty_database_url, "public") == _indexes(empty_database_url, "taskfold")


def _rows(url: str, table: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        statement = f"select to_jsonb(task) from {table} as task order by user_id, task_id"
        return connection.execute(statement.encode()).fetchall()


def _indexes(url: str, schema: str) -> list[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "select indexname from pg_indexes"
            " where schemaname = %s and tablename in ('task', 'bench_task')",
            [schema],
        )
        return sorted(str(name) for (name,) in found.fetchall())
