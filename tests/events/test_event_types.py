import pytest

from commands.handler import CommandHandler
from commands.tasks import Batch, CompleteTask, CreateTask, DeleteTasks, Step
from events.binding import UserReader
from events.database import Connection, Pool
from events.errors import UnknownEventTypeError, UnreadableEventError
from events.event_types import check_event_types
from events.reader import read_stream, recorded
from events.statements import statement
from tests.history import events_of
from tests.people import asking

pytestmark = pytest.mark.anyio

APPEND_FROM_THE_FUTURE = """
    insert into taskfold.event (user_id, sequence, task_id, version, type, schema_version,
        data, metadata, recorded_at, digest, chain)
    select user_id, sequence + 1, task_id, 2, %(type)s, %(schema_version)s,
        data, metadata, recorded_at, digest, chain
    from taskfold.event where user_id = %(user_id)s order by sequence desc limit 1
"""


@pytest.mark.parametrize(("type_", "schema_version"), [("TaskExploded", 1), ("TaskCreated", 99)])
async def test_code_does_not_start_on_events_it_cannot_read(
    unguarded: Pool,
    unguarded_handler: CommandHandler,
    user_id: str,
    type_: str,
    schema_version: int,
) -> None:
    await unguarded_handler.handle(asking(user_id), CreateTask(title="a"))
    future = {"user_id": user_id, "type": type_, "schema_version": schema_version}
    async with unguarded.connection() as connection, connection.transaction(force_rollback=True):
        await check_event_types(connection)
        await connection.execute(APPEND_FROM_THE_FUTURE, future)
        with pytest.raises(UnknownEventTypeError, match=f"'{type_}' with schema version"):
            await check_event_types(connection)


async def test_a_reader_stops_at_an_event_it_cannot_read_and_names_it(
    unguarded: Pool, unguarded_handler: CommandHandler, user_id: str
) -> None:
    await unguarded_handler.handle(asking(user_id), CreateTask(title="a"))
    future = {"user_id": user_id, "type": "TaskExploded", "schema_version": 1}
    async with unguarded.connection() as connection, connection.transaction(force_rollback=True):
        await connection.execute(APPEND_FROM_THE_FUTURE, future)
        created, exploded = await read_stream(UserReader(connection, user_id), 1)
    assert recorded(created).sequence == 1
    with pytest.raises(UnreadableEventError, match=rf"Event 2 of user {user_id}.*'TaskExploded'"):
        recorded(exploded)


async def test_a_command_on_a_task_with_an_unreadable_past_is_not_carried_out(
    unguarded: Pool, unguarded_handler: CommandHandler, user_id: str
) -> None:
    await unguarded_handler.handle(asking(user_id), CreateTask(title="a"))
    future = {"user_id": user_id, "type": "TaskExploded", "schema_version": 1}
    async with unguarded.connection() as connection:
        await connection.execute(APPEND_FROM_THE_FUTURE, future)
        try:
            with pytest.raises(UnreadableEventError, match=f"Event 2 of user {user_id}"):
                await unguarded_handler.handle(asking(user_id), CompleteTask(task_id=1))
        finally:
            await connection.execute(
                "delete from taskfold.event where type = 'TaskExploded' and user_id = %s", [user_id]
            )


@pytest.mark.parametrize(
    "command",
    [
        Batch(steps=tuple(Step(command=CompleteTask(task_id=number)) for number in (1, 2))),
        DeleteTasks(selection="", task_ids=(1, 2)),
    ],
    ids=["batch", "deletion"],
)
async def test_of_several_things_at_once_none_is_done_if_one_task_is_unreadable(
    unguarded: Pool, unguarded_handler: CommandHandler, user_id: str, command: Batch | DeleteTasks
) -> None:
    for title in "ab":
        await unguarded_handler.handle(asking(user_id), CreateTask(title=title))
    future = {"user_id": user_id, "type": "TaskExploded", "schema_version": 1}
    async with unguarded.connection() as connection:
        await connection.execute(APPEND_FROM_THE_FUTURE, future)
        try:
            with pytest.raises(UnreadableEventError):
                await unguarded_handler.handle(asking(user_id), command)
        finally:
            await connection.execute(
                "delete from taskfold.event where type = 'TaskExploded' and user_id = %s", [user_id]
            )
        assert len(await events_of(connection, user_id)) == 2


async def test_kinds_of_events_are_found_by_hopping_through_an_index(
    connection: Connection,
) -> None:
    async with connection.transaction(force_rollback=True):
        # However small the table is, and however wrong the planner's idea of it.
        await connection.execute("set local enable_seqscan = off")
        cursor = await connection.execute(
            "explain " + statement("events", "next_event_type"), {"type": "", "schema_version": 0}
        )
        plan = "\n".join(str(line) for (line,) in await cursor.fetchall())
    assert "Index Only Scan using event_type_idx" in plan
    assert "Index Cond: (ROW(type, schema_version) > ROW" in plan
