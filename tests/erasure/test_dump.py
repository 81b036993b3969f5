"""A dump of the whole database, searched for every word that somebody ever said."""

import subprocess
from pathlib import Path

import pytest

from api.embedded.binaries import binary
from commands.context import CommandContext
from commands.deletion import Deletion, delete_tasks
from commands.handler import CommandHandler
from commands.tasks import CompleteTask, CreateTask, EditTask, TaskCommand
from events.database import Pool
from events.ids import new_id
from projections.registry import PROJECTIONS
from tests.erasure.erasing import erase
from tests.people import asking
from tests.rebuild.rebuilding import rebuild

pytestmark = pytest.mark.anyio


def marker() -> str:
    """A word that nobody else says, in letters alone so that no index takes it apart."""
    return "zq" + "".join(chr(ord("a") + int(digit, 16)) for digit in new_id().replace("-", ""))


def saying(markers: list[str]) -> tuple[list[CommandContext], list[TaskCommand]]:
    """Say something new in every field there is, of tasks and of requests."""

    def word() -> str:
        markers.append(marker())
        return markers[-1]

    contexts = [
        CommandContext(
            user_id="ada",
            actor=word(),
            request_id=word(),
            correlation_id=word(),
            causation_id=word(),
            client=word(),
            idempotency_key=word(),
        )
        for _ in range(3)
    ]
    commands: list[TaskCommand] = [
        CreateTask(title=word(), description=word(), tags=(word(),), due="2031-05-17"),
        EditTask(task_id=1, title=word(), description=word(), tags=(word(), word())),
        CompleteTask(task_id=1),
    ]
    return contexts, commands


def dump(url: str, directory: Path) -> str:
    """Dump the database as text."""
    file = directory / f"{new_id()}.sql"
    subprocess.run(
        [binary("pg_dump"), "--enable-row-security", f"--file={file}", url],
        check=True,
        capture_output=True,
    )
    return file.read_text()


async def test_a_dump_holds_no_word_of_whoever_was_erased(
    url: str, own: Pool, writer: CommandHandler, tmp_path: Path
) -> None:
    markers: list[str] = []
    contexts, commands = saying(markers)
    for context, command in zip(contexts, commands, strict=True):
        await writer.handle(context, command)
    key = marker()
    await delete_tasks(writer, asking("ada", key=key), "all", [1], Deletion())
    markers.append(key)
    kept = marker()
    await writer.handle(asking("bob"), CreateTask(title=kept))
    for projection in PROJECTIONS.values():
        await rebuild(own, projection)
    before = dump(url, tmp_path)
    assert [word for word in [*markers, kept] if word not in before] == []
    await erase(writer, own, "ada")
    after = dump(url, tmp_path)
    assert [word for word in markers if word in after] == []
    assert "2031-05-17" not in after
    assert kept in after
