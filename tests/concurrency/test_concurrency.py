"""Many processes write, one follows, and every acknowledged command is held against the log."""

import asyncio
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from events.bell import Bell, heard
from events.binding import UserReader
from events.database import Connection, open_pool
from events.follower import Follower
from events.listener import open_listener
from events.reader import PositionedEvent, read_stream, recorded
from projections.queries.tasks import get_task
from projections.task import Task, evolve
from tests.databases import prepare
from tests.history import Row, chain_of, events_of
from tests.options import SECONDS, WITHOUT_BARRIER

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120 + 3 * SECONDS)]

WRITERS = 8

type Note = dict[str, Any]


async def test_nothing_acknowledged_is_lost_doubled_or_passed_over(
    empty_database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(empty_database_url)
    bell = Bell()
    async with (
        open_pool(empty_database_url, size=3) as pool,
        open_listener(empty_database_url, pool, bell),
    ):
        follower, seen = Follower(pool, bell), list[PositionedEvent]()
        following = asyncio.create_task(_follow(follower, seen))
        notes = await _write(empty_database_url, tmp_path)
        async with pool.connection() as connection:
            logs = await _logs(connection)
            last = await _last_position(connection)
            async with asyncio.timeout(60):
                while follower.after < last:
                    await heard(bell.listen(), within=0.05)
            following.cancel()
            _check_order(logs)
            _check_acknowledged(logs, notes)
            _check_followed(logs, seen)
            rows = await _check_read_table(connection, logs)
    with capsys.disabled():
        events = sum(map(len, logs.values()))
        print(  # noqa: T201 - the counts are the point of the proof
            f"\n{WRITERS} writers, {SECONDS:g} s: {len(notes)} answers, {events} events of "
            f"{len(logs)} users (hot: {len(logs['hot'])}), {len(seen)} followed live, "
            f"{rows} rows equal to their fold, barrier timeouts {follower.mark.timeouts}"
        )


async def _follow(follower: Follower, seen: list[PositionedEvent]) -> None:
    async for batch in follower.batches():
        seen.extend(batch)


async def _write(url: str, folder: Path) -> list[Note]:
    """Run the writers to their end and gather what they noted."""
    flags = ["--without-barrier"] if WITHOUT_BARRIER else []
    files = [folder / f"writer-{n}.jsonl" for n in range(WRITERS)]
    program = [sys.executable, "-m", "tests.concurrency.writer", url, str(SECONDS)]
    writers = [
        await asyncio.create_subprocess_exec(*program, str(file), *flags, *(["--cold"] * (n % 2)))
        for n, file in enumerate(files)
    ]
    assert [await writer.wait() for writer in writers] == [0] * WRITERS
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


async def _logs(connection: Connection) -> dict[str, list[Row]]:
    cursor = await connection.execute("select user_id from taskfold.user_log")
    users = [str(user_id) for (user_id,) in await cursor.fetchall()]
    return {user_id: await events_of(connection, user_id) for user_id in users}


async def _last_position(connection: Connection) -> int:
    cursor = await connection.execute("select max(position) from taskfold.event")
    [(position,)] = await cursor.fetchall()
    assert isinstance(position, int)
    return position


def _check_order(logs: dict[str, list[Row]]) -> None:
    """No gap, no duplicate, one unbroken chain."""
    for events in logs.values():
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        assert [event.chain for event in events] == chain_of(events)
        versions: dict[int, list[int]] = defaultdict(list)
        for event in events:
            versions[event.task_id].append(event.version)
        assert all(found == list(range(1, len(found) + 1)) for found in versions.values())


def _check_acknowledged(logs: dict[str, list[Row]], notes: list[Note]) -> None:
    """Every receipt's events are there, once, where it says; nothing else is."""
    receipts: list[Note] = [note for note in notes if "refused" not in note]
    first: dict[str, Note] = {note["request_id"]: note for note in receipts if not note["replayed"]}
    for note in receipts:
        original = first[note["request_id"]]
        assert {**note, "replayed": False} == original
        if note["changed"]:
            event: Row = logs[note["user_id"]][int(note["sequence"]) - 1]
            assert event.metadata["request_id"] == note["request_id"]
            assert (event.task_id, event.version) == (note["task_id"], note["version"])
    recorded_requests = {e.metadata["request_id"] for events in logs.values() for e in events}
    assert recorded_requests == {id_ for id_, note in first.items() if note["changed"]}


def _check_followed(logs: dict[str, list[Row]], seen: list[PositionedEvent]) -> None:
    """The follower was given every event once, each user's in order, positions rising."""
    missed = sum(map(len, logs.values())) - len({(e.user_id, e.sequence) for e in seen})
    assert missed == 0, f"the follower was never given {missed} events"
    positions = [event.position for event in seen]
    assert positions == sorted(set(positions))
    for user_id, events in logs.items():
        given = [event.sequence for event in seen if event.user_id == user_id]
        assert given == [event.sequence for event in events]


async def _check_read_table(connection: Connection, logs: dict[str, list[Row]]) -> int:
    """Every live row equals the fold of its task's events."""
    tasks = {(user_id, event.task_id) for user_id, events in logs.items() for event in events}
    for user_id, task_id in tasks:
        rows = await read_stream(UserReader(connection, user_id), task_id)
        folded: Task | None = None
        for row in rows:
            folded = evolve(folded, recorded(row))
        assert await get_task(UserReader(connection, user_id), task_id) == folded
    return len(tasks)
