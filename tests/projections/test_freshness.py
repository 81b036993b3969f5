from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta

import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events import clock
from events.binding import UserReader
from events.database import Connection
from events.statements import statement
from projections.daily_activity import DAILY_ACTIVITY
from projections.queries.freshness import Freshness, read_freshness
from projections.task import TASK
from tests.databases import database, prepare
from tests.history import events_of
from tests.people import asking
from tests.plans import plan, touched

pytestmark = pytest.mark.anyio

EVENTS = 7
HELD = statement("projections.queries", "contained_sequence")


@pytest.fixture(scope="module")
def database_url(server_url: str) -> Generator[str]:
    """A database of these tests' own, since they put rows into it that nobody has decided."""
    with database(server_url) as url:
        prepare(url)
        yield url


@pytest.fixture
async def busy(handler: CommandHandler, user_id: str) -> str:
    """A user with a few events, between which others have had theirs."""
    for _ in range(EVENTS):
        for somebody in (user_id, f"{user_id}-other"):
            await handler.handle(asking(somebody), CreateTask(title="Tea"))
    return user_id


async def move(connection: Connection, position: int) -> None:
    """Say how far the projection is; nobody runs it here."""
    await connection.execute(
        "update taskfold.projection set position = %s where name = 'daily_activity'", (position,)
    )


async def positions(connection: Connection, user_id: str) -> list[int]:
    cursor = await connection.execute(
        "select position from taskfold.event where user_id = %s order by sequence", (user_id,)
    )
    return [int(str(position)) for (position,) in await cursor.fetchall()]


async def test_an_async_table_holds_a_users_events_up_to_its_position(
    connection: Connection, busy: str
) -> None:
    events = await events_of(connection, busy)
    places = await positions(connection, busy)
    for sequence, position in enumerate(places):
        # Just before the next event: what is between them is somebody else's.
        await move(connection, position - 1)
        assert await read_freshness(UserReader(connection, busy), DAILY_ACTIVITY) == Freshness(
            sequence=sequence, lacking_since=events[sequence].recorded_at
        )
    await move(connection, places[-1])
    assert await read_freshness(UserReader(connection, busy), DAILY_ACTIVITY) == Freshness(
        sequence=EVENTS
    )


async def test_an_inline_table_holds_everything(connection: Connection, busy: str) -> None:
    await move(connection, 0)
    freshness = await read_freshness(UserReader(connection, busy), TASK)
    assert replace(freshness, chain=b"") == Freshness(sequence=EVENTS)


async def test_who_has_no_log_lacks_nothing(connection: Connection, user_id: str) -> None:
    for projection in (TASK, DAILY_ACTIVITY):
        assert await read_freshness(UserReader(connection, user_id), projection) == Freshness()


async def test_the_lag_is_the_age_of_the_first_event_that_is_lacking() -> None:
    now = clock.now()
    assert Freshness(sequence=3).lag(now) == 0.0
    assert Freshness(lacking_since=now - timedelta(seconds=2)).lag(now) == 2.0
    assert Freshness(lacking_since=now + timedelta(seconds=2)).lag(now) == 0.0


async def test_finding_out_costs_a_few_probes_however_far_behind_the_table_is(
    connection: Connection, busy: str
) -> None:
    await connection.execute(
        "insert into taskfold.event (user_id, sequence, task_id, version, type, schema_version,"
        " data, metadata, recorded_at, digest, chain)"
        " select user_id, n, n, 1, type, schema_version, data, metadata, recorded_at, digest, chain"
        " from taskfold.event, generate_series(8, 5000) as n where user_id = %s and sequence = 7",
        (busy,),
    )
    await connection.execute(
        "update taskfold.user_log set sequence = 5000 where user_id = %s", (busy,)
    )
    await move(connection, (await positions(connection, busy))[6])
    assert (await read_freshness(UserReader(connection, busy), DAILY_ACTIVITY)).sequence == 7
    found = await plan(connection, HELD, user_id=busy, projection="daily_activity")
    scans = touched(found, "event")
    assert {scan["Node Type"] for scan in scans} == {"Index Scan"}
    assert 0 < sum(scan["Actual Rows"] * scan["Actual Loops"] for scan in scans) < 20
    assert all(scan.get("Rows Removed by Filter", 0) == 0 for scan in scans)
