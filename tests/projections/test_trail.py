from collections.abc import Generator
from datetime import timedelta
from typing import Any, LiteralString, cast

import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask, EditTask
from events.binding import UserReader
from events.database import Connection
from events.statements import statement
from projections.queries.trail import EVERYTHING, Order, TrailFilter
from projections.queries.trail_pages import read_trail, trail_query
from projections.task_change import UNSET
from tests.databases import database, prepare
from tests.people import asking
from tests.plans import plan, touched

pytestmark = pytest.mark.anyio

LONG = 3_000
"""Versions of a task that is changed all the time; plans do not depend on there being more."""

HEAD = statement("projections.queries", "task_end")
OF_TASK = TrailFilter(task_id=1)
RARE = TrailFilter(types=("TaskCreated",))


@pytest.fixture(scope="module")
def database_url(server_url: str) -> Generator[str]:
    """A database of these tests' own, since they put rows into it that nobody has decided."""
    with database(server_url) as url:
        prepare(url)
        yield url


@pytest.fixture
async def long_history(handler: CommandHandler, connection: Connection, user_id: str) -> str:
    """A user with one task that was changed again and again."""
    await handler.handle(asking(user_id), CreateTask(title="1", description="2", order=3.0))
    for version in range(4):
        await handler.handle(asking(user_id), EditTask(task_id=1, title=f"v{version}"))
    await connection.execute(
        "insert into taskfold.event (user_id, sequence, task_id, version, type, schema_version,"
        " data, metadata, recorded_at, digest, chain)"
        " select user_id, n, task_id, n, type, schema_version, data, metadata,"
        " recorded_at + n * interval '1 s', digest, chain"
        " from taskfold.event, generate_series(6, %s) as n"
        " where user_id = %s and sequence = 5",
        (LONG, user_id),
    )
    await connection.execute(
        "insert into taskfold.task_change"
        " select user_id, task_id, field, n, n, type, actor, recorded_at, before, after, title_key"
        " from taskfold.task_change, generate_series(6, %s) as n"
        " where user_id = %s and version = 5",
        (LONG, user_id),
    )
    await connection.execute(
        "update taskfold.user_log set sequence = %s where user_id = %s", (LONG, user_id)
    )
    # With statistics the planner might prefer a scan, were there nothing better.
    await connection.execute("analyze taskfold.event, taskfold.task_change")
    return user_id


async def planned(
    connection: Connection, user_id: str, wanted: TrailFilter, first: int, last: int
) -> list[dict[str, Any]]:
    query = cast("LiteralString", trail_query(wanted, Order.NEWEST).decode())
    return await plan(
        connection,
        query,
        user_id=user_id,
        task_id=wanted.task_id,
        types=None if wanted.types is None else list(wanted.types),
        actor=wanted.actor,
        fields=list(UNSET),
        first=first,
        last=last,
        limit=201,
    )


@pytest.mark.parametrize("wanted", [EVERYTHING, OF_TASK], ids=["all", "of a task"])
@pytest.mark.parametrize(("first", "last"), [(1, 201), (900, 1_100), (LONG - 200, LONG)])
async def test_a_page_reads_the_page_and_nothing_else(
    connection: Connection, long_history: str, wanted: TrailFilter, first: int, last: int
) -> None:
    found = await planned(connection, long_history, wanted, first, last)
    for table in ("event", "task_change"):
        scans = touched(found, table)
        assert scans
        for scan in scans:
            assert scan["Node Type"] in {"Index Scan", "Bitmap Heap Scan"}
            assert scan.get("Rows Removed by Filter", 0) == 0
            assert scan["Actual Rows"] * scan["Actual Loops"] <= last - first + 8
    conditions = [str(node.get("Index Cond", "")) for node in found]
    assert any("field = ANY" in each and "sequence =" in each for each in conditions)


async def test_what_few_events_meet_is_sought_in_the_range_and_nowhere_else(
    connection: Connection, long_history: str
) -> None:
    found = await planned(connection, long_history, RARE, 1_000, 1_999)
    [scan] = touched(found, "event")
    # Where the type is rare everywhere, its index may be the shorter way.
    assert scan["Rows Removed by Filter"] <= 1_000


async def test_where_a_history_ends_is_one_probe(connection: Connection, long_history: str) -> None:
    found = await plan(connection, HEAD, user_id=long_history, task_id=1, projection="task_change")
    [scan] = touched(found, "event")
    assert scan["Node Type"] == "Index Only Scan"
    assert (scan["Scan Direction"], scan["Actual Rows"]) == ("Backward", 1)


@pytest.mark.parametrize("name", ["sequence_at", "version_at"])
async def test_a_moment_is_found_by_halving(
    connection: Connection, long_history: str, name: str
) -> None:
    query = statement("projections.queries", name)
    began = await instant_of(connection, long_history, 1)
    found = await plan(
        connection,
        query,
        user_id=long_history,
        task_id=1,
        sequence=700,
        instant=began + timedelta(seconds=700),
    )
    assert all(scan["Actual Loops"] <= 13 for scan in touched(found, "event"))
    assert sum(scan.get("Rows Removed by Filter", 0) for scan in touched(found, "event")) == 0


async def instant_of(connection: Connection, user_id: str, sequence: int) -> Any:  # noqa: ANN401
    cursor = await connection.execute(
        "select recorded_at from taskfold.event where user_id = %s and sequence = %s",
        (user_id, sequence),
    )
    [(instant,)] = await cursor.fetchall()
    return instant


async def walked(
    connection: Connection, user_id: str, wanted: TrailFilter, order: Order, looked_at: int = LONG
) -> list[int]:
    """The versions on all pages."""
    reader, versions, seen = UserReader(connection, user_id), list[int](), None
    while page := await read_trail(
        reader, wanted, order, limit=150, seen=seen, looked_at=looked_at
    ):
        versions += [entry.version for entry in page.entries]
        seen = page.seen
        if seen is None:
            break
    return versions


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("wanted", [EVERYTHING, OF_TASK], ids=["all", "of a task"])
async def test_pages_of_a_long_history_meet(
    connection: Connection, long_history: str, wanted: TrailFilter, order: Order
) -> None:
    expected = range(1, LONG + 1) if order is Order.OLDEST else range(LONG, 0, -1)
    assert await walked(connection, long_history, wanted, order) == list(expected)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("task_id", [None, 1])
async def test_what_is_sought_in_bounded_parts_is_all_found(
    connection: Connection, long_history: str, order: Order, task_id: int | None
) -> None:
    rare = TrailFilter(task_id=task_id, types=("TaskCreated",), actor=long_history)
    assert await walked(connection, long_history, rare, order, looked_at=100) == [1]


@pytest.mark.parametrize("task_id", [None, 1])
async def test_a_time_selects_what_happened_in_it(
    connection: Connection, long_history: str, task_id: int | None
) -> None:
    since = await instant_of(connection, long_history, 1_000)
    until = await instant_of(connection, long_history, 1_400)
    within = TrailFilter(task_id=task_id, since=since, until=until)
    assert await walked(connection, long_history, within, Order.OLDEST) == [*range(1_000, 1_400)]
    before = TrailFilter(task_id=task_id, until=since - timedelta(days=9))
    assert await walked(connection, long_history, before, Order.OLDEST) == []


async def test_a_stranger_has_no_history_of_it(connection: Connection, long_history: str) -> None:
    stranger = UserReader(connection, f"{long_history}-stranger")
    assert await read_trail(stranger, OF_TASK, Order.NEWEST, limit=10) is None
    page = await read_trail(stranger, EVERYTHING, Order.NEWEST, limit=10)
    assert page is not None
    assert (page.entries, page.seen) == ([], None)
