import asyncio
from collections.abc import AsyncGenerator

import pytest

from events import listener as listening
from events.bell import Bell, heard
from events.database import Connection, Pool, open_pool
from events.listener import Hearing, Listener, open_listener
from tests.events.hearing import allow_notifications, refuse_notifications, until
from tests.pooler import Pooler, pooler

pytestmark = pytest.mark.anyio


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


async def _until_lost(listener: Listener, *, times: int) -> None:
    async with asyncio.timeout(20):
        while listener.lost < times:  # noqa: ASYNC110 - the count has no event to await
            await asyncio.sleep(0.01)


async def test_a_lost_listener_is_noticed_and_found_again(
    connection: Connection, listener: Listener, far_bell: Bell
) -> None:
    ring = far_bell.listen()
    await connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'taskfold-listener' and datname = current_database()"
    )
    await until(listener, Hearing.LOST)
    await until(listener, Hearing.LISTENING)
    assert listener.lost == 1
    assert ring.is_set()


async def test_behind_a_pooler_that_brings_back_only_its_own_calls_a_listener_says_that_it_polls(
    between: Pooler, pool: Pool, far_bell: Bell
) -> None:
    between.deaf = True
    async with open_listener(between.url, pool, far_bell) as listener:
        await until(listener, Hearing.POLLING)
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
        await until(listener, Hearing.POLLING)
        between.deaf = False
        await until(listener, Hearing.LISTENING)


@pytest.mark.usefixtures("impatient")
async def test_a_connection_that_died_without_a_word_is_given_up(
    between: Pooler, pool: Pool, far_bell: Bell
) -> None:
    async with open_listener(between.url, pool, far_bell) as listener:
        await until(listener, Hearing.LISTENING)
        between.silent = True
        # Nor does it wait for ever for the next connection.
        await _until_lost(listener, times=3)
        between.silent = False
        await until(listener, Hearing.LISTENING)


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
        await refuse_notifications(pool)
        async with open_listener(empty_database_url, pool, far_bell) as listener:
            await _until_lost(listener, times=2)
            await allow_notifications(pool)
            await until(listener, Hearing.LISTENING)
