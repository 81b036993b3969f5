"""`taskfold log tail`, which goes on for as long as somebody looks."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from commands.handler import open_handler
from commands.tasks import CreateTask
from events.database import Pool, open_pool
from projections.inline import project
from tests.cli.commands import TASKFOLD
from tests.databases import prepare
from tests.people import asking
from tests.pooler import pooler

pytestmark = pytest.mark.anyio

LOSE_ALL = """
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""


async def _append(pool: Pool, user_id: str) -> None:
    async with open_handler(pool, project, queue_limit=9) as handler:
        await handler.handle(asking(user_id), CreateTask(title="a"))


async def test_a_tail_goes_on_through_a_pooler_and_after_its_connections_were_lost(
    empty_database_url: str, tmp_path: Path
) -> None:
    prepare(empty_database_url)
    async with open_pool(empty_database_url, size=1) as pool, pooler(empty_database_url) as between:
        await _append(pool, "ada")
        told = {"DATABASE_URL": between.url, "TASKFOLD_PREPARED_STATEMENTS": "false"}
        tail = await asyncio.create_subprocess_exec(
            TASKFOLD,
            "log",
            "tail",
            "-f",
            "--json",
            stdout=PIPE,
            cwd=tmp_path,
            env=os.environ | told,
        )
        try:
            seen = await _followed(tail, pool)
        finally:
            tail.terminate()
            await tail.communicate()
    assert seen == [1, 2, 3, 4, 5]
    assert between.prepared == []


async def _followed(tail: Process, pool: Pool) -> list[int]:
    """Lose all connections, then append four times; give the sequences that were printed."""
    assert tail.stdout is not None
    seen = list[int]()
    async with asyncio.timeout(30):
        seen.append(json.loads(await tail.stdout.readline())["sequence"])
        async with pool.connection() as connection:
            await connection.execute(LOSE_ALL)
        for _ in range(4):
            await _append(pool, "ada")
            seen.append(json.loads(await tail.stdout.readline())["sequence"])
    return seen
