import asyncio
import statistics
import time
from collections.abc import AsyncGenerator

import psycopg
import pytest

from commands.handler import open_handler
from commands.tasks import CreateTask
from events import listener as listening
from events.announcer import open_announcer
from events.bell import Bell, heard
from events.database import Connection, Pool, open_pool
from events.follower import Follower
from events.listener import Hearing, Listener, open_listener
from projections.inline import project
from tests.people import asking
from tests.pooler import Pooler, pooler

pytestmark = pytest.mark.anyio


@pytest.fixture
async def far_bell() -> Bell:
    """The bell of another process: it shares nothing with the writer's but PostgreSQL."""
    return Bell()


@pytest.fixture
async def listener(database_url: str, pool: Pool, far_bell: Bell) -> AsyncGenerator[Listener]:
    async with open_listener(database_url, pool, far_bell) as listener:
        await _until(listener, Hearing.LISTENING)
        yield listener


@pytest.fixture
async def between(database_url: str) -> AsyncGenerator[Pooler]:
    """What stands between the listener and PostgreSQL."""
    async with pooler(database_url) as between:
        yield between


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Listeners that look after themselves all the time."""
    monkeypatch.setattr(listening, "SELF_CHECK", 0.02)
    monkeypatch.setattr(listening, "ANSWER_TIME", 0.5)
    monkeypatch.setattr(listening, "CONNECT_TIME", 0.5)
    monkeypatch.setattr(listening, "RECONNECT_PAUSE", 0.02)


async def _until(listener: Listener, hearing: Hearing) -> None:
    async with asyncio.timeout(20):
        while listener.hearing is not hearing:  # noqa: ASYNC110 - the state has no event to await
            await asyncio.sleep(0.01)


async def _until_lost(listener: Listener, *, times: int) -> None:
    async with asyncio.timeout(20):
        while listener.lost < times:  # noqa: ASYNC110 - the count has no event to await
            await asyncio.sleep(0.01)


async def _refuse_notifications(pool: Pool) -> None:
    """Have a pool's connection refuse to notify, as a server would that has become read-only."""
    async with pool.connection() as connection:
        await connection.execute("""
            create function public.pg_notify(text, text) returns void language plpgsql as $$
            begin
                raise exception using errcode = 'read_only_sql_transaction';
            end
            $$
        """)
        await connection.execute("set search_path = public, pg_catalog")


async def _allow_notifications(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("reset search_path")


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


async def test_behind_a_pooler_that_brings_back_only_its_own_calls_a_listener_says_that_it_polls(
    between: Pooler, pool: Pool, far_bell: Bell
) -> None:
    between.deaf = True
    async with open_listener(between.url, pool, far_bell) as listener:
        await _until(listener, Hearing.POLLING)
        async with asyncio.timeout(5):
            await between.left.wait()
        assert (listener.lost, between.connections) == (0, 1)


@pytest.mark.usefixtures("impatient")
async def test_a_listener_that_polls_tries_again_now_and_then(
    between: Pooler, pool: Pool, far_bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "DEAF_PAUSE", 0.05)
    between.deaf = True
    async with open_listener(between.url, pool, far_bell) as listener:
        await _until(listener, Hearing.POLLING)
        between.deaf = False
        await _until(listener, Hearing.LISTENING)


@pytest.mark.usefixtures("impatient")
async def test_a_connection_that_died_without_a_word_is_given_up(
    between: Pooler, pool: Pool, far_bell: Bell
) -> None:
    async with open_listener(between.url, pool, far_bell) as listener:
        await _until(listener, Hearing.LISTENING)
        between.silent = True
        # Nor does it wait for ever for the next connection.
        await _until_lost(listener, times=3)
        between.silent = False
        await _until(listener, Hearing.LISTENING)


@pytest.mark.usefixtures("impatient")
async def test_a_listener_prepares_no_statement_that_a_pooler_would_not_know(
    between: Pooler, pool: Pool, far_bell: Bell
) -> None:
    async with open_listener(between.url, pool, far_bell):
        for _ in range(20):
            assert await heard(far_bell.listen(), within=5)
    assert between.prepared == []


@pytest.mark.usefixtures("impatient")
async def test_a_listener_outlives_whatever_postgresql_refuses(
    empty_database_url: str, far_bell: Bell
) -> None:
    async with open_pool(empty_database_url, size=1) as pool:
        await _refuse_notifications(pool)
        async with open_listener(empty_database_url, pool, far_bell) as listener:
            await _until_lost(listener, times=2)
            await _allow_notifications(pool)
            await _until(listener, Hearing.LISTENING)


async def test_an_announcer_outlives_whatever_postgresql_refuses(empty_database_url: str) -> None:
    async with (
        open_pool(empty_database_url, size=1) as pool,
        await psycopg.AsyncConnection.connect(empty_database_url, autocommit=True) as ear,
    ):
        await ear.execute("listen taskfold_event")
        await _refuse_notifications(pool)
        async with open_announcer(pool, Bell()) as announcer:
            announcer.committed()
            await asyncio.sleep(0.1)
            await _allow_notifications(pool)
            announcer.committed()
            assert [n async for n in ear.notifies(timeout=5, stop_after=1)]


async def test_without_a_ring_waiting_ends_after_its_time() -> None:
    assert not await heard(Bell().listen(), within=0.01)
