import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events import barrier, writer
from events.barrier import HighWaterMark
from events.database import Connection, Pool
from tests.people import asking

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
        await writer.bound_transaction(connection)
        assert await bound() == ("10s",)
    assert await bound() == ("0",)
