"""Requests: our service beside two CRUD services, at the same load, on tables of the same size."""

from dataclasses import dataclass
from functools import partial

from tests.benchmarks.bench import Bench
from tests.benchmarks.findings import Comparison, Finding, Target, Value
from tests.benchmarks.turns import Contender, Turns, of, take_turns
from tests.benchmarks.works.serving import OURS, OURS_EDDSA, TUTORIAL, WELL, Services

UNCHANGED = "GET a list with a matching If-None-Match"
ALONE = "one POST alone on an idle server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A kind of request: what it is called, and what is wanted of it beside each reference."""

    kind: str
    name: str
    well: Target
    tutorial: Target | None = None
    tail: Target | None = None


# Reads come first, so that they meet the tables as they were filled.
READS = (
    Work(kind="list", name="GET a list of 50", well=Target(must=2, hope=4)),
    Work(kind="get", name="GET one task", well=Target(must=1.1, hope=1.5)),
)
_TAIL = Target(must=1, hope=0.5)
WRITES = (
    Work(
        kind="patch",
        name="PATCH a task",
        well=Target(must=1.2, hope=1.7),
        tail=_TAIL,
    ),
    Work(
        kind="post",
        name="POST a task",
        well=Target(must=1.2, hope=1.7),
        tutorial=Target(must=8, hope=15),
        tail=_TAIL,
    ),
)


async def under_load(work: Work, bench: Bench, running: Services) -> list[Finding]:
    """Ask each service for one kind of thing over many connections."""
    connections = bench.scale.connections
    contenders = [
        service.contender(work.kind, connections)
        for service in (running.ours.service, *running.beside)
    ]
    turns = await take_turns(bench.scale, contenders, bench.say)
    return [*_rates(work, turns), _tail(work, turns), *_load(work, turns)]


def _rates(work: Work, turns: Turns) -> list[Finding]:
    wanted = (
        (OURS, WELL, work.well),
        (OURS_EDDSA, WELL, work.well),
        (OURS, TUTORIAL, work.tutorial),
    )
    return [
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


def _tail(work: Work, turns: Turns) -> Comparison:
    return Comparison(
        work=work.name,
        metric="99th percentile",
        unit="ms",
        ours=of(turns[OURS], "p99"),
        reference=WELL,
        theirs=of(turns[WELL], "p99"),
        less_is_better=True,
        target=work.tail,
    )


def _load(work: Work, turns: Turns) -> list[Finding]:
    """Tell what the load itself takes from the cores that services have, and that it keeps up."""
    return [
        Value(
            work=f"load of {work.name} on {name}",
            metric=metric,
            unit=unit,
            values=[scale * value for value in of(turns[name], key)],
        )
        for name in (OURS, WELL)
        for key, metric, unit, scale in (
            ("cpu", "CPU time for a request", "µs", 1),
            ("busy", "of one core", "%", 100),
        )
    ]


async def unchanged(bench: Bench, running: Services) -> list[Finding]:
    """Ask for a list that has not changed, and for the same in full."""
    # Few enough people that their lists are all known when the first round has warmed up.
    few = running.ours.service.asked(people=(0, 200))
    same, full = "our unchanged list", "our own list of 50"
    contenders = [
        Contender(same, partial(few.load, "same list", bench.scale.connections)),
        Contender(full, partial(few.load, "list", bench.scale.connections)),
    ]
    turns = await take_turns(bench.scale, contenders, bench.say)
    return [
        Comparison(
            work=UNCHANGED,
            metric="requests a second",
            unit="1/s",
            ours=of(turns[same], "rate"),
            reference=full,
            theirs=of(turns[full], "rate"),
            target=Target(must=2, hope=4),
        )
    ]


async def alone(bench: Bench, running: Services) -> list[Finding]:
    """Create tasks one after another, with nothing else going on."""
    contenders = [
        service.contender("post", 1)
        for service in (running.ours.service, running.well, running.tutorial)
    ]
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
            target=target,
        )
        for reference, target in ((WELL, Target(must=1.3, hope=1)), (TUTORIAL, None))
    ]
