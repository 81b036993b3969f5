import subprocess
from pathlib import Path

import pytest

from api.embedded.binaries import binary
from api.embedded.server import embedded_server
from commands.handler import CommandHandler, open_handler
from commands.tasks import CompleteTask, CreateTask
from events.audit import audit
from events.bell import Bell
from events.database import Pool, open_pool
from events.follower import Follower
from migrations.upgrade import upgrade
from projections.inline import project
from tests.embedded.directories import reachable_directory
from tests.people import asking

pytestmark = pytest.mark.anyio


def run(program: str, *arguments: str) -> None:
    subprocess.run([binary(program), *arguments], check=True, capture_output=True)


async def test_a_dump_restored_in_another_cluster_keeps_cursors_and_chains(
    source: Pool, source_handler: CommandHandler, source_url: str, tmp_path: Path
) -> None:
    for user_id in ("ada", "eve"):
        await source_handler.handle(asking(user_id), CreateTask(title="a"))
        await source_handler.handle(asking(user_id), CompleteTask(task_id=1))
    before = Follower(source, Bell())
    seen = await before.next_batch()
    dump = tmp_path / "dump"
    run("pg_dump", "--format=custom", "--enable-row-security", f"--file={dump}", source_url)
    with reachable_directory() as directory, embedded_server(directory) as cluster:
        run("pg_restore", "--no-owner", "--no-privileges", f"--dbname={cluster.url}", str(dump))
        upgrade(cluster.url)
        async with open_pool(cluster.url, size=4) as restored:
            assert await Follower(restored, Bell()).next_batch() == seen
            cursor = Follower(restored, Bell(), after=before.after)
            async with open_handler(restored, project, queue_limit=10) as handler:
                await handler.handle(asking("ada"), CreateTask(title="b"))
            assert [event.sequence for event in await cursor.next_batch()] == [3]
            assert [found async for step in audit(restored) for found in step.findings] == []
