"""What history costs on disk: bytes an event keeps, and write-ahead log a command makes."""

from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

import psycopg

from tests.benchmarks.bench import Bench
from tests.benchmarks.findings import Comparison, Finding, Value
from tests.benchmarks.references.pgbench import pgbench
from tests.benchmarks.turns import Contender, Sample, of, take_turns

REFERENCES = Path(__file__).parents[1] / "references"
OURS, OURS_ALONE, PLAIN = "taskfold", "taskfold, one at a time", "a plain row of a CRUD table"
TABLES = ("event", "user_log", "task", "task_change", "receipt")
_SIZES = """
select relname, pg_table_size(c.oid) as table_bytes, pg_indexes_size(c.oid) as index_bytes
from pg_class as c
where relnamespace = 'taskfold'::regnamespace and relname = any(%s)
"""


async def storage(bench: Bench) -> list[Finding]:
    """Append for a while, and look at what has become of the files."""
    async with AsyncExitStack() as use:
        url = await use.enter_async_context(bench.migrated())
        ours = await use.enter_async_context(bench.python("subjects.append", url, "1000"))
        plain = await use.enter_async_context(bench.empty())
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute((REFERENCES / "crud_table.sql").read_bytes())
        most, seconds = max(bench.scale.in_flight), bench.scale.seconds

        async def append(in_flight: int) -> Sample:
            before = _written(url)
            sample = await ours.ask(in_flight=in_flight, seconds=seconds)
            return {"wal": (_written(url) - before) / sample["count"]}

        async def insert() -> Sample:
            before, rows = _written(plain), _rows(plain)
            await pgbench(plain, REFERENCES / "crud_insert.sql", clients=most, seconds=seconds)
            return {"wal": (_written(plain) - before) / (_rows(plain) - rows)}

        contenders = [
            Contender(OURS, lambda: append(most)),
            Contender(OURS_ALONE, lambda: append(1)),
            Contender(PLAIN, insert),
        ]
        turns = await take_turns(bench.scale, contenders, bench.say)
        kept = _kept(url)
    wal = {name: of(samples, "wal") for name, samples in turns.items()}
    compared: list[Finding] = [
        Comparison(
            work=f"write-ahead log of a command{name.removeprefix(OURS)}",
            metric="bytes",
            unit="B",
            ours=wal[name],
            reference=PLAIN,
            theirs=wal[PLAIN],
            less_is_better=True,
        )
        for name in (OURS, OURS_ALONE)
    ]
    return [*compared, *kept]


def _written(url: str) -> int:
    """Give how much write-ahead log the server has written so far, for everybody."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')").fetchone()
    return int(row[0]) if row else 0


def _rows(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("select count(*) from crud_task").fetchone()
    return int(row[0]) if row else 0


def _kept(url: str) -> list[Finding]:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("select count(*) from taskfold.event").fetchone()
        sizes = connection.execute(_SIZES, [list(TABLES)]).fetchall()
    events = int(row[0]) if row else 1
    each = [
        Value(
            work="disk", metric=f"`{name}`, table and indexes", unit="B an event",
            values=[(table + indexes) / events],
        )
        for name, table, indexes in sorted(sizes)
    ]  # fmt: skip
    whole = sum(median(value.values) for value in each)
    return [*each, Value(work="disk", metric="all of it", unit="B an event", values=[whole])]
