import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from commands.errors import RefusalError
from commands.handler import CommandHandler, open_handler
from commands.tasks import (
    CompleteTask,
    CreateTask,
    DeleteTask,
    EditTask,
    ReopenTask,
    RestoreTask,
    TaskCommand,
)
from events.binding import UserReader
from events.database import Connection, open_pool
from events.ids import new_id
from events.reader import read_stream, recorded
from projections.errors import CannotApplyError
from projections.inline import project
from projections.queries.listing import Listing, Sort, TaskFilter, place_of
from projections.queries.tasks import get_task, list_tasks
from projections.task import Task, evolve
from tests.people import asking
from tests.strategies import commands

pytestmark = pytest.mark.anyio


async def _replayed(connection: Connection, user_id: str, task_id: int) -> Task | None:
    rows = await read_stream(UserReader(connection, user_id), task_id)
    task = None
    for row in rows:
        task = evolve(task, recorded(row))
    return task


async def test_the_row_follows_every_event(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    for command in (
        CreateTask(title="Tea", description="Green", order=2.0),
        EditTask(task_id=1, title="Black tea", description="Strong", order=0.5),
        CompleteTask(task_id=1),
        DeleteTask(task_id=1),
        RestoreTask(task_id=1),
        ReopenTask(task_id=1),
    ):
        await handler.handle(asking(user_id), command)
        assert await get_task(UserReader(connection, user_id), 1) == await _replayed(
            connection, user_id, 1
        )
    task = await get_task(UserReader(connection, user_id), 1)
    assert task is not None
    assert (
        task.title,
        task.description,
        task.order,
        task.completed_at,
        task.deleted_at,
        task.version,
    ) == ("Black tea", "Strong", 0.5, None, None, 8)
    assert task.created_at < task.updated_at


async def test_a_deleted_task_leaves_the_list_and_keeps_its_row(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="Tea"))
    await handler.handle(asking(user_id), DeleteTask(task_id=1))
    task = await get_task(UserReader(connection, user_id), 1)
    assert task is not None
    assert task.deleted_at is not None
    assert await list_tasks(UserReader(connection, user_id), limit=10) == []


async def test_the_list_is_newest_first_and_can_be_walked(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await asyncio.gather(
        *(handler.handle(asking(user_id), CreateTask(title="Tea")) for _ in range(5))
    )
    reader = UserReader(connection, user_id)
    first = await list_tasks(reader, limit=2)
    rest = await list_tasks(reader, Listing(after=place_of(first[-1], Sort.CREATED)), limit=10)
    assert [task.task_id for task in first + rest] == [5, 4, 3, 2, 1]


async def test_somebody_elses_tasks_are_not_there(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="Tea"))
    stranger = f"{user_id}-stranger"
    assert await get_task(UserReader(connection, stranger), 1) is None
    assert await list_tasks(UserReader(connection, stranger), limit=10) == []


async def test_an_event_without_its_row_is_not_passed_over(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="Tea"))
    await connection.execute("delete from taskfold.task where user_id = %s", [user_id])
    with pytest.raises(CannotApplyError, match="event 2"):
        await handler.handle(asking(user_id), CompleteTask(task_id=1))


@given(st.lists(st.lists(commands, max_size=6), max_size=5))
def test_live_rows_equal_a_replay_of_any_history(
    database_url: str, groups: list[list[TaskCommand]]
) -> None:
    asyncio.run(_live_rows_equal_a_replay(database_url, groups))


async def _live_rows_equal_a_replay(url: str, groups: list[list[TaskCommand]]) -> None:
    user_id = new_id()
    async with (
        open_pool(url, size=2) as pool,
        open_handler(pool, project, queue_limit=100) as handler,
        pool.connection() as connection,
    ):
        for group in groups:
            outcomes = await asyncio.gather(
                *(handler.handle(asking(user_id), command) for command in group),
                return_exceptions=True,
            )
            assert all(
                not isinstance(o, Exception) or isinstance(o, RefusalError) for o in outcomes
            )
        for task_id in range(1, 40):
            live = await get_task(UserReader(connection, user_id), task_id)
            assert live == await _replayed(connection, user_id, task_id)
            if live is None:
                break


async def test_what_has_changed_since_an_instant_is_listed_in_the_order_of_the_log(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    reader = UserReader(connection, user_id)
    for number in range(3):
        await handler.handle(asking(user_id), CreateTask(title=f"Tea {number}"))
    await handler.handle(asking(user_id), CompleteTask(task_id=1))
    changed = await list_tasks(reader, Listing(sort=Sort.UPDATED, descending=False), limit=10)
    assert [task.task_id for task in changed] == [2, 3, 1]
    for place, task in enumerate(changed):
        for later, listed in ((timedelta(), changed[place:]), (timedelta.resolution, None)):
            since = TaskFilter(updated_since=task.updated_at + later)
            found = await list_tasks(
                reader, Listing(filter=since, sort=Sort.UPDATED, descending=False), limit=10
            )
            assert found == (changed[place + 1 :] if listed is None else listed)
