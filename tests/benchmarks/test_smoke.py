"""Every benchmark runs, and finds what it should find; how fast anything was is not looked at."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.benchmarks.bench import Bench
from tests.benchmarks.catalogue import CATALOGUE
from tests.benchmarks.errors import UnavailableError
from tests.benchmarks.findings import Comparison, Curve, Finding, Skipped, Value
from tests.benchmarks.profile import ranking
from tests.benchmarks.references.npm import PACKAGE
from tests.benchmarks.references.peers import PEERS, emmett, message_store
from tests.benchmarks.references.sql_rebuild import rebuild_by_sql
from tests.benchmarks.scale import SMOKE
from tests.benchmarks.subjects.rebuild import Rebuilding
from tests.benchmarks.works.append import Handler, our_handler
from tests.benchmarks.works.growth import growth
from tests.benchmarks.works.rebuild import ONE, SQL, TWO, rebuilds
from tests.benchmarks.works.serving import Services, services
from tests.benchmarks.works.size import KINDS, latencies
from tests.identity.node import is_installed

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

FROM_NPM = [name for name, peer in PEERS.items() if peer in {emmett, message_store}]
OFFLINE = [name for name in CATALOGUE if name.removeprefix("append-") not in FROM_NPM]


@pytest.fixture
def bench(server_url: str, tmp_path: Path) -> Bench:
    return Bench(server_url=server_url, scale=SMOKE, directory=tmp_path, say=print)


# Processes take longer to start than to measure so little, so each place is opened once, and
# works that have a place of their own are done where there is one already.


async def test_appends_are_measured_and_profiled(bench: Bench) -> None:
    async with our_handler(bench) as handler:
        found = await _found(bench, our_handler, handler)
        await _profile(bench, replace(handler, seconds=1))

    peers = {name for name in OFFLINE if name.startswith("append-")}
    assert found.keys() == {"append", "storage", *peers}
    assert all(_kinds(found[name]) == {Comparison} for name in peers)
    assert _all_positive(found)
    assert _kinds(found["append"]) == _kinds(found["storage"]) == {Comparison, Value}


async def test_requests_are_measured_as_are_growth_size_and_rebuilds(bench: Bench) -> None:
    async with services(bench) as running:
        found = await _found(bench, services, running)
        found["growth"] = await growth(bench, running.ours)
        found["size"] = await latencies(bench, running.well, running.ours.service, "history")
        found["rebuild"] = await _rebuild(running)

    assert {name for name, each in found.items() if _kinds(each) == {Comparison}} == {
        *("unchanged", "post-alone", "size"),
    }
    assert _kinds(found["growth"]) == {Curve}
    assert len(found["size"]) == len(KINDS)
    assert _all_positive(found)


@pytest.mark.parametrize("peer", FROM_NPM)
async def test_a_store_from_npm_appends(peer: str, bench: Bench) -> None:
    if not is_installed(PACKAGE):
        pytest.skip("the event stores of npm are fetched by make bench, never by the suite")

    async with PEERS[peer](bench) as append:
        assert (await append(2))["rate"] > 0


async def _found[Place](
    bench: Bench, place: Callable[[Bench], AbstractAsyncContextManager[Place]], there: Place
) -> dict[str, list[Finding]]:
    """Measure all that is measured in a place and needs no network."""
    return {
        name: await CATALOGUE[name].measure(bench, there)
        for name in OFFLINE
        if CATALOGUE[name].place is place
    }


async def _profile(bench: Bench, handler: Handler) -> None:
    work = partial(handler.append, 4)
    try:
        ranked, _ = await ranking(bench, handler.process.process.pid, work)
    except UnavailableError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"not profiled: {error}")
    assert any("commands/" in cost.function for cost in ranked)


async def _rebuild(running: Services) -> list[Finding]:
    made = await Rebuilding(running.ours.url).turn({"processes": 1})
    by_sql = rebuild_by_sql(running.ours.url)
    return rebuilds(SMOKE.users * SMOKE.tasks_of_a_user, {ONE: [made], TWO: [made], SQL: [by_sql]})


def _kinds(found: Sequence[Finding]) -> set[type[Finding]]:
    return {type(each) for each in found}


def _all_positive(found: Mapping[str, Sequence[Finding]]) -> bool:
    return all(value > 0 for each in found.values() for one in each for value in _values(one))


def _values(found: Finding) -> Sequence[float]:
    match found:
        case Comparison():
            return [*found.ours, *found.theirs]
        case Value():
            return found.values
        case Curve():
            return [cost for _, cost in found.points]
        case Skipped():
            return []
