"""Appending: our command handler beside PostgreSQL itself and beside other event stores."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

import psycopg

from tests.benchmarks.bench import Bench
from tests.benchmarks.errors import UnavailableError
from tests.benchmarks.findings import Comparison, Finding, Skipped, Target, Value
from tests.benchmarks.references.peers import PEERS, Append
from tests.benchmarks.references.pgbench import HERE, ONE_ROW, pgbench
from tests.benchmarks.store.fill import fill
from tests.benchmarks.tokens import user_ids
from tests.benchmarks.turns import Contender, Turns, best, of, take_turns

WORK = "append through the command handler"
OURS = "taskfold"
LIMIT = "pgbench, one-row inserts"
USERS = 1_000

_WANTED_OF_PEERS = {"umadb": Target(must=1.5, hope=2.5)}
_WANTED_OF_MOST = Target(must=3, hope=5)
_METRICS = (
    ("p50", "median", "ms"),
    ("p99", "99th percentile", "ms"),
    ("cpu", "CPU time of our process for a command", "µs"),
)


async def append(bench: Bench) -> list[Finding]:
    """Append with as many commands in flight as PostgreSQL alone has clients."""
    most = max(bench.scale.in_flight)
    async with _our_handler(bench) as handler, _limit(bench) as limit:
        contenders = [
            Contender(OURS, partial(handler, most)),
            Contender(LIMIT, partial(limit, most)),
        ]
        turns = await take_turns(bench.scale, contenders, bench.say)
    values = [
        Value(
            work=f"{WORK}, {most} in flight", metric=metric, unit=unit, values=of(turns[OURS], key)
        )
        for key, metric, unit in _METRICS
    ]
    return [_compared(turns, LIMIT, Target(must=0.8, hope=1.2)), *values]


async def append_beside(peer: str, bench: Bench) -> list[Finding]:
    """Append beside another event store, at the concurrency that suits that best."""
    writers = bench.scale.in_flight
    try:
        async with _our_handler(bench) as handler, PEERS[peer](bench) as opened:
            contenders = [
                Contender(OURS, partial(handler, max(writers))),
                *(Contender(f"{peer}, {each} writers", partial(opened, each)) for each in writers),
            ]
            turns = await take_turns(bench.scale, contenders, bench.say)
    except UnavailableError as error:
        return [Skipped(work=WORK, reference=peer, reason=str(error))]
    target = _WANTED_OF_PEERS.get(peer, _WANTED_OF_MOST)
    return [_compared(turns, best(turns, peer, "rate"), target)]


@asynccontextmanager
async def _our_handler(bench: Bench) -> AsyncGenerator[Append]:
    module, users = "subjects.append", str(USERS)
    async with bench.migrated() as url, bench.python(module, url, users) as ours:
        # As in life, people have tasks before they make more, and the planner knows the tables.
        fill(url, user_ids(USERS), tasks=bench.scale.tasks_of_a_user)
        yield lambda writers: ours.ask(in_flight=writers, seconds=bench.scale.seconds)


@asynccontextmanager
async def _limit(bench: Bench) -> AsyncGenerator[Append]:
    async with bench.empty() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute((HERE / "one_row_table.sql").read_bytes())
        seconds = bench.scale.seconds
        yield lambda clients: pgbench(url, ONE_ROW, clients=clients, seconds=seconds)


def _compared(turns: Turns, reference: str, target: Target) -> Comparison:
    return Comparison(
        work=WORK,
        metric="commands a second",
        unit="1/s",
        ours=of(turns[OURS], "rate"),
        reference=reference,
        theirs=of(turns[reference], "rate"),
        target=target,
    )
