import asyncio
from collections.abc import Generator

import psycopg
import pytest
from psycopg import Connection

from commands.handler import open_handler
from commands.tasks import CreateTask
from events.barrier import KEY
from events.database import open_pool
from migrations.upgrade import upgrade
from projections.inline import project
from tests.databases import prepare
from tests.people import asking

LAST = "select pg_sequence_last_value('taskfold.event_position_seq')"


@pytest.fixture
def replicated(empty_database_url: str) -> Generator[Connection]:
    """A database whose three events came without what their sequence had come to."""
    prepare(empty_database_url)
    asyncio.run(_live(empty_database_url))
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("alter sequence taskfold.event_position_seq restart")
        yield connection


async def _live(url: str) -> None:
    async with (
        open_pool(url, size=1) as pool,
        open_handler(pool, project, queue_limit=9) as handler,
    ):
        for _ in range(3):
            await handler.handle(asking("ada"), CreateTask(title="a"))


def test_positions_go_on_behind_events_that_came_without_their_sequence(
    replicated: Connection, empty_database_url: str
) -> None:
    assert replicated.execute(LAST).fetchone() == (None,)
    upgrade(empty_database_url)
    assert replicated.execute(LAST).fetchone() == (3,)
    asyncio.run(_live(empty_database_url))
    positions = replicated.execute("select position from taskfold.event order by 1").fetchall()
    assert positions == [(1,), (2,), (3,), (4,), (5,), (6,)]


def test_positions_that_are_further_on_already_stay_where_they_are(
    replicated: Connection, empty_database_url: str
) -> None:
    replicated.execute("select setval('taskfold.event_position_seq', 9)")
    upgrade(empty_database_url)
    assert replicated.execute(LAST).fetchone() == (9,)


def test_positions_move_on_only_when_no_writer_has_taken_one_it_may_still_use(
    replicated: Connection, empty_database_url: str
) -> None:
    with replicated.transaction():
        replicated.execute("select pg_advisory_xact_lock_shared(%s)", [KEY])
        with pytest.raises(Exception, match="lock timeout"):
            upgrade(f"{empty_database_url}&options=-c%20lock_timeout%3D100ms")
        replicated.execute("select setval('taskfold.event_position_seq', 9)")
    upgrade(empty_database_url)
    assert replicated.execute(LAST).fetchone() == (9,)
