"""What a run has found is kept, whatever comes after it."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.bench import Bench
from tests.benchmarks.catalogue import Benchmark
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.findings import Comparison, Curve, Finding, Value
from tests.benchmarks.results import Results
from tests.benchmarks.run import run
from tests.benchmarks.scale import SMOKE

pytestmark = pytest.mark.anyio


async def test_results_are_kept_as_a_table_as_json_and_as_pictures(tmp_path: Path) -> None:
    async def found() -> list[Finding]:
        return [
            Comparison(work="w", metric="m", unit="1/s", ours=[2, 3], reference="r", theirs=[1, 2]),
            Curve(work="w", axis="users", unit="ms", points=[(1, 1), (10, 2)]),
        ]

    results = Results(tmp_path, {"scale": "smoke"})
    await results.take("some", found())

    kept = json.loads((tmp_path / "results.json").read_text())
    assert [each["kind"] for each in kept["findings"]] == ["comparison", "curve"]
    assert kept["findings"][0]["ours"] == [2, 3]
    assert kept["findings"][0]["ratio"] == 1.75
    assert "1.75 (1.50–2.00)" in (tmp_path / "results.md").read_text()
    assert "<svg" in (tmp_path / "growth-users.svg").read_text()


async def test_a_benchmark_that_fails_leaves_the_others_their_results(tmp_path: Path) -> None:
    results = await _run(tmp_path, broken=_broken, whole=_whole)

    assert results.failed
    assert "it broke" in results.table()
    assert "| w | m | 1 B (1–1) |" in results.table()


async def test_neighbours_share_a_place_and_others_have_one_of_their_own(tmp_path: Path) -> None:
    opened: list[str] = []

    @asynccontextmanager
    async def other(_bench: Bench) -> AsyncGenerator[None]:
        opened.append("other")
        yield

    @asynccontextmanager
    async def shared(_bench: Bench) -> AsyncGenerator[None]:
        opened.append("shared")
        yield

    benchmarks = {
        name: Benchmark(about=name, place=place, measure=_whole)
        for name, place in (("first", shared), ("second", shared), ("third", other))
    }
    await run(benchmarks, _bench(tmp_path), Results(tmp_path, {}))

    assert opened == ["shared", "other"]


async def test_a_place_that_cannot_be_opened_fails_what_is_measured_in_it(tmp_path: Path) -> None:
    @asynccontextmanager
    async def closed(_bench: Bench) -> AsyncGenerator[None]:
        raise BenchmarkError("no way in")  # noqa: EM101, TRY003 - the root has no reason of its own
        yield

    results = Results(tmp_path, {})
    measured = Benchmark(about="", place=closed, measure=_whole)
    await run({"some": measured}, _bench(tmp_path), results)

    assert results.failed
    assert "some beside everything: no way in" in results.table()


async def _run(directory: Path, **measures: Any) -> Results:  # noqa: ANN401 - of any place
    results = Results(directory, {})
    benchmarks = {
        name: Benchmark(about=name, place=_anywhere, measure=measure)
        for name, measure in measures.items()
    }
    await run(benchmarks, _bench(directory), results)
    return results


def _bench(directory: Path) -> Bench:
    return Bench(server_url="", scale=SMOKE, directory=directory, say=print)


@asynccontextmanager
async def _anywhere(_bench: Bench) -> AsyncGenerator[None]:
    yield


async def _whole(_bench: Bench, _there: None) -> list[Finding]:
    return [Value(work="w", metric="m", unit="B", values=[1])]


async def _broken(_bench: Bench, _there: None) -> list[Finding]:
    raise BenchmarkError("it broke")  # noqa: EM101, TRY003 - the root has no reason of its own
