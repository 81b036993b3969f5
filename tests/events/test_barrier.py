import asyncio

import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events import barrier, writer
from events.barrier import HighWaterMark, settled_position
from events.database import Connection, Pool, open_pool
from tests.people import asking
from tests.pooler import pooler

pytestmark = pytest.mark.anyio


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


async def test_a_position_nobody_used_does_not_make_an_idle_log_costly(
    target: Pool, target_handler: CommandHandler
) -> None:
    mark = HighWaterMark()
    await target_handler.handle(asking("ada"), CreateTask(title="a"))
    async with target.connection() as reader, target.connection() as writing:
        await writing.execute("select nextval('taskfold.event_position_seq')")
        assert await mark.advance(reader)
        async with writing.transaction():
            await barrier.enter(writing)
            assert await mark.advance(reader)
    assert (mark.position, mark.timeouts) == (1, 0)


async def test_rows_that_came_without_their_sequence_are_not_read_past_it(
    target: Pool, target_handler: CommandHandler
) -> None:
    for _ in range(3):
        await target_handler.handle(asking("ada"), CreateTask(title="a"))
    mark = HighWaterMark()
    async with target.connection() as connection:
        await connection.execute("select setval('taskfold.event_position_seq', 2)")
        assert await mark.advance(connection)
    assert mark.position == 2


async def test_the_bound_on_a_writer_ends_with_its_transaction(connection: Connection) -> None:
    async def bound() -> object:
        cursor = await connection.execute(
            "select current_setting('idle_in_transaction_session_timeout')"
        )
        return await cursor.fetchone()

    async with connection.transaction():
        await writer.begin_writing(connection, ["somebody"])
        assert await bound() == ("10s",)
    assert await bound() == ("0",)


async def test_a_reader_that_hears_no_answer_does_not_keep_the_barrier_closed(
    handler: CommandHandler, database_url: str, user_id: str
) -> None:
    async with (
        pooler(database_url) as between,
        open_pool(between.url, size=1) as far,
        far.connection() as reader,
    ):
        between.hush = b"pg_advisory_xact_lock"
        waiting = asyncio.create_task(settled_position(reader))
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        assert (between.silent, done) == (True, set())
        async with asyncio.timeout(5):
            await handler.handle(asking(user_id), CreateTask(title="a"))
        waiting.cancel()
        await reader.close()
        await asyncio.wait([waiting])


async def test_a_mark_says_since_when_it_could_not_rise(
    pool: Pool, connection: Connection, handler: CommandHandler, user_id: str
) -> None:
    mark = HighWaterMark()
    async with pool.connection() as reader:
        async with connection.transaction():
            await barrier.enter(connection)
            await handler.handle(asking(user_id), CreateTask(title="a"))
            await mark.advance(reader)
            since = mark.stalled_since
            assert since is not None
            await mark.advance(reader)
            assert mark.stalled_since == since
        while not await mark.advance(reader):  # noqa: ASYNC110 - it leaves the writers alone a while
            await asyncio.sleep(0.05)
    assert mark.stalled_since is None


async def test_rows_ahead_of_their_sequence_stall_a_mark(
    target: Pool, target_handler: CommandHandler
) -> None:
    for _ in range(2):
        await target_handler.handle(asking("ada"), CreateTask(title="a"))
    mark = HighWaterMark()
    async with target.connection() as connection:
        await connection.execute("select setval('taskfold.event_position_seq', 1)")
        assert await mark.advance(connection)
        assert mark.stalled_since is not None
