import asyncio

import pytest
from hypothesis import given, strategies as st

from commands.errors import RefusalError
from commands.handler import CommandHandler, open_handler
from commands.tasks import CompleteTask, CreateTask, DeleteTask, EditTask, TaskCommand
from events.binding import UserReader
from events.database import Connection, open_pool
from events.history import UserRange
from events.ids import new_id
from events.reader import read_log, recorded
from projections.errors import MissingRowError
from projections.inline import project
from projections.queries.listing import Listing, TaskFilter
from projections.queries.tasks import list_tasks
from projections.read_table import read_table
from projections.task_terms import TASK_TERMS, TaskTerms, evolve
from tests.people import asking
from tests.strategies import commands

pytestmark = pytest.mark.anyio


@given(asked=st.lists(commands, max_size=8))
def test_rows_are_what_history_says(database_url: str, asked: list[TaskCommand]) -> None:
    asyncio.run(_rows_are_what_history_says(database_url, asked))


async def _rows_are_what_history_says(url: str, asked: list[TaskCommand]) -> None:
    user_id = new_id()
    async with (
        open_pool(url, size=2) as pool,
        open_handler(pool, project, queue_limit=100) as handler,
        pool.connection() as connection,
    ):
        for command in asked:
            try:
                await handler.handle(asking(user_id), command)
            except RefusalError:
                continue
        rows = await _rows(connection, user_id)
        assert {row.task_id: row for row in rows} == await _folded(connection, user_id)


async def _rows(connection: Connection, user_id: str) -> list[TaskTerms]:
    users = UserRange(after=user_id, until=user_id, including=True)
    return await read_table(TASK_TERMS).read(connection, users)


async def _folded(connection: Connection, user_id: str) -> dict[int, TaskTerms]:
    said = dict[int, TaskTerms]()
    for row in await read_log(UserReader(connection, user_id), limit=1_000):
        event = recorded(row)
        if type(event.payload) not in TASK_TERMS.ignored:
            said[row.task_id] = evolve(said.get(row.task_id), event)
    return said


async def test_a_change_that_says_nothing_of_words_writes_no_row(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    place = "select ctid::text from taskfold.task_terms where user_id = %s"
    await handler.handle(asking(user_id), CreateTask(title="Tea"))
    before = await (await connection.execute(place, [user_id])).fetchall()
    for command in (CompleteTask(task_id=1), EditTask(task_id=1, order=3.0)):
        await handler.handle(asking(user_id), command)
    assert await (await connection.execute(place, [user_id])).fetchall() == before


async def test_what_is_found_follows_title_description_and_tags(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    async def found(text: str = "", *tags: str) -> list[int]:
        wanted = Listing(filter=TaskFilter(text=text, tags=tags))
        listed = await list_tasks(UserReader(connection, user_id), wanted, limit=10)
        return [task.task_id for task in listed]

    await handler.handle(asking(user_id), CreateTask(title="Green tea"))
    assert await found("grean") == [1]
    await handler.handle(asking(user_id), EditTask(task_id=1, title="Tea", tags=("home",)))
    await handler.handle(asking(user_id), EditTask(task_id=1, description="Darjeeling"))
    assert (await found("green"), await found("tea darjeling", "home")) == ([], [1])
    await handler.handle(asking(user_id), DeleteTask(task_id=1))
    assert await found("tea") == []


async def test_a_row_that_is_missing_is_told_of(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="Tea"))
    await handler.handle(asking(user_id), EditTask(task_id=1, title="Milk"))
    *_, renamed = await read_log(UserReader(connection, user_id), limit=10)
    with pytest.raises(MissingRowError):
        evolve(None, recorded(renamed))
