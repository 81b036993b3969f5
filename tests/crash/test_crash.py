"""Kill parts of the running product under load: nothing acknowledged is lost or half done."""

import asyncio
import random
import shutil
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from api.embedded.server import embedded_server
from events.bell import Bell
from events.binding import UserReader
from events.database import Connection, open_pool
from events.reader import read_stream, recorded
from projections.daily_activity import DAILY_ACTIVITY
from projections.following.projectors import open_projectors
from projections.queries.tasks import get_task
from projections.task import Task, evolve
from tests.activity import different_days
from tests.crash.client import Client
from tests.crash.service import Service
from tests.history import Row, chain_of, events_of
from tests.options import ROUNDS
from tests.projections.watch import Watch

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180 + 30 * ROUNDS)]

CLIENTS = 16
USERS = 6
FIRST_START = 90.0
"""Seconds in which somebody must be answered at all; a database has to be made first."""

RECOVERY = 30.0
"""Seconds in which somebody must be answered again after something was killed."""


@pytest.fixture
def service() -> Generator[Service]:
    with ExitStack() as stack:
        # Under root the server has an account of its own, which must be able to reach this.
        data_dir = Path(tempfile.mkdtemp(prefix="taskfold-crash-"))
        data_dir.chmod(0o711)
        stack.callback(shutil.rmtree, data_dir)
        service = Service(data_dir, _free_port())
        service.start()
        stack.callback(service.stop)
        yield service
        print(service.log_tail())  # noqa: T201 - shown when the test has failed


async def test_nothing_acknowledged_is_lost_whatever_is_killed(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = asyncio.Event()
    async with httpx2.AsyncClient(base_url=service.address, timeout=20) as http:
        clients = [Client(http, f"user-{n % USERS}", answers.set) for n in range(CLIENTS)]
        workers = [asyncio.create_task(client.work()) for client in clients]
        await _answered_again(answers, within=FIRST_START)
        kills, slowest = await _kill_and_recover(service, answers)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    assert [worker for worker in workers if not worker.cancelled()] == []
    assert await service.command("log", "verify") == 0
    events = await _verify(service, clients)
    with capsys.disabled():
        acknowledged = sum(len(client.acknowledged) for client in clients)
        attempts = sum(client.attempts for client in clients)
        print(  # noqa: T201 - the counts are the point of the proof
            f"\n{ROUNDS} rounds {dict(kills)}: {acknowledged} acknowledged of {attempts} attempts, "
            f"{events} events, slowest recovery {slowest:.1f} s"
        )


async def _kill_and_recover(service: Service, answers: asyncio.Event) -> tuple[Counter[str], float]:
    ways = [service.kill_service, service.kill_backend, service.kill_postmaster]
    kills, slowest = Counter[str](), 0.0
    for n in range(ROUNDS):
        await asyncio.sleep(random.uniform(0.2, 1.0))
        kill = ways[n % len(ways)]
        kill()
        kills[kill.__name__] += 1
        # An answer may still be on its way; the one after it is from a service that lives.
        started = time.monotonic()
        await _answered_again(answers)
        await _answered_again(answers)
        slowest = max(slowest, time.monotonic() - started)
    return kills, slowest


async def _answered_again(answers: asyncio.Event, within: float = RECOVERY) -> None:
    answers.clear()
    async with asyncio.timeout(within):
        await answers.wait()


async def _verify(service: Service, clients: list[Client]) -> int:
    with embedded_server(service.data_dir) as server:
        async with open_pool(server.url, size=1) as pool, pool.connection() as connection:
            logs = {f"user-{n}": await events_of(connection, f"user-{n}") for n in range(USERS)}
            for user_id, events in logs.items():
                _check_log(events)
                await _check_rows(connection, user_id, events)
            for client in clients:
                _check_acknowledged(client, logs[client.user_id])
            await _check_activity(server.url, connection)
    return sum(map(len, logs.values()))


def _check_log(events: list[Row]) -> None:
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert [event.chain for event in events] == chain_of(events)
    # Every command of this test is one event, so a request seen twice was carried out twice.
    requests = [event.metadata["request_id"] for event in events]
    assert len(requests) == len(set(requests))


async def _check_rows(connection: Connection, user_id: str, events: list[Row]) -> None:
    for task_id in {event.task_id for event in events}:
        rows = await read_stream(UserReader(connection, user_id), task_id)
        folded: Task | None = None
        for row in rows:
            folded = evolve(folded, recorded(row))
        assert await get_task(UserReader(connection, user_id), task_id) == folded


async def _check_activity(url: str, connection: Connection) -> None:
    """What projectors carried on while they were killed equals a fold, too, once they are done."""
    async with open_pool(url, size=2) as pool:
        watch = Watch(pool)
        async with open_projectors(pool, Bell(), watch.projected):
            await watch.caught_up(DAILY_ACTIVITY.name)
    assert await different_days(connection) == []


def _check_acknowledged(client: Client, events: list[Row]) -> None:
    by_request = {event.metadata["request_id"]: event for event in events}
    for promise in client.acknowledged:
        event = by_request[promise.request_id]
        assert (event.task_id, event.version) == (promise.task_id, promise.version)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
