import asyncio

import psycopg
import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events import barrier, writer
from events.barrier import HighWaterMark
from events.bell import Bell
from events.database import Connection, Pool
from events.follower import BATCH, Follower
from events.reader import PositionedEvent
from tests.people import asking

pytestmark = pytest.mark.anyio


async def _drain(follower: Follower) -> list[PositionedEvent]:
    events: list[PositionedEvent] = []
    while batch := await follower.next_batch():
        events.extend(batch)
    return events


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
        await connection.execute("select nextval('taskfold.event_position_seq')")
        await handler.handle(asking(user_id), CreateTask(title="a"))
        assert await follower.next_batch() == []
        assert follower.mark.timeouts == 1
    assert [e.sequence for e in await _drain(follower) if e.user_id == user_id] == [1]


async def test_a_position_that_was_never_used_does_not_stop_a_follower(
    pool: Pool, connection: Connection, handler: CommandHandler, user_id: str
) -> None:
    follower = Follower(pool, Bell())
    await connection.execute("select nextval('taskfold.event_position_seq')")
    await handler.handle(asking(user_id), CreateTask(title="a"))
    assert await _drain(follower)
    assert follower.after == follower.mark.position


async def test_an_idle_log_is_looked_at_without_closing_the_barrier(
    pool: Pool, connection: Connection
) -> None:
    mark = HighWaterMark()
    async with pool.connection() as reader:
        await mark.advance(reader)
        async with connection.transaction():
            await barrier.enter(connection)
            await mark.advance(reader)
    assert mark.timeouts == 0


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
    await writer.bound_transaction(stalled)
    await barrier.enter(stalled)
    await stalled.execute("select nextval('taskfold.event_position_seq')")
    await handler.handle(asking(user_id), CreateTask(title="a"))
    async with asyncio.timeout(10):
        while not await follower.next_batch():
            pass
    with pytest.raises(psycopg.Error, match="terminating connection"):
        await stalled.execute("select 1")
    assert follower.after == follower.mark.position


async def test_the_bound_on_a_writer_ends_with_its_transaction(connection: Connection) -> None:
    async def bound() -> object:
        cursor = await connection.execute(
            "select current_setting('idle_in_transaction_session_timeout')"
        )
        return await cursor.fetchone()

    async with connection.transaction():
        await writer.bound_transaction(connection)
        assert await bound() == ("10s",)
    assert await bound() == ("0",)
