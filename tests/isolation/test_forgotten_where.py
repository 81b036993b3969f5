"""Every statement that reads for a request, its condition on the user forgotten in turn."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib.resources import files
from types import ModuleType
from typing import LiteralString, cast

import pytest
from psycopg import sql
from psycopg.rows import tuple_row

from commands import idempotency
from events import access_log, excerpt, reader as log_reader, writer
from events.binding import UserReader, bind
from events.database import Connection
from events.reader import StreamId
from events.recordset import recordset
from events.statements import statement
from events.tasks import Priority
from projections.queries.conditions import values
from projections.queries.listing import Listing, Sort, TaskFilter
from projections.queries.past import TASKS_QUERY, past_query, tasks_then
from projections.queries.tasks import list_query
from projections.queries.trail import EVERYTHING, Order, TrailFilter
from projections.queries.trail_pages import trail_query
from projections.queries.versions import VERSIONS_QUERY
from tests.isolation.conftest import ADA, BOB

pytestmark = pytest.mark.anyio

CONDITION = re.compile(
    r"(\w+\.)?\buser_id = (%\(user_id\)s|wanted\.user_id|any\(%\(user_ids\)s::text\[\]\))"
)

ASKED: Mapping[str, object] = {
    "task_id": 1,
    "projection": "task_change",
    "before": None,
    "limit": 100,
    "fields": ["title", "completed"],
    "first": 1,
    "last": 10,
    "after": 0,
    "begun": 0,
    "sequences": [1],
    "sequence": 1,
    "user_ids": [ADA],
    "task_ids": [1],
    "around": 8,
    "keys": recordset([{"user_id": ADA, "key": "k0"}]),
    "streams": recordset([StreamId(ADA, 1)]),
    "version": 1,
    "until": 10,
    "instant": datetime(9000, 1, 1, tzinfo=UTC),
    "recorded_at": datetime(9000, 1, 1, tzinfo=UTC),
    "priorities": list(Priority),
    "types": None,
    "actor": None,
    "beyond": 0,
}
"""What the statements are asked; a new parameter needs a value here."""

ASKED_OTHERWISE: Mapping[str, Mapping[str, object]] = {
    "list_activity": {"first": date(2000, 1, 1), "last": date(9999, 1, 1)},
    "contained_sequence": {"projection": "daily_activity"},
    "version_at": {"sequence": 100},
    "tasks at versions": {"versions": [1]},
}


OF_NOBODY = {"find_signing_key", "keep_signing_key"}
"""The statements that are not about a user's rows."""

TEMPLATES = {
    "list_tasks", "join_lists", "select_tasks", "tasks_then", "list_tasks_then",
    "tasks_at_versions",
    "words_then", "read_trail",
}  # fmt: skip
"""The statements that are put together for what is asked."""

BY_DUE, FOUND = Listing(sort=Sort.DUE), Listing(filter=TaskFilter(text=ADA))
SINCE = Listing(filter=TaskFilter(updated_since=datetime(2000, 1, 1, tzinfo=UTC)))


def _queries() -> dict[str, str]:
    paths = files("projections.queries").joinpath("sql").iterdir()
    names = {path.name.removesuffix(".sql") for path in paths}
    assert names >= OF_NOBODY | TEMPLATES
    select = sql.SQL(statement("projections.queries", "select_tasks"))
    then = tasks_then("true", "%(sequence)s")
    words = sql.SQL(statement("projections.queries", "words_then"))
    return {
        "list as it was": past_query(Listing()).decode(),
        "tasks as they were": TASKS_QUERY.decode(),
        "tasks at versions": VERSIONS_QUERY.decode(),
        "words as they were": words.format(tasks=then, conditions=sql.SQL("true")).as_string(),
        "trail": trail_query(EVERYTHING, Order.NEWEST).decode(),
        "history": trail_query(TrailFilter(task_id=1), Order.OLDEST).decode(),
        "list_tasks": list_query(Listing()).decode(),
        "list_tasks by due": list_query(BY_DUE).decode(),
        "list_tasks since": list_query(SINCE).decode(),
        "select_tasks": select.format(conditions=sql.SQL("true")).as_string(),
        **{
            name: statement("projections.queries", name)
            for name in sorted(names - OF_NOBODY - TEMPLATES)
        },
    }


QUERIES = _queries()


def _selects(module: ModuleType) -> dict[str, str]:
    texts = {name: text for name, text in vars(module).items() if isinstance(text, str)}
    return {
        f"{module.__name__}.{name}": text
        for name, text in texts.items()
        if "from taskfold." in text
        and re.search(r"^select", text, re.MULTILINE)
        and "insert into" not in text
    }


COMMAND_SIDE = {
    **_selects(idempotency),
    **_selects(log_reader),
    **_selects(excerpt),
    **_selects(writer),
    **_selects(access_log),
}


def _forgetful(query: str) -> LiteralString:
    forgotten, times = CONDITION.subn("true", query)
    assert times, "no condition on the user was found"
    return cast("LiteralString", forgotten)


def test_the_statements_are_found() -> None:
    assert len(QUERIES) >= 7
    assert len(COMMAND_SIDE) >= 5


@pytest.mark.parametrize("name", QUERIES)
async def test_a_query_that_forgets_its_user_brings_no_row_of_others(
    maintainer: Connection, name: str
) -> None:
    query = cast("LiteralString", QUERIES[name])
    asked = {**values(ADA, Listing()), **ASKED, **ASKED_OTHERWISE.get(name, {})}
    reader = UserReader(maintainer, ADA)
    right = await reader.rows(query, asked, tuple_row)
    unbound = await maintainer.execute(_forgetful(query), asked)
    assert await unbound.fetchall() != right
    assert await reader.rows(_forgetful(query), asked, tuple_row) == right
    stranger = UserReader(maintainer, "cyd")
    assert await stranger.rows(_forgetful(query), asked, tuple_row) == await stranger.rows(
        query, asked, tuple_row
    )


async def test_a_search_finds_nothing_of_others_even_where_no_policy_holds(
    maintainer: Connection,
) -> None:
    query = cast("LiteralString", list_query(FOUND).decode())
    asked = {**values(ADA, FOUND), "limit": 100}
    right = await UserReader(maintainer, ADA).rows(query, asked, tuple_row)
    unbound = await maintainer.execute(_forgetful(query), asked)
    assert right
    assert await unbound.fetchall() == []


@pytest.mark.parametrize("name", COMMAND_SIDE)
async def test_a_command_that_forgets_its_user_reads_no_row_of_others(
    maintainer: Connection, name: str
) -> None:
    asked = {**ASKED, "user_id": ADA}
    query = cast("LiteralString", COMMAND_SIDE[name])
    async with maintainer.transaction(force_rollback=True):
        cursor = await maintainer.execute(_forgetful(query), {**asked, "user_ids": [ADA, BOB]})
        everybody = len(await cursor.fetchall())
        bound = await bind(maintainer, [ADA])
        right = await (await bound.execute(query, asked)).fetchall()
        assert await (await bound.execute(_forgetful(query), asked)).fetchall() == right
        assert right
        assert everybody >= len(right)
