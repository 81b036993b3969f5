import asyncio
from collections.abc import Sequence

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from commands.context import CommandContext
from commands.errors import (
    OutcomeUnknownError,
    QueueFullError,
    StoppingError,
    TaskNotFoundError,
    WrongVersionError,
)
from commands.handler import GROUP_LIMIT, CommandHandler, open_handler
from commands.receipt import Receipt
from commands.tasks import CompleteTask, CreateTask, DeleteTask, EditTask
from events.binding import UserReader
from events.database import Connection, Pool, open_pool
from events.envelope import RecordedEvent
from events.errors import NotCanonicalError
from projections.inline import project
from projections.queries.tasks import get_task, list_tasks
from tests.history import chain_of, events_of
from tests.people import asking

pytestmark = pytest.mark.anyio


async def test_an_accepted_command_is_in_the_log_and_in_the_read_table(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    receipt = await handler.handle(asking(user_id), CreateTask(title="Buy milk"))
    task = await get_task(UserReader(connection, user_id), receipt.task_id)
    assert receipt == Receipt(task_id=1, version=1, sequence=1, changed=True)
    assert [event.type for event in await events_of(connection, user_id)] == ["TaskCreated"]
    assert task is not None
    assert (task.title, task.version) == ("Buy milk", 1)


async def test_a_command_that_changes_nothing_succeeds_and_appends_nothing(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="Buy milk"))
    receipt = await handler.handle(asking(user_id), EditTask(task_id=1, title="Buy milk"))
    assert receipt == Receipt(task_id=1, version=1, sequence=1, changed=False)
    assert len(await events_of(connection, user_id)) == 1


async def test_a_refused_command_appends_nothing(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    with pytest.raises(TaskNotFoundError):
        await handler.handle(asking(user_id), CompleteTask(task_id=1))
    assert await events_of(connection, user_id) == []


async def test_a_stale_expected_version_is_told_both_versions(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    await handler.handle(asking(user_id), EditTask(task_id=1, title="b"))
    with pytest.raises(WrongVersionError) as refused:
        await handler.handle(asking(user_id, expected_version=1), EditTask(task_id=1, title="c"))
    assert (refused.value.expected, refused.value.found) == ({1}, 2)
    assert len(await events_of(connection, user_id)) == 2


async def test_the_metadata_says_who_asked_for_what_and_through_which_request(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    context = CommandContext(
        user_id=user_id,
        actor="support",
        request_id="r-1",
        correlation_id="c-1",
        causation_id="e-9",
        client="curl/8",
    )
    await handler.handle(context, CreateTask(title="a"))
    [event] = await events_of(connection, user_id)
    assert event.metadata == {
        "actor": "support",
        "command": "CreateTask",
        "request_id": "r-1",
        "correlation_id": "c-1",
        "causation_id": "e-9",
        "client": "curl/8",
    }


async def test_commands_of_one_user_in_one_group_see_each_other(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    commands = [CreateTask(title="a"), CompleteTask(task_id=1), CreateTask(title="b")]
    receipts = await asyncio.gather(*(handler.handle(asking(user_id), c) for c in commands))
    assert [(r.task_id, r.version, r.sequence) for r in receipts] == [
        (1, 1, 1),
        (1, 2, 2),
        (2, 1, 3),
    ]
    assert [
        task.task_id for task in await list_tasks(UserReader(connection, user_id), limit=10)
    ] == [2, 1]


async def test_a_refused_command_does_not_disturb_its_neighbours(
    handler: CommandHandler, user_id: str
) -> None:
    outcomes = await asyncio.gather(
        handler.handle(asking(user_id), CreateTask(title="a")),
        handler.handle(asking(user_id), CompleteTask(task_id=99)),
        handler.handle(asking(user_id), CreateTask(title="b")),
        return_exceptions=True,
    )
    assert [Receipt, TaskNotFoundError, Receipt] == [type(outcome) for outcome in outcomes]


async def test_a_log_that_somebody_holds_keeps_nobody_else_waiting(
    handler: CommandHandler, pool: Pool, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    async with pool.connection() as holder, holder.transaction():
        await holder.execute(
            "select from taskfold.user_log where user_id = %s for update", [user_id]
        )
        held = asyncio.create_task(handler.handle(asking(user_id), CreateTask(title="b")))
        # Whoever comes now is in a group of their own.
        for _ in range(3):
            await asyncio.sleep(0)
        assert handler.waiting == 0
        others = [handler.handle(asking(f"{user_id}-{n}"), CreateTask(title="c")) for n in range(9)]
        await asyncio.gather(*others)
        assert not held.done()
    assert (await held).sequence == 2


async def test_a_command_the_database_cannot_take_fails_alone(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    outcomes = await asyncio.gather(
        handler.handle(asking(user_id), CreateTask(title="a")),
        handler.handle(asking(user_id), CreateTask(title="not in a jsonb: \x00")),
        handler.handle(asking(user_id), CreateTask(title="b")),
        return_exceptions=True,
    )
    assert isinstance(outcomes[1], psycopg.DataError)
    assert [o.task_id for o in outcomes if isinstance(o, Receipt)] == [1, 2]
    assert [task.title for task in await list_tasks(UserReader(connection, user_id), limit=10)] == [
        "b",
        "a",
    ]


async def test_a_full_queue_turns_the_next_command_away(pool: Pool, user_id: str) -> None:
    async with open_handler(pool, project, queue_limit=2) as handler:
        outcomes = await asyncio.gather(
            *(handler.handle(asking(user_id), CreateTask(title="a")) for _ in range(3)),
            return_exceptions=True,
        )
    assert [Receipt, Receipt, QueueFullError] == [type(outcome) for outcome in outcomes]


async def test_what_waits_when_the_handler_closes_is_still_committed(
    pool: Pool, connection: Connection, user_id: str
) -> None:
    async with open_handler(pool, project, queue_limit=100) as handler:
        waiting = [
            asyncio.ensure_future(handler.handle(asking(user_id), CreateTask(title="a")))
            for _ in range(20)
        ]
        await asyncio.sleep(0)
    receipts = await asyncio.gather(*waiting)
    assert len(await events_of(connection, user_id)) == len(receipts) == 20


async def test_a_closed_handler_turns_commands_away(pool: Pool, user_id: str) -> None:
    async with open_handler(pool, project, queue_limit=100) as handler:
        pass
    with pytest.raises(StoppingError):
        await handler.handle(asking(user_id), CreateTask(title="a"))


async def test_a_caller_who_hangs_up_harms_nobody(handler: CommandHandler, user_id: str) -> None:
    impatient = asyncio.ensure_future(handler.handle(asking(user_id), CreateTask(title="a")))
    patient = asyncio.ensure_future(handler.handle(asking(user_id), CreateTask(title="b")))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).changed


async def test_two_handlers_keep_one_user_in_one_order(
    pool: Pool, connection: Connection, user_id: str
) -> None:
    async with (
        open_handler(pool, project, queue_limit=500) as one,
        open_handler(pool, project, queue_limit=500) as other,
    ):
        receipts = await asyncio.gather(
            *(
                handler.handle(asking(user_id), CreateTask(title="a"))
                for _ in range(100)
                for handler in (one, other)
            )
        )
    events = await events_of(connection, user_id)
    assert sorted(receipt.sequence for receipt in receipts) == list(range(1, 201))
    assert [event.sequence for event in events] == list(range(1, 201))
    assert [event.chain for event in events] == chain_of(events)


async def test_a_group_survives_the_loss_of_its_connections(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    await connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    receipt = await handler.handle(asking(user_id), DeleteTask(task_id=1))
    assert receipt.sequence == 2


async def test_a_command_is_recorded_whole_or_not_at_all(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    outcomes = await asyncio.gather(
        handler.handle(
            asking(user_id), EditTask(task_id=1, title="half", description="a surrogate: \ud800")
        ),
        handler.handle(asking(user_id), EditTask(task_id=1, title="b")),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], NotCanonicalError)
    assert isinstance(outcomes[1], Receipt)
    assert [e.data for e in await events_of(connection, user_id)][1:] == [{"title": "b"}]


async def test_a_log_that_disagrees_with_its_head_stops_nobody_else(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    await connection.execute(
        "update taskfold.user_log set sequence = 0 where user_id = %s", [user_id]
    )
    async with asyncio.timeout(5):
        outcomes = await asyncio.gather(
            handler.handle(asking(user_id), CreateTask(title="b")),
            handler.handle(asking(f"{user_id}-other"), CreateTask(title="c")),
            return_exceptions=True,
        )
    assert isinstance(outcomes[0], psycopg.errors.UniqueViolation)
    assert isinstance(outcomes[1], Receipt)


async def test_a_group_is_bounded_in_size_and_time_and_durable(
    database_url: str, connection: Connection, user_id: str
) -> None:
    sizes, settings = list[int](), set[object]()

    async def look(inside: Connection, events: Sequence[RecordedEvent]) -> None:
        cursor = await inside.execute(
            "select current_setting('idle_in_transaction_session_timeout'),"
            " current_setting('transaction_timeout', true),"
            " current_setting('synchronous_commit')"
        )
        settings.update(await cursor.fetchall())
        sizes.append(len(events))
        await project(inside, events)

    name = conninfo_to_dict(database_url)["dbname"]
    await connection.execute(f"alter database {name} set synchronous_commit = off".encode())
    async with (
        open_pool(database_url, size=1) as careless,
        open_handler(careless, look, queue_limit=1_000) as handler,
    ):
        await asyncio.gather(
            *(handler.handle(asking(user_id), CreateTask(title="a")) for _ in range(300))
        )
    await connection.execute(f"alter database {name} reset synchronous_commit".encode())
    assert max(sizes) <= GROUP_LIMIT
    assert sum(sizes) == 300
    bound = "10s" if connection.info.server_version >= 170_000 else None
    assert settings == {("10s", bound, "on")}


async def test_what_others_have_appended_is_seen_although_the_task_is_known(
    pool: Pool, user_id: str
) -> None:
    async with (
        open_handler(pool, project, queue_limit=10) as one,
        open_handler(pool, project, queue_limit=10) as other,
    ):
        await one.handle(asking(user_id), CreateTask(title="a"))
        for version, handler in enumerate([one, other, one, other], 2):
            receipt = await handler.handle(
                asking(user_id, expected_version=version - 1),
                EditTask(task_id=1, title=f"title {version}"),
            )
            assert receipt.version == version


async def test_handlers_that_fail_leave_nobody_waiting(pool: Pool, user_id: str) -> None:
    waiting: list[asyncio.Future[Receipt]] = []

    async def ask_and_fail() -> None:
        async with open_handler(pool, project, queue_limit=10) as handler:
            waiting.extend(
                asyncio.ensure_future(handler.handle(asking(user_id), CreateTask(title="a")))
                for _ in range(3)
            )
            await asyncio.sleep(0)
            raise LookupError

    with pytest.raises(ExceptionGroup):
        await ask_and_fail()
    async with asyncio.timeout(5):
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(o, Receipt | StoppingError | OutcomeUnknownError) for o in outcomes)
