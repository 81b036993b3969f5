from collections.abc import AsyncGenerator, Generator
from time import perf_counter
from typing import Any, LiteralString, cast

import pytest

from events.binding import UserReader
from events.database import Connection, open_pool
from events.statements import statement
from projections.queries import past, versions
from projections.queries.conditions import values
from projections.queries.differences import read_differences
from projections.queries.listing import Listing, Sort, TaskFilter, place_of
from projections.queries.moment import Moment, moment_of
from projections.queries.past import get_task_then, list_tasks_then, past_query
from projections.queries.trail import Order, TrailFilter
from projections.queries.trail_pages import LOOKED_AT, read_trail
from tests.big_pasts import EVENTS_OF_A_TASK, FREQUENT, MANY, RARE, SOME, fill_pasts
from tests.databases import database, prepare
from tests.options import PAST_EVENTS
from tests.plans import plan, touched

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(1_200)]

PAGE = 51
FIELDS = 8

NEWEST_FIRST = Listing()
SORTED = {
    "by order": Listing(sort=Sort.ORDER),
    "by title": Listing(sort=Sort.TITLE, descending=False),
    "by what was due": Listing(sort=Sort.DUE),
    "last changed": Listing(sort=Sort.UPDATED),
    "open and of a priority": Listing(filter=TaskFilter(completed=False, priority=3)),
    "with a tag": Listing(filter=TaskFilter(tags=("home",)), sort=Sort.TITLE),
}
"""Lists for which every task that has changed since is looked at, whatever its past."""


@pytest.fixture(scope="session")
def long_url(server_url: str) -> Generator[str]:
    with database(server_url) as url:
        prepare(url)
        yield url


@pytest.fixture(scope="session")
async def long(long_url: str) -> AsyncGenerator[Connection]:
    """A connection to long pasts."""
    async with open_pool(long_url, size=1) as pool, pool.connection() as connection:
        await fill_pasts(connection, PAST_EVENTS)
        # As at the start of the product, which fills what is empty.
        await connection.execute("update taskfold.projection set version = 1")
        yield connection


async def moment(connection: Connection, user_id: str, sequence: int) -> Moment:
    found = await moment_of(UserReader(connection, user_id), sequence)
    assert found is not None
    return found


async def planned(
    connection: Connection, user_id: str, listing: Listing, sequence: int
) -> list[dict[str, Any]]:
    then = await moment(connection, user_id, sequence)
    return await plan(
        connection,
        cast("LiteralString", past_query(listing).decode()),
        **values(user_id, listing),
        **past.FIXED,
        sequence=then.sequence,
        recorded_at=then.recorded_at,
        limit=PAGE,
    )


def probes(found: list[dict[str, Any]]) -> float:
    """How often a change was looked for."""
    return sum(node["Actual Loops"] for node in touched(found, "task_change"))


def is_probed(found: list[dict[str, Any]]) -> bool:
    """Whether each change is found by its key, and no row is read in vain."""
    scans = touched(found, "task_change")
    return all(
        "sequence <=" in str(scan.get("Index Cond"))
        and scan.get("Rows Removed by Filter", 0) == 0
        and scan["Actual Rows"] <= 1
        for scan in scans
        if scan["Actual Loops"]
    )


@pytest.mark.parametrize("user_id", EVENTS_OF_A_TASK)
@pytest.mark.parametrize("share", [1.0, 0.5])
async def test_a_page_of_the_newest_costs_a_page(
    long: Connection, user_id: str, share: float
) -> None:
    found = await planned(long, user_id, NEWEST_FIRST, int(PAST_EVENTS * share))
    assert is_probed(found)
    # A value of each of the fields, for version and instant all of them; a third are deleted.
    assert probes(found) <= 2 * PAGE * (4 * FIELDS + 4)


@pytest.mark.parametrize("listing", SORTED.values(), ids=SORTED)
@pytest.mark.parametrize("user_id", EVENTS_OF_A_TASK)
async def test_other_lists_cost_some_probes_for_each_task_and_none_for_each_event(
    long: Connection, user_id: str, listing: Listing
) -> None:
    found = await planned(long, user_id, listing, PAST_EVENTS // 2)
    assert is_probed(found)
    tasks = PAST_EVENTS // EVENTS_OF_A_TASK[user_id]
    assert probes(found) <= tasks / 2 * (FIELDS + 6) + 2 * PAGE * (4 * FIELDS + 4)


async def test_what_has_not_changed_since_is_read_as_it_is(long: Connection) -> None:
    found = await planned(long, MANY, Listing(sort=Sort.ORDER), PAST_EVENTS)
    assert probes(found) <= 5 * FIELDS


async def test_a_task_then_is_some_probes(long: Connection) -> None:
    query = cast("LiteralString", past.TASKS_QUERY.decode())
    then = await moment(long, SOME, PAST_EVENTS // 2)
    found = await plan(
        long,
        query,
        **past.FIXED,
        user_id=SOME,
        task_ids=[1],
        sequence=then.sequence,
        recorded_at=then.recorded_at,
        limit=1,
    )
    assert is_probed(found)
    assert probes(found) <= 4 * FIELDS + 4


async def test_tasks_at_their_versions_are_some_probes_each(long: Connection) -> None:
    tasks = 20
    found = await plan(
        long,
        cast("LiteralString", versions.VERSIONS_QUERY.decode()),
        **past.FIXED,
        user_id=SOME,
        task_ids=list(range(1, tasks + 1)),
        versions=[EVENTS_OF_A_TASK[SOME] // 2] * tasks,
        recorded_at=versions.WHENEVER,
    )
    assert is_probed(found)
    assert probes(found) <= tasks * (4 * FIELDS + 4)
    assert (
        sum(node["Actual Rows"] * node["Actual Loops"] for node in touched(found, "event")) <= tasks
    )


async def test_a_page_of_differences_looks_at_some_tasks(long: Connection) -> None:
    found = await plan(
        long,
        statement("projections.queries", "changed_between"),
        user_id=MANY,
        first=1,
        last=500,
        fields=past.FIXED["fields"],
        after=PAST_EVENTS // 2,
        until=PAST_EVENTS // 2 + 10,
        limit=PAGE,
    )
    assert is_probed(found)
    assert probes(found) <= 500 * FIELDS


async def test_pages_of_a_past_list_meet(long: Connection) -> None:
    reader, then = UserReader(long, MANY), await moment(long, MANY, PAST_EVENTS // 20)
    listing, walked = Listing(sort=Sort.ORDER), list[int]()
    while tasks := await list_tasks_then(reader, then, listing, limit=100):
        walked += [task.task_id for task in tasks]
        listing = Listing(sort=Sort.ORDER, after=place_of(tasks[-1], Sort.ORDER))
    whole = await list_tasks_then(reader, then, Listing(sort=Sort.ORDER), limit=10**6)
    assert walked == [task.task_id for task in whole]
    assert len(walked) == len({*walked}) > 0


@pytest.mark.parametrize("user_id", EVENTS_OF_A_TASK)
async def test_what_the_past_costs(long: Connection, user_id: str) -> None:
    reader = UserReader(long, user_id)
    half = await moment(long, user_id, PAST_EVENTS // 2)
    head = await moment(long, user_id, PAST_EVENTS)
    lists = {
        "newest first": NEWEST_FIRST,
        **SORTED,
        "a word": Listing(filter=TaskFilter(text="watr77")),
    }
    reads = {
        f"{name} at {place}": list_tasks_then(reader, then, listing, limit=PAGE)
        for name, listing in lists.items()
        for place, then in (("half", half), ("head", head))
    } | {
        "a task": get_task_then(reader, 1, half),
        "differences": read_differences(reader, half, head, limit=PAGE),
        "trail of a frequent type": read_trail(
            reader, TrailFilter(types=(FREQUENT,)), Order.NEWEST, limit=PAGE
        ),
        "trail of a rare type": read_trail(
            reader, TrailFilter(types=(RARE,)), Order.NEWEST, limit=PAGE
        ),
        "trail of nobody": read_trail(
            reader, TrailFilter(actor="nobody"), Order.NEWEST, limit=PAGE
        ),
    }
    tasks = PAST_EVENTS // EVENTS_OF_A_TASK[user_id]
    for name, read in reads.items():
        began = perf_counter()
        await read
        seconds = perf_counter() - began
        print(f"{user_id} {name}: {seconds * 1_000:.1f} ms")  # noqa: T201 - what one runs it for
        # What is looked at is bounded by a page, by 20,000 events, or by the tasks there are.
        assert seconds < 0.5 + (tasks * 200 + LOOKED_AT * 20) / 1e6
