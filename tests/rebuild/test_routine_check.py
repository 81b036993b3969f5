import asyncio

import pytest
from structlog.testing import capture_logs

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events.database import Connection, Pool
from projections.verification.routine_check import RoutineCheck, open_routine_check
from tests.people import asking
from tests.rebuild.conftest import PEOPLE

pytestmark = pytest.mark.anyio

FAST = 6_000.0
"""Users a minute: a hundred a second."""


async def test_every_user_is_looked_at_in_turn(own: Pool, looking: Connection) -> None:
    await looking.execute("update taskfold.task_change set actor = 'eve' where user_id = 'bob'")
    check = RoutineCheck(own, FAST)
    for _ in PEOPLE:
        await check.check_one()
    assert (check.users, dict(check.differences)) == (3, {"task_change": 7})
    for _ in PEOPLE:
        await check.check_one()
    assert (check.users, dict(check.differences)) == (6, {"task_change": 7})
    assert dict(check.found) == {"task_change": 14}


async def test_what_was_mended_is_no_longer_wrong(own: Pool, looking: Connection) -> None:
    await looking.execute("update taskfold.task set title = 'Tee' where task_id = 2")
    check = RoutineCheck(own, FAST)
    for _ in PEOPLE:
        await check.check_one()
    assert dict(check.differences) == {"task": 3}
    await looking.execute(
        "update taskfold.task set title = 'Milk' where task_id = 2 and user_id <> 'ada'"
    )
    for _ in PEOPLE:
        await check.check_one()
    assert dict(check.differences) == {"task": 1}


async def test_an_empty_log_has_nobody_to_look_at(own: Pool) -> None:
    check = RoutineCheck(own, FAST)
    await check.check_one()
    assert check.users == 0


async def test_it_goes_on_by_itself_while_people_write(own: Pool, writer: CommandHandler) -> None:
    async with open_routine_check(own, FAST) as check, asyncio.timeout(20):
        while check.users < 20:
            await writer.handle(asking("ada"), CreateTask(title="Tea"))
    assert not check.differences


async def test_what_cannot_be_checked_ends_nothing(own: Pool, looking: Connection) -> None:
    await looking.execute("alter table taskfold.task rename to mislaid")
    with capture_logs() as said:
        async with open_routine_check(own, FAST) as check, asyncio.timeout(20):
            while not said:
                await looking.execute("select")
            assert check.users == 0
            await looking.execute("alter table taskfold.mislaid rename to task")
            while not check.users:
                await looking.execute("select")
    assert said[0]["event"] == "routine_check.failed"


async def test_switched_off_it_looks_at_nobody(own: Pool, writer: CommandHandler) -> None:
    async with open_routine_check(own, 0) as check:
        await writer.handle(asking("ada"), CreateTask(title="Tea"))
    assert check.users == 0
