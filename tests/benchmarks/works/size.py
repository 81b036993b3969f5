"""How cost grows: with the size of the store, of one user's log, of one task's history."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial

from tests.benchmarks.bench import Bench
from tests.benchmarks.findings import Comparison, Curve, Finding, Target
from tests.benchmarks.services import Service, taskfold
from tests.benchmarks.store.fill import fill
from tests.benchmarks.subject import Subject
from tests.benchmarks.tokens import shared_secret, user_ids
from tests.benchmarks.turns import of, take_turns
from tests.benchmarks.works.rebuild import EVENTS_OF_A_TASK, TASKS_OF_A_USER, fill_events

KINDS = {"post": "POST a task", "patch": "PATCH a task", "get": "GET a task", "list": "GET a list"}
AT_ONCE = 4
EVENTS_OF_OTHERS = 10

LOGS, TASKS, OTHERS = 1, 10, 20
"""Where those users begin whose log or whose task is a long one, and those who only are there."""

MOST_OF_A_TASK = 10_000
"""Events of a task; a log may well have more."""


async def depth(bench: Bench) -> list[Finding]:
    """Ask a large store and a small one for the same."""
    small, large = bench.scale.shallow, bench.scale.deep
    async with AsyncExitStack() as use:
        load = await use.enter_async_context(bench.python("load.generator"))
        services = [
            await use.enter_async_context(_store(bench, load, events)) for events in (large, small)
        ]
        found: list[Finding] = []
        for kind, name in KINDS.items():
            bench.say(f"{name}, {AT_ONCE} connections")
            contenders = [service.contender(kind, AT_ONCE) for service in services]
            turns = await take_turns(bench.scale, contenders, bench.say)
            ours, theirs = (of(turns[service.name], "p50") for service in services)
            found.append(
                Comparison(
                    work=f"{name} with {large:,} events in the store",
                    metric="median",
                    unit="ms",
                    ours=ours,
                    reference=f"with {small:,} events",
                    theirs=theirs,
                    less_is_better=True,
                    target=Target(must=1.3, hope=1.1),
                )
            )
    return found


async def growth(bench: Bench) -> list[Finding]:
    """Measure one request at a time along each axis, all of them in one store."""
    async with (
        bench.python("load.generator") as load,
        bench.migrated() as url,
        taskfold(
            bench, load, url, shared_secret(bench.directory, OTHERS), tasks_of_a_user=1
        ) as service,
    ):
        shorter = replace(service, seconds=bench.scale.seconds / 4)
        return [
            *await _along_users(bench, url, shorter),
            *await _along_one_log(bench, url, shorter),
            *await _along_one_task(bench, url, shorter),
        ]


async def _along_users(bench: Bench, url: str, service: Service) -> list[Finding]:
    axis, there = _Axis(bench, "users with 10 events each", tuple(KINDS)), 1
    fill(url, user_ids(1), tasks=EVENTS_OF_OTHERS)
    for size in _sizes(bench):
        others = user_ids(OTHERS + size)[OTHERS + there :]
        fill(url, others, tasks=EVENTS_OF_OTHERS)
        there = size
        await axis.measure(service, 0, size, tasks=EVENTS_OF_OTHERS)
    return axis.curves()


async def _along_one_log(bench: Bench, url: str, service: Service) -> list[Finding]:
    axis = _Axis(bench, "events of the user", tuple(KINDS))
    for user, size in enumerate(_sizes(bench), LOGS):
        fill(url, [user_ids(user + 1)[-1]], tasks=size)
        await axis.measure(service, user, size, tasks=size)
    return axis.curves()


async def _along_one_task(bench: Bench, url: str, service: Service) -> list[Finding]:
    axis = _Axis(bench, "events of the task", ("patch", "get"))
    sizes = [1, *(size for size in _sizes(bench) if size <= MOST_OF_A_TASK)]
    for user, size in enumerate(sizes, TASKS):
        fill(url, [user_ids(user + 1)[-1]], tasks=1, events=size)
        await axis.measure(service, user, size, tasks=1)
    return axis.curves()


class _Axis:
    """What grows, and what each kind of request has cost at each size."""

    def __init__(self, bench: Bench, name: str, kinds: Sequence[str]) -> None:
        self._bench = bench
        self._name = name
        self._points: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}

    async def measure(self, service: Service, user: int, size: int, *, tasks: int) -> None:
        """Ask one user's things, one request after another."""
        self._bench.say(f"growth: {size:,} {self._name}")
        asked = replace(
            service, where={**service.where, "people": (user, 1), "tasks_of_a_user": tasks}
        )
        for kind, points in self._points.items():
            sample = await asked.load(kind, 1)
            points.append((size, sample["p50"]))

    def curves(self) -> list[Finding]:
        """Give a curve for each kind of request."""
        return [
            Curve(work=KINDS[kind], axis=self._name, unit="ms", points=points)
            for kind, points in self._points.items()
        ]


def _sizes(bench: Bench) -> Iterator[int]:
    size = 10
    while size <= bench.scale.growth:
        yield size
        size *= 10


@asynccontextmanager
async def _store(bench: Bench, load: Subject, events: int) -> AsyncGenerator[Service]:
    users = max(1, events // (TASKS_OF_A_USER * EVENTS_OF_A_TASK))
    asked = min(users, 1_000)
    async with bench.migrated() as url:
        bench.say(f"filling a store with {events:,} events")
        fill_events(url, events)
        tokens = shared_secret(bench.directory, asked)
        serve = partial(taskfold, bench, load, url, tokens, tasks_of_a_user=TASKS_OF_A_USER)
        async with serve(name=f"taskfold with {events:,} events") as service:
            yield service
