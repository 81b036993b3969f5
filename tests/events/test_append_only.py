import psycopg
import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events.database import Connection
from tests.history import chain_of, events_of
from tests.people import asking

pytestmark = pytest.mark.anyio


EDITS = [
    b"update taskfold.event set type = 'X'",
    b"update taskfold.event set data = '{}', chain = chain where false",
    b"delete from taskfold.event",
    b"truncate taskfold.event",
]


@pytest.mark.parametrize("edit", EDITS)
async def test_the_owner_of_the_table_has_no_right_to_edit_history(
    connection: Connection, edit: bytes
) -> None:
    # A superuser needs no right to anything, and meets the trigger instead.
    ordinary = connection.info.parameter_status("is_superuser") == "off"
    refusal = psycopg.errors.InsufficientPrivilege if ordinary else psycopg.errors.RestrictViolation
    with pytest.raises(refusal):
        await connection.execute(edit)


@pytest.mark.parametrize("edit", EDITS)
async def test_history_cannot_be_edited_even_with_the_right_to(
    connection: Connection, edit: bytes
) -> None:
    async with connection.transaction(force_rollback=True):
        await connection.execute("grant update, delete, truncate on taskfold.event to current_user")
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            await connection.execute(edit)


async def test_a_sequence_that_is_taken_is_refused_by_the_table_itself(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    again = (
        "insert into taskfold.event (user_id, sequence, task_id, version, type, schema_version,"
        " data, metadata, recorded_at, digest, chain) select user_id, sequence, 2, 1, type,"
        " schema_version, data, metadata, recorded_at, digest, chain"
        " from taskfold.event where user_id = %s"
    )
    with pytest.raises(psycopg.errors.UniqueViolation, match="event_pkey"):
        await connection.execute(again, [user_id])


async def test_a_version_that_is_taken_is_refused_by_the_table_itself(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    again = (
        "insert into taskfold.event (user_id, sequence, task_id, version, type, schema_version,"
        " data, metadata, recorded_at, digest, chain) select user_id, 2, task_id, version, type,"
        " schema_version, data, metadata, recorded_at, digest, chain"
        " from taskfold.event where user_id = %s"
    )
    with pytest.raises(psycopg.errors.UniqueViolation, match="event_stream_key"):
        await connection.execute(again, [user_id])


async def test_what_is_stored_hashes_to_what_was_chained(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    for order in (1.5e-10, 0.1, 12.0, -1e15, 123456789.125):
        await handler.handle(asking(user_id), CreateTask(title='ü "quoted" \u2028', order=order))
    events = await events_of(connection, user_id)
    assert [event.chain for event in events] == chain_of(events)


async def test_positions_rise_along_a_log(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    for _ in range(5):
        await handler.handle(asking(user_id), CreateTask(title="a"))
    cursor = await connection.execute(
        "select position from taskfold.event where user_id = %s order by sequence",
        [user_id],
    )
    positions = [int(str(position)) for (position,) in await cursor.fetchall()]
    assert positions == sorted(set(positions))
