"""How cost grows: with other people's data, with one user's log, with one task's history."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.benchmarks.bench import Bench
from tests.benchmarks.findings import Curve, Finding
from tests.benchmarks.services import Service
from tests.benchmarks.store.fill import fill
from tests.benchmarks.tokens import user_ids
from tests.benchmarks.works.serving import Ours
from tests.benchmarks.works.size import KINDS

EVENTS_OF_OTHERS = 10

LOGS, TASKS, ASKED = 1, 10, 20
"""Where those users begin whose log or whose task is a long one, and how many are ever asked."""

MOST_OF_A_TASK = 10_000
"""Events of a task; a log may well have more."""


async def growth(bench: Bench, there: Ours) -> list[Finding]:
    """Measure one request at a time along each axis, all of them in one store."""
    people = user_ids(ASKED, "grown")
    asked = there.service.asked(tokens=str(there.identity.shared(people)))
    service = replace(asked, seconds=bench.scale.seconds / 4)
    return [
        *await _along_users(bench, there.url, service, people[0]),
        *await _along_one_log(bench, there.url, service, people),
        *await _along_one_task(bench, there.url, service, people),
    ]


async def _along_users(bench: Bench, url: str, service: Service, person: str) -> list[Finding]:
    axis = _Axis(bench, f"users with {EVENTS_OF_OTHERS} events each", tuple(KINDS))
    fill(url, [person], tasks=EVENTS_OF_OTHERS)
    there = 1
    for size in _sizes(bench):
        fill(url, user_ids(size, "other")[there:], tasks=EVENTS_OF_OTHERS)
        there = size
        await axis.measure(service, 0, size, tasks=EVENTS_OF_OTHERS)
    return axis.curves()


async def _along_one_log(
    bench: Bench, url: str, service: Service, people: Sequence[str]
) -> list[Finding]:
    axis = _Axis(bench, "events of the user", tuple(KINDS))
    for user, size in enumerate(_sizes(bench), LOGS):
        fill(url, [people[user]], tasks=size)
        await axis.measure(service, user, size, tasks=size)
    return axis.curves()


async def _along_one_task(
    bench: Bench, url: str, service: Service, people: Sequence[str]
) -> list[Finding]:
    axis = _Axis(bench, "events of the task", ("patch", "get"))
    sizes = [1, *(size for size in _sizes(bench) if size <= MOST_OF_A_TASK)]
    for user, size in enumerate(sizes, TASKS):
        fill(url, [people[user]], tasks=1, events=size)
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
        asked = service.asked(people=(user, 1), tasks_of_a_user=tasks)
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
