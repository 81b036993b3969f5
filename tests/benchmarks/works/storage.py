"""What history costs on disk: bytes an event keeps, and write-ahead log a command makes."""

from functools import partial
from pathlib import Path
from statistics import median

import psycopg

from tests.benchmarks.bench import Bench
from tests.benchmarks.findings import Comparison, Finding, Value
from tests.benchmarks.references.pgbench import pgbench
from tests.benchmarks.turns import Contender, Sample, Turns, of, take_turns

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
    most, seconds = max(bench.scale.in_flight), bench.scale.seconds
    async with (
        bench.migrated() as url,
        bench.empty() as plain,
        bench.python("subjects.append", url, "1000") as ours,
    ):
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute((REFERENCES / "crud_table.sql").read_bytes())

        async def append(in_flight: int) -> Sample:
            before = _written(url)
            sample = await ours.ask(in_flight=in_flight, seconds=seconds)
            return {"wal": (_written(url) - before) / sample["count"]}

        contenders = [
            Contender(OURS, partial(append, most)),
            Contender(OURS_ALONE, partial(append, 1)),
            Contender(PLAIN, partial(_insert, plain, most, seconds)),
        ]
        turns = await take_turns(bench.scale, contenders, bench.say)
        return [*_compared(turns), *_kept(url)]


async def _insert(url: str, clients: int, seconds: float) -> Sample:
    before, rows = _written(url), _rows(url)
    await pgbench(url, REFERENCES / "crud_insert.sql", clients=clients, seconds=seconds)
    return {"wal": (_written(url) - before) / (_rows(url) - rows)}


def _compared(turns: Turns) -> list[Finding]:
    return [
        Comparison(
            work=f"write-ahead log of a command{name.removeprefix(OURS)}",
            metric="bytes",
            unit="B",
            ours=of(turns[name], "wal"),
            reference=PLAIN,
            theirs=of(turns[PLAIN], "wal"),
            less_is_better=True,
        )
        for name in (OURS, OURS_ALONE)
    ]


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
            work="disk",
            metric=f"`{name}`, table and indexes",
            unit="B an event",
            values=[(table + indexes) / events],
        )
        for name, table, indexes in sorted(sizes)
    ]
    whole = sum(median(value.values) for value in each)
    return [*each, Value(work="disk", metric="all of it", unit="B an event", values=[whole])]
