"""Every benchmark runs, and finds what it should find; how fast anything was is not looked at."""

import json
import os
from pathlib import Path

import pytest

from tests.benchmarks.bench import Bench
from tests.benchmarks.catalogue import CATALOGUE
from tests.benchmarks.errors import BenchmarkError, UnavailableError
from tests.benchmarks.findings import Comparison, Curve, Finding, Skipped, Value
from tests.benchmarks.profile import PATHS, profiles
from tests.benchmarks.results import Results
from tests.benchmarks.scale import SMOKE

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

FOUND = {
    "append": {Comparison, Value},
    "writes": {Comparison, Value},
    "reads": {Comparison, Value},
    "rebuild": {Comparison, Value},
    "memory": {Comparison, Value},
    "depth": {Comparison},
    "growth": {Curve},
    "storage": {Comparison, Value},
}


@pytest.fixture
def bench(server_url: str, tmp_path: Path) -> Bench:
    return Bench(server_url=server_url, scale=SMOKE, directory=tmp_path, say=print)


@pytest.mark.parametrize("name", CATALOGUE)
async def test_a_benchmark_finds_what_it_looks_for(name: str, bench: Bench) -> None:
    found = await CATALOGUE[name].measure(bench)

    missing = [each.reason for each in found if isinstance(each, Skipped)]
    if missing:
        _missing(missing[0])
    assert {type(each) for each in found} == FOUND.get(name, {Comparison})
    assert all(value > 0 for each in found for value in _values(each))


async def test_profiles_are_written(bench: Bench, tmp_path: Path) -> None:
    try:
        await profiles(bench, tmp_path)
    except UnavailableError as error:
        _missing(str(error))

    for path in PATHS:
        assert (tmp_path / f"{path}-path.svg").read_text().startswith("<?xml")
        assert "µs" in (tmp_path / f"{path}-path.md").read_text()


async def test_results_are_kept_as_a_table_as_json_and_as_pictures(tmp_path: Path) -> None:
    results = Results(tmp_path, {"scale": "smoke"})
    found: list[Finding] = [
        Comparison(work="w", metric="m", unit="1/s", ours=[2, 3], reference="r", theirs=[1, 2]),
        Curve(work="w", axis="users", unit="ms", points=[(1, 1), (10, 2)]),
    ]
    results.take("some", lambda: found)

    kept = json.loads((tmp_path / "results.json").read_text())
    assert [each["kind"] for each in kept["findings"]] == ["comparison", "curve"]
    assert kept["findings"][0]["ratio"] == 1.75
    assert "1.75 (1.50–2.00)" in (tmp_path / "results.md").read_text()
    assert "<svg" in (tmp_path / "growth-users.svg").read_text()


async def test_a_benchmark_that_fails_leaves_the_others_their_results(tmp_path: Path) -> None:
    def fail() -> list[Finding]:
        raise BenchmarkError("it broke")  # noqa: EM101, TRY003 - the root has no reason of its own

    results = Results(tmp_path, {})
    results.take("broken", fail)
    results.take("whole", lambda: [Value(work="w", metric="m", unit="B", values=[1])])

    assert results.failed
    assert "it broke" in results.table()
    assert "| w | m | 1 B (1–1) |" in results.table()


def _values(found: Finding) -> list[float]:
    match found:
        case Comparison():
            return [*found.ours, *found.theirs]
        case Value():
            return [*found.values]
        case Curve():
            return [cost for _, cost in found.points]
        case Skipped():
            return []


def _missing(reason: str) -> None:
    """Skip where something is not to be had, but never where it must be."""
    if "CI" in os.environ:
        pytest.fail(reason)
    pytest.skip(f"not measured: {reason}")
