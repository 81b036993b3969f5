import asyncio
import random
import time
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import httpx2
import pytest

from commands.handler import open_handler
from commands.tasks import CreateTask
from events.database import open_pool
from projections.inline import project
from tests.databases import database, prepare
from tests.http.listening import STREAM, Message, listening
from tests.live.server import Server, serving
from tests.options import SECONDS
from tests.people import asking

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(90 + 4 * SECONDS)]

LONG_EVENTS, STALLED = 1_500, 10
"""More bytes than the kernel keeps for a connection, and how many connections stand still."""

GROWTH = 24 * 1024 * 1024
"""Bytes by which a process may grow under load, of which most is what the first requests need."""


@pytest.fixture
def url(server_url: str) -> Generator[str]:
    with database(server_url) as url:
        prepare(url)
        yield url


@pytest.fixture
async def server(url: str, tmp_path: Path) -> AsyncGenerator[Server]:
    async with serving(url, tmp_path, stream_limit="2000") as server:
        yield server


async def write(client: httpx2.AsyncClient, until: float) -> int:
    written = 0
    while time.monotonic() < until:
        body = {"title": f"{time.monotonic()}"}
        assert (await client.post("/api/tasks", json=body)).status_code == 201
        written += 1
    return written


def sequences(messages: list[Message]) -> list[int]:
    return [message.sequence for message in messages if message.event.startswith("Task")]


async def read_until_torn(client: httpx2.AsyncClient, known: str, seconds: float) -> list[Message]:
    """Read from where one was, and hang up after some seconds, wherever that is."""
    came: list[Message] = []
    try:
        async with asyncio.timeout(seconds), listening(client, Last_Event_ID=known) as stream:
            while True:
                came.append(await stream.next())
    except TimeoutError:
        return came


async def read_torn(server: Server, client: httpx2.AsyncClient, heard: list[int]) -> list[int]:
    """Read with connection after connection for as long as others write; gives memory at each."""
    memory: list[int] = []
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        known = str(heard[-1] if heard else 0)
        heard += sequences(await read_until_torn(client, known, random.uniform(0, 0.3)))
        memory.append(server.memory)
    return memory


async def test_who_hangs_up_at_random_has_everything_once_and_in_order(
    url: str, server: Server, tmp_path: Path
) -> None:
    heard: list[int] = []
    async with (
        serving(url, tmp_path) as other,
        server.client("ada") as reader,
        other.client("ada") as writer,
    ):
        until = time.monotonic() + SECONDS
        writing = [*(write(writer, until) for _ in range(4)), write(reader, until)]
        memory, counts = await asyncio.gather(
            read_torn(server, reader, heard), asyncio.gather(*writing)
        )
        async with listening(reader, Last_Event_ID=str(heard[-1])) as stream:
            while heard[-1] < sum(counts):
                heard += sequences([await stream.next()])
    grown = memory[-1] - memory[len(memory) // 4]
    print(  # noqa: T201 - the figures are the point of the proof
        f"\n{sum(counts)} events, {len(memory)} connections, grown by {grown:,} bytes"
    )
    assert heard == list(range(1, sum(counts) + 1))
    assert grown < GROWTH


async def test_readers_that_stand_still_cost_bounded_memory(url: str, server: Server) -> None:
    async with (
        open_pool(url, size=2) as pool,
        open_handler(pool, project, queue_limit=LONG_EVENTS) as handler,
        server.client("ada") as client,
    ):
        long = CreateTask(title="a", description="x" * 10_000)
        await asyncio.gather(*(handler.handle(asking("ada"), long) for _ in range(LONG_EVENTS)))
        request = (
            f"GET {STREAM}?after=0 HTTP/1.1\r\nHost: a\r\n"
            f"Authorization: {client.headers['authorization']}\r\n\r\n"
        )
        before = server.memory
        stalled = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(STALLED)]
        for _, writer in stalled:
            writer.write(request.encode())
        await write(client, time.monotonic() + SECONDS)
        grown = server.memory - before
        print(  # noqa: T201 - the figures are the point of the proof
            f"\n{LONG_EVENTS} events, {STALLED} readers that read nothing: {grown:,} bytes more"
        )
        assert f"taskfold_streams_open {STALLED}.0" in (await client.get("/api/metrics")).text
        assert grown < GROWTH
        for _, writer in stalled:
            writer.close()
