import asyncio
import time

import psycopg
import pytest
from psycopg_pool import PoolClosed

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events import barrier, writer
from events.bell import Bell
from events.database import Connection, Pool, open_pool
from events.follower import BATCH, Follower, position_before_last
from events.reader import PositionedEvent
from tests.people import asking

pytestmark = pytest.mark.anyio


async def _drain(follower: Follower) -> list[PositionedEvent]:
    events: list[PositionedEvent] = []
    while batch := await follower.next_batch():
        events.extend(batch)
    return events


async def _next(follower: Follower) -> list[PositionedEvent]:
    """Wait for the next batch of a follower that may have to let writers pass first."""
    async with asyncio.timeout(10):
        while not (batch := await follower.next_batch()):  # noqa: ASYNC110 - nobody rings
            await asyncio.sleep(0.01)
    return batch


async def _take_a_position(connection: Connection) -> None:
    await connection.execute("select nextval('taskfold.event_position_seq')")


async def test_a_follower_gives_every_event_once_and_in_order(
    pool: Pool, handler: CommandHandler, user_id: str
) -> None:
    follower = Follower(pool, Bell())
    await _drain(follower)
    await asyncio.gather(
        *(handler.handle(asking(f"{user_id}-{n % 3}"), CreateTask(title="a")) for n in range(300))
    )
    events = [event for event in await _drain(follower) if event.user_id.startswith(user_id)]
    for n in range(3):
        mine = [event.sequence for event in events if event.user_id == f"{user_id}-{n}"]
        assert mine == list(range(1, 101))


async def test_more_than_a_batch_is_read_batch_by_batch(
    pool: Pool, handler: CommandHandler, user_id: str
) -> None:
    follower = Follower(pool, Bell())
    await _drain(follower)
    count = BATCH + 50
    await asyncio.gather(
        *(handler.handle(asking(user_id), CreateTask(title="a")) for _ in range(count))
    )
    assert len(await follower.next_batch()) <= BATCH
    rest = await _drain(follower)
    assert rest[-1].sequence == count


async def test_nothing_is_read_past_a_writer_that_has_not_committed(
    pool: Pool, connection: Connection, handler: CommandHandler, user_id: str
) -> None:
    follower = Follower(pool, Bell())
    await _drain(follower)
    async with connection.transaction():
        # This writer has taken a position and is slow to commit.
        await barrier.enter(connection)
        await _take_a_position(connection)
        await handler.handle(asking(user_id), CreateTask(title="a"))
        assert await follower.next_batch() == []
        assert follower.mark.timeouts == 1
    assert [e.sequence for e in await _next(follower) if e.user_id == user_id] == [1]


async def test_a_follower_whose_mark_cannot_rise_does_not_go_back(
    pool: Pool, connection: Connection, handler: CommandHandler, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    before = Follower(pool, Bell())
    await _drain(before)
    follower = Follower(pool, Bell(), after=before.after)
    async with connection.transaction():
        await barrier.enter(connection)
        await handler.handle(asking(user_id), CreateTask(title="a"))
        assert await follower.next_batch() == []
        assert (follower.after, follower.mark.timeouts) == (before.after, 1)
    assert [e.sequence for e in await _next(follower)] == [2]


async def test_a_follower_that_was_kept_waiting_lets_the_writers_go_on_for_a_while(
    pool: Pool, connection: Connection, handler: CommandHandler, user_id: str
) -> None:
    follower = Follower(pool, Bell())
    await _drain(follower)
    async with connection.transaction():
        await barrier.enter(connection)
        await handler.handle(asking(user_id), CreateTask(title="a"))
        started = time.monotonic()
        assert await follower.next_batch() == []
        while follower.mark.timeouts == 1:
            assert await follower.next_batch() == []
    assert time.monotonic() - started > barrier.READER_PAUSE


async def test_the_last_events_are_those_before_which_nothing_can_still_appear(
    pool: Pool, connection: Connection, handler: CommandHandler, user_id: str
) -> None:
    settled = Follower(pool, Bell())
    await _drain(settled)
    async with pool.connection() as reader:
        async with connection.transaction():
            await barrier.enter(connection)
            await _take_a_position(connection)
            await handler.handle(asking(user_id), CreateTask(title="a"))
            asked = asyncio.create_task(position_before_last(reader, 0))
            done, _ = await asyncio.wait([asked], timeout=0.2)
            assert not done
        follower = Follower(pool, Bell(), after=await asked)
    assert await follower.next_batch() == []
    assert [e.sequence for e in await _drain(settled)] == [1]


async def test_a_position_that_was_never_used_does_not_stop_a_follower(
    pool: Pool, connection: Connection, handler: CommandHandler, user_id: str
) -> None:
    follower = Follower(pool, Bell())
    await _take_a_position(connection)
    await handler.handle(asking(user_id), CreateTask(title="a"))
    assert await _drain(follower)
    assert follower.after == follower.mark.position


async def test_a_position_that_a_crash_takes_back_is_not_passed_over_when_it_is_given_out_again(
    target: Pool, target_handler: CommandHandler
) -> None:
    follower = Follower(target, Bell())
    await target_handler.handle(asking("ada"), CreateTask(title="a"))
    async with target.connection() as connection:
        await _take_a_position(connection)
        assert [e.sequence for e in await _drain(follower)] == [1]
        # What recovery does to a sequence of which nothing was flushed since the last commit.
        await connection.execute("select setval('taskfold.event_position_seq', 1)")
    await target_handler.handle(asking("ada"), CreateTask(title="b"))
    assert [e.sequence for e in await _drain(follower)] == [2]


async def test_a_follower_that_nobody_wakes_looks_by_itself(
    pool: Pool, handler: CommandHandler, user_id: str
) -> None:
    follower = Follower(pool, Bell())
    await _drain(follower)
    batches = follower.batches()
    waiting = asyncio.create_task(anext(batches))
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done
    await handler.handle(asking(user_id), CreateTask(title="a"))
    async with asyncio.timeout(5):
        assert [e.user_id for e in await waiting] == [user_id]
    await batches.aclose()


async def test_a_follower_goes_on_after_its_connection_was_lost(
    connection: Connection, handler: CommandHandler, database_url: str, user_id: str
) -> None:
    async with open_pool(database_url, size=1) as lonely:
        follower = Follower(lonely, Bell())
        await _drain(follower)
        async with lonely.connection() as lost:
            pid = lost.info.backend_pid
        await connection.execute("select pg_terminate_backend(%s, 5000)", [pid])
        await handler.handle(asking(user_id), CreateTask(title="a"))
        batches = follower.batches()
        async with asyncio.timeout(10):
            assert [e.user_id for e in await anext(batches)] == [user_id]
        await batches.aclose()


async def test_a_follower_ends_with_its_pool(database_url: str) -> None:
    async with open_pool(database_url, size=1) as closed:
        follower = Follower(closed, Bell())
    with pytest.raises(PoolClosed):
        await anext(follower.batches())


async def test_a_stalled_writer_is_ended_by_postgresql_and_readers_go_on(
    pool: Pool,
    handler: CommandHandler,
    database_url: str,
    user_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer, "TRANSACTION_LIMIT", "300ms")
    follower = Follower(pool, Bell())
    await _drain(follower)
    stalled = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
    await stalled.execute("begin")
    await barrier.enter(stalled)
    await _take_a_position(stalled)
    await writer.begin_writing(stalled, ["somebody"])
    await handler.handle(asking(user_id), CreateTask(title="a"))
    assert await _next(follower)
    with pytest.raises(psycopg.Error, match="terminating connection"):
        await stalled.execute("select 1")
    assert follower.after == follower.mark.position
