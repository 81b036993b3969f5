from io import BytesIO

import anyio
import pytest

from commands.handler import CommandHandler, open_handler
from commands.tasks import CompleteTask, CreateTask, EditTask, TaskCommand
from events.audit import audit
from events.bell import Bell
from events.database import Pool
from events.errors import (
    EventLogError,
    RefusedExportError,
    UnverifiedExportError,
    UsedPositionsError,
)
from events.export import export
from events.follower import Follower
from events.log_import import import_export
from projections.inline import project
from tests.exports import closed, export_of
from tests.people import asking

pytestmark = pytest.mark.anyio

LIFE: list[TaskCommand] = [
    CreateTask(title='Buy "milk"\n', description="ü 🥛 \u2028", order=0.1),
    CompleteTask(task_id=1),
    EditTask(task_id=1, order=1e-9),
    CreateTask(title="Buy bread"),
    EditTask(task_id=2, order=-1e15, title="Buy rye bread"),
]
TABLES = ("event", "user_log", "task")


async def live(handler: CommandHandler, user_id: str) -> None:
    for command in LIFE:
        await handler.handle(asking(user_id), command)


async def exported(pool: Pool) -> bytes:
    return b"".join([part.lines async for part in export(pool)])


async def imported(pool: Pool, document: bytes) -> int:
    return sum([events async for events in import_export(pool, BytesIO(document), project)])


async def rows_of(pool: Pool, table: str) -> list[tuple[object, ...]]:
    async with pool.connection() as connection:
        cursor = await connection.execute(f"select * from taskfold.{table} order by 1, 2".encode())  # noqa: S608 - the tables stand above
        return await cursor.fetchall()


@pytest.fixture
async def document(source: Pool, source_handler: CommandHandler) -> bytes:
    """The export of three logs that were written in turns."""
    for command in LIFE:
        for user_id in ("ada", "Eve", "joe ü"):
            await source_handler.handle(asking(user_id), command)
    return await exported(source)


async def test_an_import_brings_back_everything(
    source: Pool, target: Pool, document: bytes
) -> None:
    assert await imported(target, document) == 18
    for table in TABLES:
        assert await rows_of(target, table) == await rows_of(source, table)
    assert await exported(target) == document
    assert [found async for step in audit(target) for found in step.findings] == []


async def test_life_goes_on_behind_an_import(target: Pool, document: bytes) -> None:
    await imported(target, document)
    last = max(row[2] for row in await rows_of(target, "event") if isinstance(row[2], int))
    follower = Follower(target, Bell(), after=last)
    assert await follower.next_batch() == []
    async with open_handler(target, project, queue_limit=10) as handler:
        receipt = await handler.handle(asking("ada"), CompleteTask(task_id=2))
    assert (receipt.sequence, receipt.version) == (7, 4)
    assert [event.sequence for event in await follower.next_batch()] == [7]


async def test_who_was_only_ever_refused_does_not_stand_in_the_way(
    target: Pool, document: bytes
) -> None:
    async with target.connection() as connection:
        await connection.execute("insert into taskfold.user_log (user_id) values ('ada')")
    assert await imported(target, document) == 18


async def test_appends_wait_for_an_import_and_readers_see_none_of_it_before_its_end(
    target: Pool, document: bytes
) -> None:
    follower = Follower(target, Bell())
    sequences: list[int] = []

    async def append(handler: CommandHandler) -> None:
        receipt = await handler.handle(asking("ada"), CreateTask(title="c"))
        sequences.append(receipt.sequence)

    async with (
        open_handler(target, project, queue_limit=10) as handler,
        anyio.create_task_group() as group,
    ):
        async for _ in import_export(target, BytesIO(document), project):
            group.start_soon(append, handler)
            assert await follower.next_batch() == []
            assert sequences == []
    assert sequences == [7]
    seen = [event.position for event in await follower.next_batch()]
    assert seen == sorted(row[2] for row in await rows_of(target, "event"))  # pyright: ignore[reportArgumentType]


async def test_an_import_goes_into_an_empty_database_only(source: Pool, document: bytes) -> None:
    before = await rows_of(source, "event")
    with pytest.raises(EventLogError, match="import into an empty one"):
        await imported(source, document)
    assert await rows_of(source, "event") == before


async def take_positions(pool: Pool, count: int) -> None:
    async with pool.connection() as connection:
        await connection.execute(
            "select nextval('taskfold.event_position_seq') from generate_series(1, %s)", [count]
        )


async def test_an_export_is_refused_where_readers_may_be_past_its_first_event(
    target: Pool,
) -> None:
    await take_positions(target, 6)
    with pytest.raises(UsedPositionsError, match=r"up to 6 and the export begins at 1,"):
        await imported(target, export_of("ada", "eve", "joe"))
    assert [await rows_of(target, table) for table in TABLES] == [[], [], []]


async def test_an_export_that_begins_behind_every_position_given_out_is_imported(
    source: Pool, target: Pool, source_handler: CommandHandler
) -> None:
    await take_positions(source, 6)
    await live(source_handler, "ada")
    await take_positions(target, 6)
    assert await imported(target, await exported(source)) == len(await rows_of(source, "event"))


async def test_a_database_stays_empty_when_an_import_is_refused_half_way(
    target: Pool, document: bytes
) -> None:
    last = document.splitlines(keepends=True)[-2]
    damaged = document.replace(last, last.replace(b"-1000000000000000", b"-1"))
    steps = import_export(target, BytesIO(damaged), project, page=4)
    assert [await anext(steps) for _ in range(4)] == [4, 4, 4, 4]
    with pytest.raises(UnverifiedExportError, match=r"event 6 .* contents edited"):
        await anext(steps)
    assert [await rows_of(target, table) for table in TABLES] == [[], [], []]


async def test_an_export_in_which_two_events_share_a_position_is_refused(target: Pool) -> None:
    lines = (
        export_of("ada", "eve")
        .replace(b'"position":"4"', b'"position":"1"')
        .splitlines(keepends=True)
    )
    with pytest.raises(RefusedExportError, match="two events have the same position"):
        await imported(target, closed(lines[:-1], logs=2))
    assert [await rows_of(target, table) for table in TABLES] == [[], [], []]


async def test_what_postgresql_cannot_hold_is_refused(target: Pool) -> None:
    with pytest.raises(RefusedExportError, match="DataError"):
        await imported(target, export_of("ada", "e\x00"))
    assert [await rows_of(target, table) for table in TABLES] == [[], [], []]


async def test_a_log_in_two_places_of_a_file_is_refused(target: Pool) -> None:
    lines = export_of("ada", "eve", "joe").splitlines(keepends=True)
    twice = [*lines[:6], *lines[:3], *lines[6:9]]
    with pytest.raises(RefusedExportError, match="UniqueViolation"):
        await imported(target, closed(twice, logs=4))
    assert [await rows_of(target, table) for table in TABLES] == [[], [], []]
