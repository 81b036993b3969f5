"""Requests: our service beside two CRUD services, at the same load, on tables of the same size."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from tests.benchmarks.bench import Bench
from tests.benchmarks.findings import Comparison, Finding, Target, Value
from tests.benchmarks.services import Service, crud, taskfold
from tests.benchmarks.store.fill import fill
from tests.benchmarks.tokens import published_key, shared_secret, user_ids
from tests.benchmarks.turns import Contender, Turns, of, take_turns

OURS, OURS_EDDSA = "taskfold", "taskfold with EdDSA"
WELL, TUTORIAL = "well-written CRUD", "tutorial CRUD"
ALONE = "one POST alone on an idle server"


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of request: what it is called, and what is wanted of it beside each reference."""

    kind: str
    name: str
    well: Target
    tutorial: Target | None = None


READS = (
    Work("list", "GET a list of 50", Target(must=2, hope=4)),
    Work("get", "GET one task", Target(must=1.1, hope=1.5)),
)
WRITES = (
    Work("post", "POST a task", Target(must=1.2, hope=1.7), Target(must=8, hope=15)),
    Work("patch", "PATCH a task", Target(must=1.2, hope=1.7)),
)


async def reads(bench: Bench) -> list[Finding]:
    """Read lists and tasks under load, and a list that has not changed."""
    found: list[Finding] = []
    async with services(bench) as (ours, *others):
        for work in READS:
            found += _rates(work, await _under_load(bench, work, ours, *others))
        found.append(await _unchanged(bench, ours))
    return found


async def writes(bench: Bench) -> list[Finding]:
    """Create and change tasks under load, and create one at a time."""
    found: list[Finding] = []
    async with services(bench) as running:
        for work in WRITES:
            turns = await _under_load(bench, work, *running)
            found += [*_rates(work, turns), _tail(work, turns)]
        found += await _alone(bench, *running)
    return found


@asynccontextmanager
async def services(bench: Bench) -> AsyncGenerator[tuple[Service, ...]]:
    """Run ours with tokens of both kinds, on one store, and both references."""
    users, tasks = bench.scale.users, bench.scale.tasks_of_a_user
    async with AsyncExitStack() as use:
        url = await use.enter_async_context(bench.migrated())
        bench.say(f"filling stores with {users * tasks:,} tasks of {users:,} users")
        fill(url, user_ids(users), tasks=tasks)
        shared = shared_secret(bench.directory, users)
        published = await use.enter_async_context(published_key(bench.directory, users))
        load = await use.enter_async_context(bench.python("load.generator"))
        opened = (
            taskfold(bench, load, url, shared, tasks_of_a_user=tasks),
            taskfold(bench, load, url, published, name=OURS_EDDSA, tasks_of_a_user=tasks),
            crud(bench, load, "crud_well", shared, name=WELL),
            crud(bench, load, "crud_tutorial", shared, name=TUTORIAL),
        )
        yield tuple([await use.enter_async_context(service) for service in opened])


async def _under_load(bench: Bench, work: Work, *running: Service) -> Turns:
    bench.say(f"{work.name}, {bench.scale.connections} connections")
    contenders = [service.contender(work.kind, bench.scale.connections) for service in running]
    return await take_turns(bench.scale, contenders, bench.say)


def _rates(work: Work, turns: Turns) -> list[Finding]:
    wanted = (
        (OURS, WELL, work.well),
        (OURS_EDDSA, WELL, work.well),
        (OURS, TUTORIAL, work.tutorial),
    )
    compared: list[Finding] = [
        Comparison(
            work=work.name + ours.removeprefix(OURS),
            metric="requests a second",
            unit="1/s",
            ours=of(turns[ours], "rate"),
            reference=reference,
            theirs=of(turns[reference], "rate"),
            target=target,
        )
        for ours, reference, target in wanted
    ]
    load = Value(
        work=work.name,
        metric="CPU time of the load generator for a request",
        unit="µs",
        values=of(turns[OURS], "cpu"),
    )
    return [*compared, load]


def _tail(work: Work, turns: Turns) -> Comparison:
    return Comparison(
        work=work.name,
        metric="99th percentile",
        unit="ms",
        ours=of(turns[OURS], "p99"),
        reference=WELL,
        theirs=of(turns[WELL], "p99"),
        less_is_better=True,
        target=Target(must=1, hope=0.5),
    )


async def _unchanged(bench: Bench, ours: Service) -> Comparison:
    bench.say("GET an unchanged list")
    # Few enough people that their lists are all known when the first round has warmed up.
    few = replace(ours, where={**ours.where, "people": (0, 200)})
    same, full = "our unchanged list", "our own list of 50"
    contenders = [
        Contender(same, partial(few.load, "same list", bench.scale.connections)),
        Contender(full, partial(few.load, "list", bench.scale.connections)),
    ]
    turns = await take_turns(bench.scale, contenders, bench.say)
    return Comparison(
        work="GET a list with a matching If-None-Match",
        metric="requests a second",
        unit="1/s",
        ours=of(turns[same], "rate"),
        reference=full,
        theirs=of(turns[full], "rate"),
        target=Target(must=2, hope=4),
    )


async def _alone(bench: Bench, *running: Service) -> list[Finding]:
    bench.say(ALONE)
    contenders = [service.contender("post", 1) for service in running]
    turns = await take_turns(bench.scale, contenders, bench.say)
    return [
        Comparison(
            work=ALONE,
            metric="median",
            unit="ms",
            ours=of(turns[OURS], "p50"),
            reference=reference,
            theirs=of(turns[reference], "p50"),
            less_is_better=True,
            target=Target(must=1.3, hope=1) if reference == WELL else None,
        )
        for reference in (WELL, TUTORIAL)
    ]
