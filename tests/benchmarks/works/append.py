"""Appending: our command handler beside PostgreSQL itself and beside other event stores."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from tests.benchmarks.bench import Bench
from tests.benchmarks.errors import UnavailableError
from tests.benchmarks.findings import Comparison, Finding, Skipped, Target, Value
from tests.benchmarks.references.one_row import one_row_inserts
from tests.benchmarks.references.peers import PEERS
from tests.benchmarks.store.fill import fill
from tests.benchmarks.subject import Subject
from tests.benchmarks.tokens import user_ids
from tests.benchmarks.turns import Contender, Sample, Turns, best, of, take_turns

WORK = "append through the command handler"
OURS = "taskfold"
LIMIT = "pgbench, one-row inserts"

_WANTED_OF_PEERS = {"umadb": Target(must=1.5, hope=2.5)}
_WANTED_OF_MOST = Target(must=3, hope=5)
_METRICS = (
    ("p50", "median", "ms"),
    ("p99", "99th percentile", "ms"),
    ("cpu", "CPU time of our process for a command", "µs"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """Our command handler in a process of its own, on a database that people have used."""

    process: Subject
    url: str
    seconds: float

    async def append(self, in_flight: int) -> Sample:
        """Append for a turn, with so many commands under way."""
        return await self.process.ask(in_flight=in_flight, seconds=self.seconds)


@asynccontextmanager
async def our_handler(bench: Bench) -> AsyncGenerator[Handler]:
    """Run it on as many tasks as there are in the stores of services."""
    scale = bench.scale
    module, users = "subjects.append", str(scale.users)
    async with bench.migrated() as url, bench.python(module, url, users) as process:
        bench.say(f"filling a store with {scale.users * scale.tasks_of_a_user:,} tasks")
        fill(url, user_ids(scale.users), tasks=scale.tasks_of_a_user)
        yield Handler(process=process, url=url, seconds=scale.seconds)


async def append(bench: Bench, ours: Handler) -> list[Finding]:
    """Append with as many commands in flight as PostgreSQL alone has clients."""
    most = max(bench.scale.in_flight)
    async with one_row_inserts(bench) as limit:
        contenders = [
            Contender(OURS, partial(ours.append, most)),
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


async def append_beside(peer: str, bench: Bench, ours: Handler) -> list[Finding]:
    """Append beside another event store, at the concurrency that suits that best.

    It begins with an empty store, which is to its advantage.
    """
    writers = bench.scale.in_flight
    try:
        async with PEERS[peer](bench) as opened:
            contenders = [
                Contender(OURS, partial(ours.append, max(writers))),
                *(Contender(f"{peer}, {each} writers", partial(opened, each)) for each in writers),
            ]
            turns = await take_turns(bench.scale, contenders, bench.say)
    except UnavailableError as error:
        return [Skipped(work=WORK, reference=peer, reason=str(error))]
    target = _WANTED_OF_PEERS.get(peer, _WANTED_OF_MOST)
    return [_compared(turns, best(turns, peer, "rate"), target)]


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
