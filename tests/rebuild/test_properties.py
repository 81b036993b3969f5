import asyncio
from collections.abc import Generator

import pytest
from hypothesis import given, settings, strategies as st

from commands.errors import RefusalError
from commands.handler import open_handler
from commands.tasks import TaskCommand
from events.bell import Bell
from events.database import Pool, open_pool
from events.ids import new_id
from projections.following.projectors import open_projectors
from projections.inline import project
from projections.registry import ASYNC, PROJECTIONS
from tests.databases import database, prepare
from tests.people import asking
from tests.projections.watch import Watch
from tests.rebuild.rebuilding import folded_rows, live_rows, rebuild
from tests.strategies import commands


@pytest.fixture(scope="module")
def lasting_url(server_url: str) -> Generator[str]:
    """A database that gathers the histories of all examples."""
    with database(server_url) as url:
        prepare(url)
        yield url


@settings(max_examples=12)
@given(st.lists(st.lists(commands, max_size=8), max_size=4))
def test_live_rows_are_those_of_a_rebuild_and_of_a_fold_whatever_was_done(
    lasting_url: str, groups: list[list[TaskCommand]]
) -> None:
    asyncio.run(_live_rebuilt_and_folded(lasting_url, groups))


async def _live_rebuilt_and_folded(url: str, groups: list[list[TaskCommand]]) -> None:
    async with open_pool(url, size=4) as pool:
        await _do(pool, groups)
        await _project(pool)
        for projection in PROJECTIONS.values():
            async with pool.connection() as connection:
                live = await live_rows(connection, projection)
                folded = await folded_rows(connection, projection)
            await rebuild(pool, projection)
            async with pool.connection() as connection:
                rebuilt = await live_rows(connection, projection)
            assert live == folded == rebuilt


async def _do(pool: Pool, groups: list[list[TaskCommand]]) -> None:
    users = [new_id(), new_id()]
    async with open_handler(pool, project, queue_limit=100) as handler:
        for group in groups:
            outcomes = await asyncio.gather(
                *(
                    handler.handle(asking(users[place % 2]), command)
                    for place, command in enumerate(group)
                ),
                return_exceptions=True,
            )
            assert not [o for o in outcomes if isinstance(o, Exception) and not _refused(o)]


def _refused(outcome: object) -> bool:
    return isinstance(outcome, RefusalError)


async def _project(pool: Pool) -> None:
    """Have the async projections follow until they are where the log is."""
    watch = Watch(pool)
    async with open_projectors(pool, Bell(), watch.projected):
        for projection in ASYNC:
            await watch.caught_up(projection.name)
