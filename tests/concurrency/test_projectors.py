"""Several projector processes at once while others write, and the active one is killed."""

import asyncio
import signal
import sys
from collections.abc import Awaitable
from pathlib import Path

import pytest

from events.database import Connection
from tests.activity import counted_events, different_days
from tests.concurrency.crowd import Crowd, crowd_of
from tests.databases import prepare
from tests.options import SECONDS

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240 + 6 * SECONDS)]

WRITERS = 2

LONGEST_MOVE = 10.0
"""Seconds in which the work must go on elsewhere when its process was killed."""


@pytest.fixture
def prepared_url(empty_database_url: str) -> str:
    prepare(empty_database_url)
    return empty_database_url


async def test_each_event_is_applied_once_by_however_many_and_whoever_is_killed(
    prepared_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with crowd_of(prepared_url, tmp_path) as crowd, crowd.pool.connection() as connection:
        await crowd.grow(2)
        await _while_writing(crowd, crowd.active())
        await _check(crowd, connection)
        await crowd.grow(5)
        killed, frozen = await _while_writing(crowd, _kill_and_freeze(crowd))
        counted = await _check(crowd, connection)
        assert set(await crowd.stop()) == {0}
        assert (await crowd.live()).owner is None
    with capsys.disabled():
        print(  # noqa: T201 - the counts are the point of the proof
            f"\n2, then 5 projectors beside {WRITERS} writers: {counted} events counted once; "
            f"the work went on elsewhere {killed:.1f} s after a kill, {frozen:.1f} s after a freeze"
        )
    assert max(killed, frozen) < LONGEST_MOVE


async def _while_writing[T](crowd: Crowd, deed: Awaitable[T]) -> T:
    """Do something while others write, and give what came of it when they have ended."""
    task = asyncio.ensure_future(deed)
    try:
        await _write(crowd)
        while not task.done():
            await _write(crowd)
        return await task
    finally:
        task.cancel()


async def _write(crowd: Crowd) -> None:
    program = [sys.executable, "-m", "tests.concurrency.writer", crowd.url, str(SECONDS)]
    writers = [
        await asyncio.create_subprocess_exec(*program, str(crowd.folder / f"writer-{n}.jsonl"))
        for n in range(WRITERS)
    ]
    assert [await writer.wait() for writer in writers] == [0] * WRITERS


async def _kill_and_freeze(crowd: Crowd) -> tuple[float, float]:
    """Kill the active process, then freeze the next; give the seconds until others went on."""
    active = await crowd.active()
    killed = await crowd.moved_from(active, active.kill)
    await active.communicate()
    del crowd.processes[active.pid]
    active = await crowd.active()
    frozen = await crowd.moved_from(active, lambda: active.send_signal(signal.SIGSTOP))
    # It wakes up in the belief that it is still its turn.
    active.send_signal(signal.SIGCONT)
    return killed, frozen


async def _check(crowd: Crowd, connection: Connection) -> int:
    """Every row equals a fold of the log, and no event is counted twice; gives their number."""
    await crowd.caught_up()
    assert await different_days(connection) == []
    cursor = await connection.execute(
        "select count(*) from taskfold.event where type = any(%s)",
        [["TaskCreated", "TaskCompleted", "TaskReopened", "TaskDeleted"]],
    )
    [(logged,)] = await cursor.fetchall()
    counted = await counted_events(connection)
    assert counted == logged
    return counted
