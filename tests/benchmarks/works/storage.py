"""What history costs on disk: bytes an event keeps, and write-ahead log a command makes."""

from functools import partial

import psycopg

from tests.benchmarks.bench import Bench
from tests.benchmarks.findings import Comparison, Finding, Value
from tests.benchmarks.references.crud import INSERT, crud_table
from tests.benchmarks.references.pgbench import pgbench
from tests.benchmarks.subjects.append import clients
from tests.benchmarks.turns import Contender, Sample, Turns, of, take_turns
from tests.benchmarks.works.append import Handler

OURS, OURS_ALONE, PLAIN = "taskfold", "taskfold, one at a time", "a plain row of a CRUD table"
TABLES = ("event", "user_log", "task", "task_change", "receipt")
_ROWS = "select count(*) from crud_task"
_SIZES = """
select relname, pg_total_relation_size(c.oid)
from pg_class as c
where relnamespace = 'taskfold'::regnamespace and relname = any(%s)
order by relname
"""


async def storage(bench: Bench, ours: Handler) -> list[Finding]:
    """Append for a while, and look at what was written and what has become of the files."""
    return [*await _written_for_each(bench, ours), *await _kept(bench)]


async def _written_for_each(bench: Bench, ours: Handler) -> list[Finding]:
    most, scale = max(bench.scale.in_flight), bench.scale
    async with bench.empty() as plain:
        crud_table(plain, scale)

        async def append(in_flight: int) -> Sample:
            before = _written(ours.url)
            sample = await ours.append(in_flight)
            return {"wal": (_written(ours.url) - before) / sample["count"]}

        async def insert() -> Sample:
            before, rows = _written(plain), _number(plain, _ROWS)
            await pgbench(plain, INSERT, clients=most, seconds=scale.seconds, users=scale.users)
            return {"wal": (_written(plain) - before) / (_number(plain, _ROWS) - rows)}

        contenders = [
            Contender(OURS, partial(append, most)),
            Contender(OURS_ALONE, partial(append, 1)),
            Contender(PLAIN, insert),
        ]
        turns = await take_turns(scale, contenders, bench.say)
    return _compared(turns)


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


async def _kept(bench: Bench) -> list[Finding]:
    """Look at a store that has grown by commands alone: what is filled at once is packed closer."""
    question = {"in_flight": max(bench.scale.in_flight), "seconds": bench.scale.seconds}
    async with bench.migrated() as url:
        async with clients(url, bench.scale.users) as people:
            await people.turn(question)
        events, sizes = _number(url, "select count(*) from taskfold.event"), _sizes(url)
    each = {f"`{name}`, table and indexes": size for name, size in sizes.items()}
    return [
        Value(work="disk", metric=metric, unit="B an event", values=[size / events])
        for metric, size in {**each, "all of it": sum(sizes.values())}.items()
    ]


def _written(url: str) -> int:
    """Give how much write-ahead log the server has written so far, for everybody."""
    return _number(url, "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")


def _number(url: str, statement: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return int(row[0]) if row else 0


def _sizes(url: str) -> dict[str, int]:
    with psycopg.connect(url, autocommit=True) as connection:
        return dict(connection.execute(_SIZES, [list(TABLES)]).fetchall())
