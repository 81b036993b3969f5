"""Erasures that are cut off, raced by projectors and rebuilds, or asked for by several at once."""

import asyncio
from contextlib import aclosing

import pytest

from api.erasure import clear
from commands.errors import LogBeingErasedError, TaskNotFoundError
from commands.handler import CommandHandler
from commands.receipt import Receipt
from commands.tasks import CreateTask, EditTask, EraseLog
from events import redaction
from events.bell import Bell
from events.database import Connection, Pool
from events.follower import Follower
from events.redaction import unfinished_erasures
from projections.daily_activity import DAILY_ACTIVITY
from projections.errors import LeaseLostError
from projections.following.hold import Hold
from projections.following.lease import claim
from projections.following.projector import Projector, new_owner
from projections.read_table import read_table
from projections.registry import PROJECTIONS
from tests.erasure.erasing import erase
from tests.erasure.test_erasure import count, differences, findings, live
from tests.people import asking
from tests.rebuild.rebuilding import rebuild

pytestmark = pytest.mark.anyio


async def left(connection: Connection) -> int:
    cursor = await connection.execute(
        "select count(*) from taskfold.event where user_id = 'ada' and data <> 'null'"
        " and type <> 'LogErased'"
    )
    [(rows,)] = await cursor.fetchall()
    return int(str(rows))


async def test_an_erasure_that_is_cut_off_anywhere_is_finished_by_the_next(
    writer: CommandHandler, own: Pool, maintainer: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redaction, "PART", 2)
    await writer.handle(asking("ada"), CreateTask(title="a"))
    for number in range(6):
        await writer.handle(asking("ada"), EditTask(task_id=1, title=str(number)))
    await writer.handle(asking("ada"), EraseLog())
    async with aclosing(clear(own, "ada")) as steps:
        assert await anext(steps) == 2
    assert await left(maintainer) == 5
    assert await unfinished_erasures(own) == ["ada"]
    assert await findings(own) == []
    assert await differences(own) == 0
    with pytest.raises(LogBeingErasedError):
        await writer.handle(asking("ada"), CreateTask(title="b"))
    assert not (await erase(writer, own, "ada")).changed
    assert await left(maintainer) == 0
    assert await unfinished_erasures(own) == []
    assert await count(maintainer, "task", "ada") == 0
    assert await findings(own) == []


async def test_several_may_erase_at_once(
    writer: CommandHandler, own: Pool, maintainer: Connection
) -> None:
    await live(writer, "ada")
    await asyncio.gather(*(erase(writer, own, "ada") for _ in range(4)))
    assert await count(maintainer, "event", "ada") == 4
    assert await findings(own) == []
    assert await differences(own) == 0


async def test_a_projector_writes_nothing_of_what_it_read_before(
    writer: CommandHandler, own: Pool, maintainer: Connection
) -> None:
    await live(writer, "ada")
    lease = await claim(maintainer, DAILY_ACTIVITY, new_owner())
    assert lease is not None
    hold = Hold(own, read_table(DAILY_ACTIVITY), lease, frozenset())
    batch = await Follower(own, Bell()).next_batch()
    assert [event.type for event in batch] == ["TaskCreated", "TaskRenamed", "TaskCompleted"]
    await erase(writer, own, "ada")
    with pytest.raises(LeaseLostError):
        await hold.apply(batch, batch[-1].position)
    assert await count(maintainer, "daily_activity", "ada") == 0


async def test_erasures_in_the_midst_of_work_leave_tables_as_history_has_them(
    writer: CommandHandler, own: Pool, maintainer: Connection
) -> None:
    users = [f"user{number}" for number in range(6)]

    async def work(user_id: str) -> None:
        task_id = 0
        for number in range(40):
            try:
                done: Receipt = await writer.handle(
                    asking(user_id),
                    EditTask(task_id=task_id, title=str(number))
                    if task_id
                    else CreateTask(title="a"),
                )
                task_id = done.task_id
            except (TaskNotFoundError, LogBeingErasedError):
                task_id = 0
                await asyncio.sleep(0)
            if number % 13 == 12:
                await erase(writer, own, user_id)

    projector = Projector(DAILY_ACTIVITY, own, Bell(), Bell())
    running = asyncio.create_task(projector.run())

    async def rebuilds() -> None:
        for projection in PROJECTIONS.values():
            await rebuild(own, projection)

    await asyncio.gather(rebuilds(), *(work(user_id) for user_id in users))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await findings(own) == []
    assert await differences(own) == 0
    assert maintainer
