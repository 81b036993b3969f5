"""Rebuilding the table of tasks: beside SQL alone, on two cores, and in how much memory."""

import asyncio
from functools import partial

from tests.benchmarks.bench import Bench
from tests.benchmarks.findings import Comparison, Finding, Target, Value
from tests.benchmarks.references.sql_rebuild import rebuild_by_sql
from tests.benchmarks.store.fill import fill
from tests.benchmarks.tokens import user_ids
from tests.benchmarks.turns import Contender, Sample, Turns, of, take_turns

TASKS_OF_A_USER = 10
EVENTS_OF_A_TASK = 5
ONE, TWO, SQL = "one process", "two processes", "pure SQL"


async def rebuild(bench: Bench) -> list[Finding]:
    """Rebuild from the same events by our code and by SQL."""
    events = bench.scale.events
    async with bench.migrated() as url:
        bench.say(f"filling a store with {events:,} events")
        fill_events(url, events)
        contenders = [
            Contender(ONE, partial(_rebuilt, bench, url, 1)),
            Contender(TWO, partial(_rebuilt, bench, url, 2)),
            Contender(SQL, lambda: asyncio.to_thread(rebuild_by_sql, url)),
        ]
        turns = await take_turns(bench.scale, contenders, bench.say)
    work = f"rebuild of `task`, {events:,} events"
    whole = Value(
        work=f"{work}, {ONE}",
        metric="until it is verified and switched to",
        unit="s",
        values=of(turns[ONE], "whole"),
    )
    return [*_compared(work, events, turns), whole]


def _compared(work: str, events: int, turns: Turns) -> list[Finding]:
    speed = {name: [events / each for each in of(turns[name], "made")] for name in turns}
    return [
        Comparison(
            work=f"{work}, {ours}",
            metric="events a second until the table is filled and indexed",
            unit="1/s",
            ours=speed[ours],
            reference=reference,
            theirs=speed[reference],
            target=target,
        )
        for ours, reference, target in (
            (ONE, SQL, Target(must=0.4, hope=0.8)),
            (TWO, ONE, Target(must=1.6, hope=1.9)),
        )
    ]


async def memory(bench: Bench) -> list[Finding]:
    """Rebuild from few events and from many, and see how much memory each takes."""
    peaks: dict[int, list[float]] = {}
    for events in (bench.scale.events, bench.scale.many_events):
        async with bench.migrated() as url:
            bench.say(f"filling a store with {events:,} events")
            fill_events(url, events)
            bench.say(f"rebuilding from {events:,} events")
            peaks[events] = of([await _rebuilt(bench, url, 1)], "memory")
    (few, at_few), (many, at_many) = peaks.items()
    return [
        Comparison(
            work="memory of a rebuild",
            metric=f"peak with {many:,} events",
            unit="MB",
            ours=at_many,
            reference=f"with {few:,} events",
            theirs=at_few,
            less_is_better=True,
            target=Target(must=1.2),
        ),
        Value(work="memory of a rebuild", metric="peak", unit="MB", values=at_many, most=400),
    ]


def fill_events(url: str, events: int) -> None:
    """Write so many events, of as many users as that takes, and the tables they fold into."""
    users = max(1, events // (TASKS_OF_A_USER * EVENTS_OF_A_TASK))
    fill(url, user_ids(users), tasks=TASKS_OF_A_USER, events=EVENTS_OF_A_TASK)


async def _rebuilt(bench: Bench, url: str, processes: int) -> Sample:
    # A process for each, since the most memory that one has had never becomes less.
    async with bench.python("subjects.rebuild", url) as ours:
        return await ours.ask(processes=processes)
