from collections.abc import AsyncGenerator, Awaitable, Callable

import httpx2
import pytest

from tests.http.application import Running, running_on

type CountEvents = Callable[[], Awaitable[int]]


@pytest.fixture(scope="session")
async def application(database_url: str) -> AsyncGenerator[Running]:
    """One application for all tests of a worker; each brings a user of its own."""
    async with running_on(database_url) as application:
        yield application


@pytest.fixture
async def client(application: Running, user_id: str) -> AsyncGenerator[httpx2.AsyncClient]:
    """A person with a good token whom no other test knows."""
    async with application.client_of(user_id) as client:
        yield client


@pytest.fixture
async def stranger(application: Running, user_id: str) -> AsyncGenerator[httpx2.AsyncClient]:
    """Another person with a good token."""
    async with application.client_of(f"not-{user_id}") as client:
        yield client


@pytest.fixture
async def anonymous(application: Running) -> AsyncGenerator[httpx2.AsyncClient]:
    """Somebody without a token."""
    async with application.client() as client:
        yield client


@pytest.fixture
def count_events(application: Running, user_id: str) -> CountEvents:
    """Count what was appended to the log of the test's user."""

    async def count() -> int:
        async with application.state["pool"].connection() as connection:
            cursor = await connection.execute(
                "select count(*) from taskfold.event where user_id = %s", (user_id,)
            )
            row = await cursor.fetchone()
        assert row is not None
        return int(str(row[0]))

    return count
