"""Every benchmark there is, by the name it is chosen by, in the order they are run in."""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.benchmarks.bench import Bench
from tests.benchmarks.errors import UnknownBenchmarkError
from tests.benchmarks.findings import Finding
from tests.benchmarks.references.peers import PEERS
from tests.benchmarks.works.append import append, append_beside, our_handler
from tests.benchmarks.works.growth import growth
from tests.benchmarks.works.http import READS, UNCHANGED, WRITES, alone, unchanged, under_load
from tests.benchmarks.works.rebuild import many_events, rebuild
from tests.benchmarks.works.serving import our_service, services
from tests.benchmarks.works.size import memory, size, stores
from tests.benchmarks.works.storage import storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark[Place]:
    """Something that can be measured.

    Attributes:
        about: What it answers.
        place: Opens what it is measured in; neighbours that name the same one share it.
        measure: How that is done.
        by_default: Whether it is part of a run that names none; else it takes too long for that.
    """

    about: str
    place: Callable[[Bench], AbstractAsyncContextManager[Place]]
    measure: Callable[[Bench, Place], Coroutine[Any, Any, list[Finding]]]
    by_default: bool = True


CATALOGUE: Mapping[str, Benchmark[Any]] = {
    "append": Benchmark(
        about="Appending without HTTP beside one-row inserts of pgbench.",
        place=our_handler,
        measure=append,
    ),
    **{
        f"append-{peer.replace(' ', '-')}": Benchmark(
            about=f"Appending beside {peer}.",
            place=our_handler,
            measure=partial(append_beside, peer),
        )
        for peer in PEERS
    },
    "storage": Benchmark(
        about="Bytes on disk and of write-ahead log.", place=our_handler, measure=storage
    ),
    **{
        work.kind: Benchmark(
            about=f"{work.name} beside two CRUD services.",
            place=services,
            measure=partial(under_load, work),
        )
        for work in READS
    },
    "unchanged": Benchmark(about=f"{UNCHANGED}.", place=services, measure=unchanged),
    "post-alone": Benchmark(
        about="One POST at a time beside two CRUD services.", place=services, measure=alone
    ),
    **{
        work.kind: Benchmark(
            about=f"{work.name} beside two CRUD services.",
            place=services,
            measure=partial(under_load, work),
        )
        for work in WRITES
    },
    "rebuild": Benchmark(
        about="Rebuilding `task` beside SQL alone, and on two cores.",
        place=many_events,
        measure=rebuild,
    ),
    "growth": Benchmark(
        about="Latency as logs, tasks and the number of users grow.",
        place=our_service,
        measure=growth,
    ),
    "memory": Benchmark(
        about="Memory of a rebuild from few and from very many events.",
        place=stores,
        measure=memory,
        by_default=False,
    ),
    "size": Benchmark(
        about="Latency with very many events in the store beside few.",
        place=stores,
        measure=size,
        by_default=False,
    ),
}


def chosen(names: list[str]) -> Mapping[str, Benchmark[Any]]:
    """Give the benchmarks of these names, or those that run by default.

    Raises:
        UnknownBenchmarkError: There is none of some name.
    """
    for name in names:
        if name not in CATALOGUE:
            raise UnknownBenchmarkError(name, ", ".join(CATALOGUE))
    return {
        name: each
        for name, each in CATALOGUE.items()
        if (name in names if names else each.by_default)
    }
