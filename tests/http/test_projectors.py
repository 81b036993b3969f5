"""A server carries the async projections on, unless others do."""

from collections.abc import Generator

import pytest

from projections.registry import ASYNC
from tests.databases import database, prepare
from tests.http.application import running_on
from tests.projections.watch import Watch

pytestmark = pytest.mark.anyio


@pytest.fixture
def own_url(server_url: str) -> Generator[str]:
    """A database whose projections no other server carries on."""
    with database(server_url) as url:
        prepare(url)
        yield url


async def test_a_server_carries_every_async_projection_on(own_url: str) -> None:
    async with running_on(own_url) as application:
        async with application.client_of("ada") as ada:
            await ada.post("/api/tasks", json={"title": "a"})
        state = application.state
        watch = Watch(state["pool"], state["projected"])
        for projection in ASYNC:
            await watch.caught_up(projection.name)


async def test_a_server_that_is_told_not_to_leaves_them_to_others(own_url: str) -> None:
    async with running_on(own_url, projectors=False) as application:
        assert application.state["projectors"].running == []
        async with application.client_of("ada") as ada:
            assert (await ada.get("/api/health/ready")).json()["status"] == "ready"
