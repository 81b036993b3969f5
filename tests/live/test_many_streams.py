import asyncio
import random
import statistics
import time
from asyncio import Future, TaskGroup
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from events.database import Connection, open_pool
from tests.databases import database, prepare
from tests.http.listening import listening
from tests.live.server import Server, serving
from tests.options import STREAMS

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(90 + STREAMS)]

AT_ONCE = 50
"""Connections that are made together."""

LATENCY = 0.1
"""Seconds within which the median of events is heard of."""

POOL = 4

_CONNECTIONS = """
    select application_name, count(*) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() group by 1
"""


@pytest.fixture
def url(server_url: str) -> Generator[str]:
    with database(server_url) as url:
        prepare(url)
        yield url


@pytest.fixture
async def looking(url: str) -> AsyncGenerator[Connection]:
    async with open_pool(url, size=1) as pool, pool.connection() as connection:
        yield connection


@dataclass(slots=True)
class Audience:
    """People who listen, each to their own stream, and when they heard something last."""

    server: Server
    people: list[str]
    heard: dict[str, Future[float]] = field(default_factory=dict[str, Future[float]])
    endings: list[str] = field(default_factory=list[str])

    async def gather(self, tasks: TaskGroup) -> None:
        """Have everybody listen, and wait until they do."""
        for start in range(0, len(self.people), AT_ONCE):
            some = self.people[start : start + AT_ONCE]
            ready = [asyncio.Event() for _ in some]
            for person, begun in zip(some, ready, strict=True):
                tasks.create_task(self._listen(person, begun))
            for begun in ready:
                await begun.wait()

    async def _listen(self, person: str, ready: asyncio.Event) -> None:
        async with self.server.client(person) as client, listening(client) as stream:
            await stream.next()
            ready.set()
            while (message := await stream.next()).event != "end":
                if message.event == "TaskCreated":
                    self.heard[person].set_result(time.monotonic())
            self.endings.append(message.said["reason"])

    async def tell(self, person: str) -> float:
        """Have something happen to a person, and give the seconds until they heard of it."""
        self.heard[person] = asyncio.get_running_loop().create_future()
        async with self.server.client(person) as client:
            began = time.monotonic()
            assert (await client.post("/api/tasks", json={"title": "a"})).status_code == 201
            return await self.heard[person] - began


async def test_very_many_streams_take_one_connection_hear_at_once_and_end_at_once(
    url: str, looking: Connection, tmp_path: Path
) -> None:
    people = [f"user-{number}" for number in range(STREAMS)]
    settings = {"stream_limit": "2000", "pool_size": str(POOL), "projectors": "false"}
    async with serving(url, tmp_path, **settings) as server:
        audience = Audience(server, people)
        async with TaskGroup() as tasks:
            await audience.gather(tasks)
            chosen = random.sample(people, min(200, STREAMS))
            taken = [await audience.tell(person) for person in chosen]
            found = dict(await _connections(looking))
            memory = server.memory
            began = time.monotonic()
            assert await server.stop() == 0
            stopped = time.monotonic() - began
    median = statistics.median(taken)
    print(  # noqa: T201 - the figures are the point of the proof
        f"\n{STREAMS} streams, connections {found}, {memory:,} bytes, heard after"
        f" {median * 1_000:.1f} ms and {max(taken) * 1_000:.0f} at most, stopped in {stopped:.1f} s"
    )
    assert found.pop("taskfold-listener") == 1
    assert found.pop("taskfold") <= POOL
    assert not found
    assert median < LATENCY
    assert stopped < 3
    assert audience.endings == ["stopping"] * STREAMS


async def _connections(looking: Connection) -> list[tuple[str, int]]:
    rows = await (await looking.execute(_CONNECTIONS)).fetchall()
    return [(str(name), int(str(count))) for name, count in rows]
