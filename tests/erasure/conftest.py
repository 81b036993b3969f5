"""A database of a test's own, in which a person's data is erased."""

from collections.abc import AsyncGenerator, Generator

import pytest

from commands.handler import CommandHandler, open_handler
from events.database import Connection, Pool, open_pool
from projections.inline import project
from tests.databases import database, prepare


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
    async with open_handler(own, project, queue_limit=1_000) as handler:
        yield handler


@pytest.fixture
async def maintainer(own: Pool) -> AsyncGenerator[Connection]:
    async with own.connection() as connection:
        yield connection
