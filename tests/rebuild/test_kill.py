import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

import psutil
import pytest

from events.database import Pool
from projections.generation import Phase, State, find_generation
from projections.rebuild.shards import Totals, totals
from projections.registry import AnyProjection
from projections.task import TASK
from projections.task_change import TASK_CHANGE
from tests.big_logs import fill
from tests.rebuild.rebuilding import folded_rows, live_rows, rebuild

pytestmark = pytest.mark.anyio

TASKFOLD = Path(sys.executable).with_name("taskfold")
EVENTS = 10_000


async def _rebuild(url: str, name: str, *options: str) -> Process:
    return await asyncio.create_subprocess_exec(
        TASKFOLD,
        *("projections", "rebuild", name, *options),
        env={**os.environ, "DATABASE_URL": url},
        stdout=PIPE,
        stderr=DEVNULL,
    )


async def _reached(pool: Pool, projection: AnyProjection, phase: Phase) -> Totals:
    """Wait until some of a phase is done, and not all."""
    async with pool.connection() as connection, asyncio.timeout(60):
        while True:
            found = await find_generation(connection, projection.name, State.BUILDING)
            done = await totals(connection, projection.name)
            if found is not None and found.phase is phase and done.events:
                assert done.left
                return done
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("projection", "phase"),
    [(TASK_CHANGE, Phase.REPLAYING), (TASK, Phase.VERIFYING)],
    ids=["task_change", "task"],
)
async def test_a_rebuild_that_is_killed_goes_on_where_it_was(
    own: Pool, url: str, projection: AnyProjection, phase: Phase
) -> None:
    async with own.connection() as connection:
        await fill(connection, EVENTS)
    await rebuild(own, projection, accept=True)
    slowly = ("--workers", "2", "--rate", "10000")
    process = await _rebuild(url, projection.name, *slowly)
    family = psutil.Process(process.pid)
    done = await _reached(own, projection, phase)
    workers = family.children()
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    # Workers notice that they work for nobody.
    _, left = await asyncio.to_thread(psutil.wait_procs, workers, 10)
    assert workers
    assert left == []
    async with own.connection() as connection:
        assert (await totals(connection, projection.name)).events >= done.events

    again = await _rebuild(url, projection.name)
    out, _ = await again.communicate()
    assert again.returncode == 0, out
    async with own.connection() as connection:
        live = await find_generation(connection, projection.name, State.LIVE)
        assert live is not None
        assert live.generation == 3
        assert live.events == EVENTS
        assert await live_rows(connection, projection) == await folded_rows(connection, projection)
