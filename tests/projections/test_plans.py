import re
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
from tests.big_tables import FEW, MANY, fill_tasks, long_word, short_word
from tests.databases import database, prepare
from tests.options import TASKS
from tests.plans import plan, plan_for, touched

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(1_200)]

PAGE = 51
OWN = TASKS // 10
TABLES = ("task", "task_terms")
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

LONG, SHORT = long_word(77), short_word(77)
SEARCHES = {
    "a word": TaskFilter(text=LONG),
    "a word misspelt": TaskFilter(text=f"{LONG[:3]}x{LONG[4:]}"),
    "a word misspelt at its beginning": TaskFilter(text=f"x{LONG}"),
    "a word misspelt at its end": TaskFilter(text=LONG[:5] + LONG[:4:-1]),
    "a short word": TaskFilter(text=SHORT),
    "a short word misspelt": TaskFilter(text=f"{SHORT[:2]}x{SHORT[3:]}"),
    "a word that nobody has": TaskFilter(text="abcdefghijklmnopqrstuvwx"),
    "two words": TaskFilter(text=f"task {LONG}"),
    "a word and a tag": TaskFilter(text=LONG, tags=("t17",)),
    "a tag": TaskFilter(tags=("t17",)),
}
"""Lists whose pages cost what is found, and nothing else."""

_SEARCH = re.search(
    r"return query(.*);\nend", statement("migrations", "create_found_tasks"), re.DOTALL
)
assert _SEARCH
SEARCH = _SEARCH[1]
_SEARCH_PARAMETERS = {
    "wanted": "%(terms)s::tsquery",
    "whole": "%(whole)s::tsquery",
    "patterns": "%(patterns)s::text[]",
}

OWN_ROWS = {
    "all by title": Listing(sort=Sort.TITLE),
    "all by due": Listing(sort=Sort.DUE),
    "done by order": Listing(filter=TaskFilter(completed=True), sort=Sort.ORDER),
    "a common word": Listing(filter=TaskFilter(text="task")),
    "a common word misspelt": Listing(filter=TaskFilter(text="tusk")),
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
    asked = {**values(user_id, listing), "limit": limit}
    return await plan_for(UserReader(connection, user_id), query, **asked)


async def searched(connection: Connection, user_id: str, listing: Listing) -> list[dict[str, Any]]:
    """How a search is carried out inside of `found_tasks`, of which a plan does not tell."""
    query = re.sub(r"\b(wanted|whole|patterns)\b", lambda name: _SEARCH_PARAMETERS[name[0]], SEARCH)
    async with connection.transaction():
        await connection.execute("select set_config('taskfold.user_id', %s, true)", [user_id])
        return await plan(connection, cast("LiteralString", query), **values(user_id, listing))


def pages(found: list[dict[str, Any]]) -> int:
    """How many blocks of tables and indexes were looked at."""
    return found[0]["Shared Hit Blocks"] + found[0]["Shared Read Blocks"]


def removed(found: list[dict[str, Any]]) -> int:
    """How many rows were read and thrown away."""
    return sum(
        node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        for table in TABLES
        for node in touched(found, table)
    )


def read(found: list[dict[str, Any]]) -> int:
    """How many rows were read."""
    return removed(found) + sum(
        node["Actual Rows"] * node["Actual Loops"]
        for table in TABLES
        for node in touched(found, table)
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
    # Deleted ones are found too, and left out then.
    assert read(found) <= 1.5 * hits + 10
    assert pages(found) <= 6 * read(found) + 300
    inside = await searched(big, MANY, listing)
    assert read(inside) <= 2 * hits + OWN // 1_000
    assert "task_terms_idx" in {node.get("Index Name") for node in inside}
    for of_few in (planned(big, FEW, listing), searched(big, FEW, listing)):
        assert read(await of_few) <= 10


@pytest.mark.parametrize("listing", OWN_ROWS.values(), ids=OWN_ROWS)
async def test_whatever_is_listed_nobody_elses_rows_are_read(
    big: Connection, listing: Listing
) -> None:
    found = await planned(big, MANY, listing)
    assert read(found) <= 2 * OWN
    assert read(await planned(big, FEW, listing)) <= 20


@pytest.mark.parametrize("after", [0, 1_000], ids=["the first", "one of the others"])
async def test_a_page_of_changes_costs_the_same_for_ten_tasks_and_for_very_many(
    big: Connection, after: int
) -> None:
    query = statement("projections.queries", "list_changes")
    for user_id in (MANY, FEW):
        asked = {"after": after, "begun": 0, "limit": PAGE}
        found = await plan_for(UserReader(big, user_id), query, **asked)
        assert read(found) <= 2 * PAGE
        assert pages(found) <= 2 * PAGE
