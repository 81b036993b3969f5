from collections.abc import Generator

import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask, EditTask
from events.binding import UserReader
from events.database import Connection
from events.statements import statement
from projections.queries.history import Order, read_history
from projections.task_change import UNSET
from tests.databases import database, prepare
from tests.people import asking
from tests.plans import plan, touched

pytestmark = pytest.mark.anyio

LONG = 3_000
"""Versions of a task that is changed all the time; plans do not depend on there being more."""

PAGE = statement("projections.queries", "read_revisions")
HEAD = statement("projections.queries", "last_version")


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
        " select user_id, n, task_id, n, type, schema_version, data, metadata, recorded_at,"
        " digest, chain from taskfold.event, generate_series(6, %s) as n"
        " where user_id = %s and sequence = 5",
        (LONG, user_id),
    )
    await connection.execute(
        "insert into taskfold.task_change"
        " select user_id, task_id, field, n, n, type, actor, recorded_at, before, after"
        " from taskfold.task_change, generate_series(6, %s) as n"
        " where user_id = %s and version = 5",
        (LONG, user_id),
    )
    # With statistics the planner might prefer a scan, were there nothing better.
    await connection.execute("analyze taskfold.event, taskfold.task_change")
    return user_id


@pytest.mark.parametrize(("first", "last"), [(1, 201), (900, 1_100), (LONG - 200, LONG)])
async def test_a_page_reads_the_page_and_nothing_else(
    connection: Connection, long_history: str, first: int, last: int
) -> None:
    found = await plan(
        connection,
        PAGE,
        user_id=long_history,
        task_id=1,
        fields=list(UNSET),
        first=first,
        last=last,
    )
    for table in ("event", "task_change"):
        scans = touched(found, table)
        assert scans
        for scan in scans:
            assert scan["Node Type"] in {"Index Scan", "Bitmap Heap Scan"}
            assert scan.get("Rows Removed by Filter", 0) == 0
            assert scan["Actual Rows"] * scan["Actual Loops"] <= last - first + 3
    conditions = [str(node.get("Index Cond", "")) for node in found]
    assert any("field = ANY" in each and "version >=" in each for each in conditions)


async def test_where_a_history_ends_is_one_probe(connection: Connection, long_history: str) -> None:
    found = await plan(connection, HEAD, user_id=long_history, task_id=1, projection="task_change")
    [scan] = touched(found, "event")
    assert scan["Node Type"] == "Index Only Scan"
    assert (scan["Scan Direction"], scan["Actual Rows"]) == ("Backward", 1)


async def test_pages_of_a_long_history_meet(connection: Connection, long_history: str) -> None:
    for order in Order:
        seen, versions = None, list[int]()
        while page := await read_history(
            UserReader(connection, long_history), 1, order, limit=150, seen=seen
        ):
            seen = page[-1].version
            versions += [revision.version for revision in page]
        expected = range(1, LONG + 1) if order is Order.OLDEST else range(LONG, 0, -1)
        assert versions == list(expected)


async def test_a_stranger_has_no_history_of_it(connection: Connection, long_history: str) -> None:
    stranger = f"{long_history}-stranger"
    assert await read_history(UserReader(connection, stranger), 1, Order.NEWEST, limit=10) is None
