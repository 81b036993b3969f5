"""The same isolation where a real PgBouncer gives each transaction whatever connection is free."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from commands.handler import open_handler
from commands.tasks import CreateTask, EditTask
from events.audit import audit
from events.bell import Bell
from events.binding import UserReader, bind
from events.database import Pool, open_pool
from events.lookups import open_lookups
from projections.daily_activity import DAILY_ACTIVITY
from projections.following.projector import Projector
from projections.inline import project
from projections.queries.freshness import read_freshness
from projections.queries.tasks import NEWEST_TASKS, get_task, list_tasks
from projections.registry import PROJECTIONS
from projections.verification.check import check
from tests.http import test_isolation as over_http
from tests.http.application import Running, running_on
from tests.isolation.conftest import ADA, fill
from tests.isolation.tables import guarded, owners
from tests.people import asking
from tests.pgbouncer import pgbouncer
from tests.rebuild.rebuilding import rebuild

pytestmark = pytest.mark.anyio

PEOPLE = [f"user-{number}" for number in range(12)]


@pytest.fixture
async def pooled_url(url: str) -> AsyncGenerator[str]:
    async with pgbouncer(url) as pooled:
        yield pooled


@pytest.fixture
async def pooled(pooled_url: str) -> AsyncGenerator[Pool]:
    async with open_pool(pooled_url, size=20, prepared_statements=False) as pool:
        yield pool


@pytest.fixture
async def application(pooled_url: str) -> AsyncGenerator[Running]:
    async with running_on(pooled_url, prepared_statements=False) as application:
        yield application


async def test_nothing_of_a_binding_is_left_for_whoever_is_next(pooled: Pool) -> None:
    await fill(pooled)

    async def bound() -> None:
        async with pooled.connection() as connection, connection.transaction():
            assert await owners(await bind(connection, [ADA]), "task") == [ADA]

    async def unbound() -> None:
        async with pooled.connection() as connection:
            query = (
                "select current_user = session_user,"
                " coalesce(current_setting('taskfold.user_ids', true), '')"
            )
            assert await (await connection.execute(query)).fetchone() == (True, "")

    await asyncio.gather(*(each() for _ in range(50) for each in (bound, unbound)))


async def test_many_people_write_and_read_at_once_and_each_meets_their_own(pooled: Pool) -> None:
    async def live(user_id: str) -> None:
        for number in range(1, 6):
            await handler.handle(asking(user_id), CreateTask(title=f"{number} of {user_id}"))
            await handler.handle(asking(user_id), EditTask(task_id=number, order=1.0))
            async with pooled.connection() as connection:
                tasks = await list_tasks(UserReader(connection, user_id), limit=50)
            assert len(tasks) == number
            assert {task.user_id for task in tasks} == {user_id}
            assert await lookups.rows(user_id, NEWEST_TASKS, {"limit": 50}) == tasks

    async with (
        open_handler(pooled, project, queue_limit=100) as handler,
        open_lookups(pooled, prepared_statements=False) as lookups,
    ):
        await asyncio.gather(*map(live, PEOPLE))
    assert [found async for step in audit(pooled) for found in step.findings] == []


async def test_projectors_rebuilds_and_verification_go_through_it(pooled: Pool) -> None:
    bell = Bell()
    async with open_handler(pooled, project, queue_limit=100, committed=bell.ring) as handler:
        await asyncio.gather(*(handler.handle(asking(p), CreateTask(title="a")) for p in PEOPLE))
        projected = Bell()
        projector = Projector(DAILY_ACTIVITY, pooled, bell, projected)
        running = asyncio.create_task(projector.run())
        for person in PEOPLE:
            await _caught_up(pooled, person, projected)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        for projection in PROJECTIONS.values():
            await rebuild(pooled, projection)
            verified = [part async for part in check(pooled, projection)]
            assert sum(part.events for part in verified) >= len(PEOPLE)
            assert sum(part.live.differences for part in verified) == 0
    async with pooled.connection() as connection:
        assert set((await guarded(connection)).values()) == {(True, True)}
        assert await get_task(UserReader(connection, "nobody"), 1) is None


async def _caught_up(pool: Pool, user_id: str, projected: Bell) -> None:
    while True:
        ring = projected.listen()
        async with pool.connection() as connection:
            freshness = await read_freshness(UserReader(connection, user_id), DAILY_ACTIVITY)
        if freshness.sequence == 1:
            return
        await ring.wait()


@pytest.mark.parametrize(("method", "verb", "body"), over_http.ASKED, ids=str)
async def test_another_persons_task_answers_like_none(
    application: Running, method: str, verb: str, body: dict[str, str] | None
) -> None:
    async with application.client_of("ada") as client, application.client_of("bob") as stranger:
        await over_http.test_another_persons_task_answers_like_one_that_does_not_exist(
            client, stranger, method, verb, body, deleted=False
        )
