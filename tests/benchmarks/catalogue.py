"""Every benchmark there is, by the name it is chosen by."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.benchmarks.bench import Bench
from tests.benchmarks.errors import UnknownBenchmarkError
from tests.benchmarks.findings import Finding
from tests.benchmarks.references.peers import PEERS
from tests.benchmarks.works.append import append, append_beside
from tests.benchmarks.works.http import reads, writes
from tests.benchmarks.works.rebuild import memory, rebuild
from tests.benchmarks.works.size import depth, growth
from tests.benchmarks.works.storage import storage


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Something that can be measured: what it answers, and how it is done."""

    about: str
    measure: Callable[[Bench], Coroutine[Any, Any, list[Finding]]]


def _beside(peer: str) -> Benchmark:
    return Benchmark(f"Appending beside {peer}.", partial(append_beside, peer))


CATALOGUE: Mapping[str, Benchmark] = {
    "append": Benchmark("Appending without HTTP beside one-row inserts of pgbench.", append),
    **{f"append-{name.replace(' ', '-')}": _beside(name) for name in PEERS},
    "writes": Benchmark("POST and PATCH beside two CRUD services; one POST alone.", writes),
    "reads": Benchmark("GET of lists and tasks beside two CRUD services.", reads),
    "rebuild": Benchmark("Rebuilding `task` beside SQL alone, and on two cores.", rebuild),
    "memory": Benchmark("Memory of a rebuild from few and from many events.", memory),
    "depth": Benchmark("Latency with many events in the store beside few.", depth),
    "growth": Benchmark("Latency as logs, tasks and the number of users grow.", growth),
    "storage": Benchmark("Bytes on disk and of write-ahead log.", storage),
}


def chosen(names: list[str]) -> Mapping[str, Benchmark]:
    """Give the benchmarks of these names, or all of them.

    Raises:
        UnknownBenchmarkError: There is none of some name.
    """
    for name in names:
        if name not in CATALOGUE:
            raise UnknownBenchmarkError(name, ", ".join(CATALOGUE))
    return {name: each for name, each in CATALOGUE.items() if not names or name in names}
