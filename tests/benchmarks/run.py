"""A run: benchmarks one after another, those that need the same place in the same one."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from tests.benchmarks.bench import Bench
from tests.benchmarks.catalogue import Benchmark
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.results import Results


async def run(benchmarks: Mapping[str, Benchmark[Any]], bench: Bench, results: Results) -> None:
    """Measure; what fails does not stop the others."""
    for place, group in groupby(benchmarks, lambda name: benchmarks[name].place):
        names = list(group)
        try:
            async with place(bench) as there:
                for name in names:
                    bench.say(f"{name}: {benchmarks[name].about}")
                    await results.take(name, benchmarks[name].measure(bench, there))
        except BenchmarkError as error:
            results.fail(", ".join(names), error)
