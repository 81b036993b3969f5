"""What is left of a person's data once it was erased, and what is not."""

import pytest
from psycopg import sql

from commands.errors import LogBeingErasedError, TaskNotFoundError
from commands.handler import CommandHandler, open_handler
from commands.tasks import CompleteTask, CreateTask, EditTask, EraseLog, RestoreTask, TaskCommand
from events.audit import audit
from events.database import Connection, Pool, open_pool
from events.finding import Finding
from projections.erasure import remove_rows
from projections.inline import project
from projections.registry import PROJECTIONS
from projections.verification.check import check
from tests.erasure.erasing import erase
from tests.isolation.tables import guarded, owners
from tests.people import asking
from tests.rebuild.rebuilding import rebuild

pytestmark = pytest.mark.anyio

LIFE: list[TaskCommand] = [
    CreateTask(title="Secret", description="hidden", tags=("quiet",), due="2026-12-24"),
    EditTask(task_id=1, title="More secret"),
    CompleteTask(task_id=1),
]


async def live(handler: CommandHandler, *user_ids: str) -> None:
    for user_id in user_ids:
        for place, command in enumerate(LIFE):
            await handler.handle(asking(user_id, key=f"{user_id} {place}"), command)


async def findings(pool: Pool) -> list[Finding]:
    return [found async for step in audit(pool) for found in step.findings]


async def differences(pool: Pool) -> int:
    found = [
        part.live.differences for each in PROJECTIONS.values() async for part in check(pool, each)
    ]
    return sum(found)


async def count(connection: Connection, table: str, user_id: str) -> int:
    query = sql.SQL("select count(*) from {} where user_id = %s")
    counted = query.format(sql.Identifier("taskfold", table))
    [(rows,)] = await (await connection.execute(counted, [user_id])).fetchall()
    return int(str(rows))


async def test_the_log_keeps_types_and_places_and_nothing_that_was_said(
    writer: CommandHandler, own: Pool, maintainer: Connection
) -> None:
    await live(writer, "ada")
    await erase(writer, own, "ada")
    cursor = await maintainer.execute(
        "select sequence, task_id, version, type, data, metadata is null or metadata = 'null'"
        " from taskfold.event order by sequence"
    )
    assert await cursor.fetchall() == [
        (1, 1, 1, "TaskCreated", None, True),
        (2, 1, 2, "TaskRenamed", None, True),
        (3, 1, 3, "TaskCompleted", None, True),
        (4, 0, 1, "LogErased", {"through": 3}, False),
    ]


async def test_the_chain_verifies_before_and_after(writer: CommandHandler, own: Pool) -> None:
    await live(writer, "ada", "bob")
    await erase(writer, own, "ada")
    assert await findings(own) == []
    await writer.handle(asking("ada"), CreateTask(title="new"))
    assert await findings(own) == []


async def test_every_row_and_receipt_is_gone_and_others_keep_theirs(
    writer: CommandHandler, own: Pool, maintainer: Connection
) -> None:
    await live(writer, "ada", "bob")
    await erase(writer, own, "ada")
    for table in ("task", "task_change", "task_terms", "daily_activity", "receipt"):
        assert await count(maintainer, table, "ada") == 0
    for table in ("task", "task_change", "task_terms", "receipt"):
        assert await count(maintainer, table, "bob") > 0


async def test_no_table_of_users_is_forgotten(
    writer: CommandHandler, own: Pool, maintainer: Connection
) -> None:
    await live(writer, "ada")
    await erase(writer, own, "ada")
    kept = [
        table for table in await guarded(maintainer) if "ada" in await owners(maintainer, table)
    ]
    assert kept == ["event", "user_log"]
    # What follows the log later, and what the README says is kept.
    assert (await guarded(maintainer)).keys() - PROJECTIONS.keys() == {
        "access",
        "event",
        "projection_skip",
        "receipt",
        "stream_ticket",
        "user_log",
    }


@pytest.mark.parametrize("name", PROJECTIONS)
async def test_no_rebuild_brings_anything_back(
    writer: CommandHandler, own: Pool, maintainer: Connection, name: str
) -> None:
    await live(writer, "ada", "bob")
    await rebuild(own, PROJECTIONS[name])
    await erase(writer, own, "ada")
    cursor = await maintainer.execute(
        "select relname::text from pg_class where relnamespace = 'taskfold'::regnamespace"
        " and relkind = 'r' and relname like %s",
        [f"{name}\\_g%"],
    )
    tables = [str(table) for (table,) in await cursor.fetchall()]
    assert len(tables) == 1
    assert await count(maintainer, tables[0], "ada") == 0
    await rebuild(own, PROJECTIONS[name])
    assert await count(maintainer, name, "ada") == 0
    assert await differences(own) == 0


async def test_read_tables_are_what_a_fold_gives_all_the_time(
    writer: CommandHandler, own: Pool
) -> None:
    await live(writer, "ada")
    await writer.handle(asking("ada"), EraseLog())
    assert await differences(own) == 0
    await erase(writer, own, "ada")
    assert await differences(own) == 0
    await writer.handle(asking("ada"), CreateTask(title="new"))
    assert await differences(own) == 0


async def test_asked_twice_it_is_recorded_once(
    writer: CommandHandler, own: Pool, maintainer: Connection
) -> None:
    await live(writer, "ada")
    first = await erase(writer, own, "ada")
    again = await erase(writer, own, "ada")
    assert (first.sequence, first.changed) == (4, True)
    assert (again.sequence, again.changed) == (4, False)
    assert await count(maintainer, "event", "ada") == 4


async def test_who_never_did_anything_has_nothing_recorded(
    writer: CommandHandler, own: Pool, maintainer: Connection
) -> None:
    assert not (await erase(writer, own, "ada")).changed
    assert await count(maintainer, "event", "ada") == 0


async def test_life_goes_on_with_the_next_numbers_and_may_be_erased_again(
    writer: CommandHandler, own: Pool
) -> None:
    await live(writer, "ada")
    await erase(writer, own, "ada")
    receipt = await writer.handle(asking("ada"), CreateTask(title="new"))
    assert (receipt.task_id, receipt.sequence) == (2, 5)
    again = await erase(writer, own, "ada")
    assert (again.version, again.sequence) == (2, 6)
    assert await findings(own) == []


async def test_no_process_remembers_a_task_that_was_erased(
    url: str, writer: CommandHandler, own: Pool
) -> None:
    async with (
        open_pool(url, size=2) as other_pool,
        open_handler(other_pool, project, queue_limit=9) as other,
    ):
        await live(other, "ada")
        await erase(writer, own, "ada")
        for handler in (other, writer):
            for command in (CompleteTask(task_id=1), RestoreTask(task_id=1)):
                with pytest.raises(TaskNotFoundError):
                    await handler.handle(asking("ada"), command)


async def test_nothing_is_written_until_all_is_gone(writer: CommandHandler, own: Pool) -> None:
    await live(writer, "ada", "bob")
    await writer.handle(asking("ada"), EraseLog())
    for command in (CreateTask(title="new"), CompleteTask(task_id=1)):
        with pytest.raises(LogBeingErasedError):
            await writer.handle(asking("ada"), command)
    await writer.handle(asking("bob"), CreateTask(title="new"))
    await erase(writer, own, "ada")
    await writer.handle(asking("ada"), CreateTask(title="new"))


async def test_a_retry_of_the_erasure_leaves_what_came_after_it(
    writer: CommandHandler, own: Pool
) -> None:
    await live(writer, "ada")
    asked = asking("ada", key="once")
    first = await writer.handle(asked, EraseLog())
    await erase(writer, own, "ada")
    await writer.handle(asking("ada"), CreateTask(title="new"))
    again = await writer.handle(asked, EraseLog())
    assert (again.sequence, again.replayed) == (first.sequence, True)


async def test_who_comes_late_to_an_erasure_takes_nothing_that_was_written_since(
    writer: CommandHandler, own: Pool, maintainer: Connection
) -> None:
    await live(writer, "ada")
    await erase(writer, own, "ada")
    await writer.handle(asking("ada"), CreateTask(title="new"))
    await remove_rows(own, "ada")
    assert await count(maintainer, "task", "ada") == 1
