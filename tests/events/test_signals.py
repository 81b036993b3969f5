import asyncio
import statistics
import time
from collections.abc import AsyncGenerator

import pytest

from commands.handler import open_handler
from commands.tasks import CreateTask
from events.announcer import open_announcer
from events.bell import Bell, heard
from events.database import Connection, Pool
from events.follower import Follower
from events.listener import Hearing, Listener, open_listener
from projections.inline import project
from tests.people import asking

pytestmark = pytest.mark.anyio


@pytest.fixture
async def far_bell() -> Bell:
    """The bell of another process: it shares nothing with the writer's but PostgreSQL."""
    return Bell()


@pytest.fixture
async def listener(database_url: str, far_bell: Bell) -> AsyncGenerator[Listener]:
    async with open_listener(database_url, far_bell) as listener:
        await _until(listener, Hearing.LISTENING)
        yield listener


async def _until(listener: Listener, hearing: Hearing) -> None:
    async with asyncio.timeout(20):
        while listener.hearing is not hearing:  # noqa: ASYNC110 - the state has no event to await
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("listener")
async def test_a_commit_wakes_a_follower_in_another_process_within_50_ms(
    pool: Pool, far_bell: Bell, user_id: str
) -> None:
    follower = Follower(pool, far_bell)
    while await follower.next_batch():
        pass
    delays: list[float] = []
    async with (
        open_announcer(pool, Bell()) as announcer,
        open_handler(pool, project, queue_limit=10, committed=announcer.committed) as handler,
    ):
        for _ in range(15):
            ring = far_bell.listen()
            await handler.handle(asking(user_id), CreateTask(title="a"))
            committed = time.perf_counter()
            assert await heard(ring, within=5)
            delays.append(time.perf_counter() - committed)
            assert await follower.next_batch()
    assert statistics.median(delays) < 0.05


async def test_many_commits_share_a_notification(connection: Connection, pool: Pool) -> None:
    await connection.execute("listen taskfold_event")
    async with open_announcer(pool, Bell()) as announcer:
        for _ in range(1_000):
            announcer.committed()
            await asyncio.sleep(0)
        notifications = [n async for n in connection.notifies(timeout=0.5)]
    assert 1 <= len(notifications) < 100


async def test_a_commit_rings_the_bell_of_its_own_process_at_once(pool: Pool) -> None:
    bell = Bell()
    async with open_announcer(pool, bell) as announcer:
        ring = bell.listen()
        announcer.committed()
        assert ring.is_set()


async def test_a_lost_listener_is_noticed_and_found_again(
    connection: Connection, listener: Listener, far_bell: Bell
) -> None:
    ring = far_bell.listen()
    await connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'taskfold-listener' and datname = current_database()"
    )
    await _until(listener, Hearing.LOST)
    await _until(listener, Hearing.LISTENING)
    assert listener.lost == 1
    assert ring.is_set()


async def test_without_a_ring_waiting_ends_after_its_time() -> None:
    assert not await heard(Bell().listen(), within=0.01)
