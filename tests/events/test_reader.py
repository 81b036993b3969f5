import asyncio

import pytest

from commands.handler import CommandHandler
from commands.tasks import CompleteTask, CreateTask, DeleteTask, EditTask
from events.binding import UserReader, bind
from events.database import Connection
from events.reader import StreamId, read_log, read_streams
from projections.queries.versions import get_task_version
from tests.people import asking

pytestmark = pytest.mark.anyio


async def test_one_users_log_is_read_in_order_from_any_sequence(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await asyncio.gather(
        *(handler.handle(asking(user_id), CreateTask(title="a")) for _ in range(10))
    )
    events = await read_log(UserReader(connection, user_id), after=3, limit=5)
    assert [event.sequence for event in events] == [4, 5, 6, 7, 8]


async def test_a_stream_is_read_after_the_version_that_is_known(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    for command in (CreateTask(title="a"), CreateTask(title="b"), CompleteTask(task_id=1)):
        await handler.handle(asking(user_id), command)
    async with connection.transaction():
        bound = await bind(connection, [user_id])
        cursor = await read_streams(bound, [StreamId(user_id, 1, known_version=1)])
        assert [(e.version, e.type) for e in await cursor.fetchall()] == [(2, "TaskCompleted")]


async def test_a_task_can_be_seen_as_it_was_at_any_version(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    for command in (
        CreateTask(title="a"),
        EditTask(task_id=1, title="b"),
        DeleteTask(task_id=1),
    ):
        await handler.handle(asking(user_id), command)
    seen = [
        task
        for version in (1, 2, 3)
        if (task := await get_task_version(UserReader(connection, user_id), 1, version))
    ]
    assert [(task.version, task.title) for task in seen] == [(1, "a"), (2, "b"), (3, "b")]
    assert seen[2].deleted_at is not None
