"""Two people with tasks, in a database of a test's own."""

from collections.abc import AsyncGenerator, Generator

import pytest

from commands.handler import open_handler
from commands.tasks import CompleteTask, CreateTask, ReopenTask
from events.database import Connection, Pool, open_pool
from projections.inline import project
from tests.databases import database, prepare
from tests.people import asking

ADA, BOB = "ada", "bob"


@pytest.fixture
def url(server_url: str) -> Generator[str]:
    with database(server_url) as url:
        prepare(url)
        yield url


@pytest.fixture
async def own(url: str) -> AsyncGenerator[Pool]:
    async with open_pool(url, size=6) as pool:
        await fill(pool)
        yield pool


@pytest.fixture
async def maintainer(own: Pool) -> AsyncGenerator[Connection]:
    """A connection that is bound to nobody, as projectors and rebuilds use it."""
    async with own.connection() as connection:
        yield connection


async def fill(pool: Pool) -> None:
    """Have Ada and Bob do something, and put a row of each into every table that has users."""
    async with open_handler(pool, project, queue_limit=10) as handler:
        for who in (ADA, BOB):
            for number in range(2):
                await handler.handle(asking(who, key=f"k{number}"), CreateTask(title=f"of {who}"))
            await handler.handle(asking(who), CompleteTask(task_id=1))
        await handler.handle(asking(BOB), ReopenTask(task_id=1))
    async with pool.connection() as connection:
        await connection.execute(
            "insert into taskfold.daily_activity select user_id, current_date, 1, 1, 0, 0"
            " from taskfold.user_log"
        )
        await connection.execute(
            "update taskfold.projection set position = (select max(position) from taskfold.event)"
        )
        await connection.execute(
            "insert into taskfold.access select user_id, 1, 'eve', 'auditor', 'events', 'r', now()"
            " from taskfold.user_log"
        )
        await connection.execute(
            "insert into taskfold.stream_ticket select user_id, decode(repeat('00', 32), 'hex'),"
            " now(), now() from taskfold.user_log"
        )
        await connection.execute(
            "insert into taskfold.projection_skip"
            " select user_id, 1, 'daily_activity', 'TaskCreated', 'why' from taskfold.user_log"
        )
