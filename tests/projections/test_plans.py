from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime
from typing import Any, LiteralString, cast

import pytest

from events.binding import UserReader
from events.database import Connection, open_pool
from events.statements import statement
from projections.queries.conditions import values
from projections.queries.listing import Listing, Sort, TaskFilter, place_of
from projections.queries.tasks import list_query, list_tasks
from tests.big_tables import FEW, MANY, fill_tasks
from tests.databases import database, prepare
from tests.options import TASKS
from tests.plans import plan, touched

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(1_200)]

PAGE = 51
NOW = datetime(2026, 1, 2, tzinfo=UTC)

OPEN = TaskFilter(completed=False)
FLAT = {
    "newest first": Listing(),
    "oldest first": Listing(descending=False),
    "open": Listing(filter=OPEN),
    "done": Listing(filter=TaskFilter(completed=True)),
    "open by due": Listing(filter=OPEN, sort=Sort.DUE, descending=False),
    "open by due, latest first": Listing(filter=OPEN, sort=Sort.DUE),
    "open by priority": Listing(filter=OPEN, sort=Sort.PRIORITY),
    "open of a priority": Listing(filter=TaskFilter(completed=False, priority=3)),
    "open by order": Listing(filter=OPEN, sort=Sort.ORDER, descending=False),
    "last changed": Listing(sort=Sort.UPDATED),
    "changed since": Listing(
        filter=TaskFilter(updated_since=NOW.replace(year=2025)), sort=Sort.UPDATED, descending=False
    ),
    "overdue": Listing(filter=TaskFilter(overdue_at=NOW), sort=Sort.DUE, descending=False),
    "due in some days": Listing(
        filter=TaskFilter(completed=False, due_after=NOW, due_before=NOW.replace(day=9)),
        sort=Sort.DUE,
        descending=False,
    ),
}
"""Lists whose pages cost the same however many tasks there are."""

SEARCHES = {
    "a word": TaskFilter(text="water77"),
    "a word misspelt": TaskFilter(text="watr77"),
    "two words": TaskFilter(text="task water77"),
    "a word and a tag": TaskFilter(text="water77", tags=("t17",)),
    "a tag": TaskFilter(tags=("t17",)),
}
"""Lists whose pages cost what is found, and nothing else."""

OWN_ROWS = {
    "all by title": Listing(sort=Sort.TITLE),
    "all by due": Listing(sort=Sort.DUE),
    "done by order": Listing(filter=TaskFilter(completed=True), sort=Sort.ORDER),
}
"""Lists that are sorted when they are asked for: one goes through what is the person's own."""


@pytest.fixture(scope="session")
def big_url(server_url: str) -> Generator[str]:
    with database(server_url) as url:
        prepare(url)
        yield url


@pytest.fixture(scope="session")
async def big(big_url: str) -> AsyncGenerator[Connection]:
    """A connection to a table of very many tasks."""
    async with open_pool(big_url, size=1) as pool, pool.connection() as connection:
        await fill_tasks(connection, TASKS)
        yield connection


async def planned(
    connection: Connection, user_id: str, listing: Listing, limit: int = PAGE
) -> list[dict[str, Any]]:
    query = cast("LiteralString", list_query(listing).decode())
    return await plan(connection, query, **values(user_id, listing), limit=limit)


def pages(found: list[dict[str, Any]]) -> int:
    """How many blocks of tables and indexes were looked at."""
    return found[0]["Shared Hit Blocks"] + found[0]["Shared Read Blocks"]


def removed(found: list[dict[str, Any]]) -> int:
    """How many rows were read and thrown away."""
    return sum(
        node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        for node in touched(found, "task")
    )


def read(found: list[dict[str, Any]]) -> int:
    """How many rows were read."""
    return removed(found) + sum(
        node["Actual Rows"] * node["Actual Loops"] for node in touched(found, "task")
    )


async def middle(connection: Connection, listing: Listing) -> Listing:
    """The same list, some pages on."""
    tasks = await list_tasks(UserReader(connection, MANY), listing, limit=500)
    place = place_of(tasks[-1], listing.sort)
    return Listing(
        filter=listing.filter, sort=listing.sort, descending=listing.descending, after=place
    )


@pytest.mark.parametrize("listing", FLAT.values(), ids=FLAT)
async def test_a_page_costs_the_same_for_ten_tasks_and_for_very_many(
    big: Connection, listing: Listing
) -> None:
    few = await planned(big, FEW, listing)
    for asked in (listing, await middle(big, listing)):
        many = await planned(big, MANY, asked)
        assert removed(many) <= 2 * PAGE
        assert read(many) <= 4 * PAGE
        assert pages(many) <= 4 * PAGE
    assert read(few) <= 10
    assert pages(few) <= PAGE


@pytest.mark.parametrize("listed", SEARCHES.values(), ids=SEARCHES)
async def test_a_search_costs_what_it_finds(big: Connection, listed: TaskFilter) -> None:
    listing = Listing(filter=listed)
    found = await planned(big, MANY, listing, limit=10**6)
    hits = len(await list_tasks(UserReader(big, MANY), listing, limit=10**6))
    assert "task_terms_idx" in {node.get("Index Name") for node in found}
    # Deleted ones are found too, and left out then.
    assert read(found) <= 1.5 * hits + 10
    assert pages(found) <= 2 * read(found) + 60
    assert read(await planned(big, FEW, listing)) <= 10


@pytest.mark.parametrize("listing", OWN_ROWS.values(), ids=OWN_ROWS)
async def test_whatever_is_listed_nobody_elses_rows_are_read(
    big: Connection, listing: Listing
) -> None:
    own = TASKS // 10
    found = await planned(big, MANY, listing)
    assert read(found) <= 2 * own
    assert read(await planned(big, FEW, listing)) <= 20


@pytest.mark.parametrize("after", [0, 1_000], ids=["the first", "one of the others"])
async def test_a_page_of_changes_costs_the_same_for_ten_tasks_and_for_very_many(
    big: Connection, after: int
) -> None:
    query = statement("projections.queries", "list_changes")
    for user_id in (MANY, FEW):
        found = await plan(big, query, user_id=user_id, after=after, begun=0, limit=PAGE)
        assert read(found) <= PAGE
        assert pages(found) <= 2 * PAGE
