"""Whether the size of the store matters: memory of a rebuild and latency, with very many events."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from tests.benchmarks.bench import Bench
from tests.benchmarks.findings import Comparison, Finding, Target, Value
from tests.benchmarks.services import Service, taskfold
from tests.benchmarks.subject import Subject
from tests.benchmarks.tokens import Identity, identity, user_ids
from tests.benchmarks.turns import of, take_turns
from tests.benchmarks.works.rebuild import EVENTS_OF_A_TASK, TASKS_OF_A_USER, fill_events

KINDS = {"post": "POST a task", "patch": "PATCH a task", "get": "GET a task", "list": "GET a list"}
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Store:
    """A database with so many events."""

    events: int
    url: str

    @property
    def users(self) -> int:
        """How many of its people are asked for."""
        return min(1_000, max(1, self.events // (TASKS_OF_A_USER * EVENTS_OF_A_TASK)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Stores that only differ in how much is in them."""

    shallow: Store
    middle: Store
    deep: Store


@asynccontextmanager
async def stores(bench: Bench) -> AsyncGenerator[Stores]:
    """Fill them."""
    async with AsyncExitStack() as use:
        filled: list[Store] = []
        for events in (bench.scale.shallow, bench.scale.events, bench.scale.deep):
            url = await use.enter_async_context(bench.migrated())
            bench.say(f"filling a store with {events:,} events")
            fill_events(url, events)
            filled.append(Store(events, url))
        yield Stores(shallow=filled[0], middle=filled[1], deep=filled[2])


async def memory(bench: Bench, there: Stores) -> list[Finding]:
    """Rebuild from many events and from ten times as many, and see how much memory each takes."""
    less = await _peak(bench, there.middle)
    more = await _peak(bench, there.deep)
    return [
        Comparison(
            work="memory of a rebuild",
            metric=f"peak with {there.deep.events:,} events",
            unit="MB",
            ours=more,
            reference=f"with {there.middle.events:,} events",
            theirs=less,
            less_is_better=True,
            target=Target(must=1.2),
        ),
        Value(work="memory of a rebuild", metric="peak", unit="MB", values=more, most=400),
    ]


async def _peak(bench: Bench, store: Store) -> list[float]:
    bench.say(f"rebuilding from {store.events:,} events")
    # A process for each, since the most memory that one has had never becomes less.
    async with bench.python("subjects.rebuild", store.url) as ours:
        return of([await ours.ask(processes=1)], "memory")


async def size(bench: Bench, there: Stores) -> list[Finding]:
    """Ask a very large store and a small one for the same."""
    async with (
        bench.python("load.generator") as load,
        identity(bench.directory) as issuer,
        _served(bench, load, issuer, there.shallow) as few,
        _served(bench, load, issuer, there.deep) as many,
    ):
        return await latencies(bench, few, many, f"{there.deep.events:,} events in the store")


async def latencies(bench: Bench, few: Service, many: Service, what: str) -> list[Finding]:
    """Compare what each kind of request takes."""
    found: list[Finding] = []
    for kind, name in KINDS.items():
        contenders = [service.contender(kind, AT_ONCE) for service in (many, few)]
        turns = await take_turns(bench.scale, contenders, bench.say)
        found.append(
            Comparison(
                work=f"{name} with {what}",
                metric="median",
                unit="ms",
                ours=of(turns[many.name], "p50"),
                reference=few.name,
                theirs=of(turns[few.name], "p50"),
                less_is_better=True,
                target=Target(must=1.3, hope=1.1),
            )
        )
    return found


@asynccontextmanager
async def _served(
    bench: Bench, load: Subject, issuer: Identity, store: Store
) -> AsyncGenerator[Service]:
    name = f"with {store.events:,} events"
    tokens = str(issuer.shared(user_ids(store.users)))
    async with taskfold(bench, load, store.url, issuer, name=name) as service:
        await service.ready()
        yield service.asked(tokens=tokens, tasks_of_a_user=TASKS_OF_A_USER)
