import asyncio
import statistics
import time

import psycopg
import pytest

from commands.handler import open_handler
from commands.tasks import CreateTask
from events.announcer import open_announcer
from events.bell import Bell, heard
from events.database import Pool, open_pool
from events.follower import Follower
from projections.inline import project
from tests.events.hearing import allow_notifications, refuse_notifications
from tests.people import asking

pytestmark = pytest.mark.anyio


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


async def test_many_commits_share_a_notification(database_url: str, pool: Pool) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as ear:
        await ear.execute("listen taskfold_event")
        async with open_announcer(pool, Bell()) as announcer:
            for _ in range(1_000):
                announcer.committed()
                await asyncio.sleep(0)
            notifications = [n async for n in ear.notifies(timeout=0.5)]
    assert 1 <= len(notifications) < 100


async def test_a_listen_that_a_pooler_left_behind_gathers_nothing(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("listen taskfold_event")
        for _ in range(3):
            await connection.execute("select pg_notify('taskfold_event', '')")
        assert not connection._notifies_backlog  # noqa: SLF001 - what would grow  # pyright: ignore[reportPrivateUsage]
        await connection.execute("unlisten taskfold_event")


async def test_a_commit_rings_the_bell_of_its_own_process_at_once(pool: Pool) -> None:
    bell = Bell()
    async with open_announcer(pool, bell) as announcer:
        ring = bell.listen()
        announcer.committed()
        assert ring.is_set()


async def test_an_announcer_outlives_whatever_postgresql_refuses(empty_database_url: str) -> None:
    async with (
        open_pool(empty_database_url, size=1) as pool,
        await psycopg.AsyncConnection.connect(empty_database_url, autocommit=True) as ear,
    ):
        await ear.execute("listen taskfold_event")
        await refuse_notifications(pool)
        async with open_announcer(pool, Bell()) as announcer:
            announcer.committed()
            await asyncio.sleep(0.1)
            await allow_notifications(pool)
            announcer.committed()
            assert [n async for n in ear.notifies(timeout=5, stop_after=1)]


async def test_without_a_ring_waiting_ends_after_its_time() -> None:
    assert not await heard(Bell().listen(), within=0.01)
