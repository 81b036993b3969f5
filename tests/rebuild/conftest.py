"""A database of a test's own, with a few people's tasks in it."""

import asyncio
from collections.abc import AsyncGenerator, Generator

import pytest

from commands.handler import CommandHandler, open_handler
from commands.tasks import CompleteTask, CreateTask, DeleteTask, EditTask, TaskCommand
from events.database import Connection, Pool, open_pool
from projections.inline import project
from tests.databases import database, prepare
from tests.people import asking

PEOPLE = ("ada", "bob", "cyd")
PAST: tuple[TaskCommand, ...] = (
    CreateTask(title="Tea", description="Green"),
    CreateTask(title="Milk"),
    EditTask(task_id=1, title="Black tea", order=0.5),
    CompleteTask(task_id=2),
    DeleteTask(task_id=1),
)
"""What each of them has done: seven events."""

EVENTS = 6 * len(PEOPLE)


@pytest.fixture
def url(server_url: str) -> Generator[str]:
    with database(server_url) as url:
        prepare(url)
        yield url


@pytest.fixture
async def own(url: str) -> AsyncGenerator[Pool]:
    async with open_pool(url, size=6) as pool:
        yield pool


@pytest.fixture
async def writer(own: Pool) -> AsyncGenerator[CommandHandler]:
    """Whoever wants to change something, after what people have done."""
    async with open_handler(own, project, queue_limit=1_000) as handler:
        for command in PAST:
            await asyncio.gather(*(handler.handle(asking(who), command) for who in PEOPLE))
        yield handler


@pytest.fixture
async def looking(own: Pool, writer: CommandHandler) -> AsyncGenerator[Connection]:
    """A connection that looks at the tables, after what people have done."""
    del writer
    async with own.connection() as connection:
        yield connection
