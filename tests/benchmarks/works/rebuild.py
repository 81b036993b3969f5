"""Rebuilding the table of tasks: beside SQL alone, and on two cores."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

from tests.benchmarks.bench import Bench
from tests.benchmarks.findings import Comparison, Finding, Target, Value
from tests.benchmarks.references.sql_rebuild import rebuild_by_sql
from tests.benchmarks.store.fill import fill
from tests.benchmarks.tokens import user_ids
from tests.benchmarks.turns import Contender, Turns, of, take_turns

TASKS_OF_A_USER = 10
EVENTS_OF_A_TASK = 5
ONE, TWO, SQL = "one process", "two processes", "pure SQL"


@asynccontextmanager
async def many_events(bench: Bench) -> AsyncGenerator[str]:
    """Give a database with the events to rebuild from."""
    async with bench.migrated() as url:
        bench.say(f"filling a store with {bench.scale.events:,} events")
        fill_events(url, bench.scale.events)
        yield url


async def rebuild(bench: Bench, url: str) -> list[Finding]:
    """Rebuild from the same events by our code and by SQL."""
    async with bench.python("subjects.rebuild", url) as ours:
        contenders = [
            Contender(ONE, lambda: ours.ask(processes=1)),
            Contender(TWO, lambda: ours.ask(processes=2)),
            Contender(SQL, lambda: asyncio.to_thread(rebuild_by_sql, url)),
        ]
        # A turn is long enough to be its own warming up.
        turns = await take_turns(replace(bench.scale, warm_up=False), contenders, bench.say)
    return rebuilds(bench.scale.events, turns)


def rebuilds(events: int, turns: Turns) -> list[Finding]:
    """Compare what each turn took."""
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


def fill_events(url: str, events: int) -> None:
    """Write so many events, of as many users as that takes, and the tables they fold into."""
    users = max(1, events // (TASKS_OF_A_USER * EVENTS_OF_A_TASK))
    fill(url, user_ids(users), tasks=TASKS_OF_A_USER, events=EVENTS_OF_A_TASK)
