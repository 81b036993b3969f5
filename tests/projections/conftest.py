"""A database of a test's own, whose projections nobody else carries on."""

from collections.abc import AsyncGenerator, Generator

import pytest

from commands.handler import CommandHandler, open_handler
from events.bell import Bell
from events.database import Connection, Pool, open_pool
from projections.inline import project
from tests.databases import database, prepare
from tests.projections.watch import Watch


@pytest.fixture
def own_url(server_url: str) -> Generator[str]:
    with database(server_url) as url:
        prepare(url)
        yield url


@pytest.fixture
async def own(own_url: str) -> AsyncGenerator[Pool]:
    async with open_pool(own_url, size=8) as pool:
        yield pool


@pytest.fixture
async def own_connection(own: Pool) -> AsyncGenerator[Connection]:
    async with own.connection() as connection:
        yield connection


@pytest.fixture
async def watch(own: Pool) -> Watch:
    return Watch(own)


@pytest.fixture
async def bell() -> Bell:
    return Bell()


@pytest.fixture
async def own_handler(own: Pool, bell: Bell) -> AsyncGenerator[CommandHandler]:
    async with open_handler(own, project, queue_limit=9_000, committed=bell.ring) as handler:
        yield handler
