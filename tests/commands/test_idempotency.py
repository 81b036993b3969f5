import asyncio
from datetime import timedelta

import pytest

from commands.errors import KeyReusedError, TaskNotFoundError
from commands.handler import CommandHandler, open_handler
from commands.idempotency import sweep_receipts
from commands.sweep import sweeping
from commands.tasks import CompleteTask, CreateTask, ReopenTask, ToggleTask
from events import clock
from events.database import Connection, Pool
from projections.inline import project
from tests.history import events_of
from tests.people import asking

pytestmark = pytest.mark.anyio


async def test_the_same_key_brings_the_same_receipt_and_appends_once(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    first = await handler.handle(asking(user_id, key="k"), CreateTask(title="a"))
    await handler.handle(asking(user_id), CreateTask(title="another"))
    again = await handler.handle(asking(user_id, key="k"), CreateTask(title="a"))
    assert (first.task_id, first.version, first.sequence) == (1, 1, 1)
    assert (again.task_id, again.version, again.sequence) == (1, 1, 1)
    assert (first.replayed, again.replayed) == (False, True)
    assert len(await events_of(connection, user_id)) == 2


async def test_the_same_key_for_another_command_is_refused(
    handler: CommandHandler, user_id: str
) -> None:
    await handler.handle(asking(user_id, key="k"), CreateTask(title="a"))
    with pytest.raises(KeyReusedError):
        await handler.handle(asking(user_id, key="k"), CreateTask(title="b"))


async def test_the_same_key_for_another_expected_version_is_refused(
    handler: CommandHandler, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    complete = CompleteTask(task_id=1)
    await handler.handle(asking(user_id, key="k", expected_version=1), complete)
    with pytest.raises(KeyReusedError):
        await handler.handle(asking(user_id, key="k", expected_version=2), complete)


async def test_a_key_belongs_to_one_user(handler: CommandHandler, user_id: str) -> None:
    await handler.handle(asking(user_id, key="k"), CreateTask(title="a"))
    other = await handler.handle(asking(f"{user_id}-other", key="k"), CreateTask(title="b"))
    assert not other.replayed


async def test_a_retry_does_not_undo_what_happened_in_between(
    handler: CommandHandler, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    await handler.handle(asking(user_id), CompleteTask(task_id=1))
    nothing = await handler.handle(asking(user_id, key="k"), CompleteTask(task_id=1))
    await handler.handle(asking(user_id), ReopenTask(task_id=1))
    retried = await handler.handle(asking(user_id, key="k"), CompleteTask(task_id=1))
    assert not nothing.changed
    assert (retried.version, retried.replayed) == (nothing.version, True)


async def test_a_toggle_repeated_under_its_key_does_not_undo_itself(
    handler: CommandHandler, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    first = await handler.handle(asking(user_id, key="k"), ToggleTask(task_id=1))
    again = await handler.handle(asking(user_id, key="k"), ToggleTask(task_id=1))
    assert (again.version, again.replayed) == (first.version, True)
    other = await handler.handle(asking(user_id, key="l"), ToggleTask(task_id=1))
    assert (other.version, other.replayed) == (3, False)


async def test_a_refusal_is_not_kept(handler: CommandHandler, user_id: str) -> None:
    with pytest.raises(TaskNotFoundError):
        await handler.handle(asking(user_id, key="k"), CompleteTask(task_id=1))
    await handler.handle(asking(user_id), CreateTask(title="a"))
    receipt = await handler.handle(asking(user_id, key="k"), CompleteTask(task_id=1))
    assert (receipt.changed, receipt.replayed) == (True, False)


async def test_the_same_key_twice_in_one_group_appends_once(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    receipts = await asyncio.gather(
        *(handler.handle(asking(user_id, key="k"), CreateTask(title="a")) for _ in range(5))
    )
    assert [receipt.replayed for receipt in receipts] == [False, True, True, True, True]
    assert len(await events_of(connection, user_id)) == 1


async def test_a_race_for_one_key_between_handlers_appends_once(
    pool: Pool, connection: Connection, user_id: str
) -> None:
    async with (
        open_handler(pool, project, queue_limit=100) as one,
        open_handler(pool, project, queue_limit=100) as other,
    ):
        receipts = await asyncio.gather(
            *(
                handler.handle(asking(user_id, key=f"k{n}"), CreateTask(title="a"))
                for n in range(20)
                for handler in (one, other)
            )
        )
    assert [receipt.replayed for receipt in receipts].count(False) == 20
    assert len(await events_of(connection, user_id)) == 20


async def test_the_sweep_runs_by_itself(
    handler: CommandHandler, pool: Pool, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id, key="old"), CreateTask(title="a"))
    await connection.execute(
        "update taskfold.receipt set created_at = created_at - interval '25 hours'"
        " where user_id = %s",
        [user_id],
    )
    async with sweeping(pool), asyncio.timeout(10):
        while await _receipts_of(connection, user_id):
            pass


async def _receipts_of(connection: Connection, user_id: str) -> int:
    cursor = await connection.execute(
        "select 1 from taskfold.receipt where user_id = %s", [user_id]
    )
    return len(await cursor.fetchall())


async def test_the_sweep_forgets_what_is_old_and_nothing_else(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    for key in ("old", "young"):
        await handler.handle(asking(user_id, key=key), CreateTask(title="a"))
    await connection.execute(
        "update taskfold.receipt set created_at = created_at - interval '25 hours'"
        " where user_id = %s and key = 'old'",
        [user_id],
    )
    assert await sweep_receipts(connection, clock.now() - timedelta(hours=24)) >= 1
    old = await handler.handle(asking(user_id, key="old"), CreateTask(title="a"))
    young = await handler.handle(asking(user_id, key="young"), CreateTask(title="a"))
    assert (old.replayed, young.replayed) == (False, True)
