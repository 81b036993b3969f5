"""Every statement that reads for a request, its condition on the user forgotten in turn."""

import re
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from types import ModuleType
from typing import LiteralString, cast

import pytest
from psycopg.rows import tuple_row

from commands import idempotency
from events import access_log, reader as log_reader, writer
from events.binding import UserReader, bind
from events.database import Connection
from events.statements import statement
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
    "versions": [0],
    "keys": ["k0"],
}
"""What the statements are asked; a new parameter needs a value here."""

ASKED_OTHERWISE: Mapping[str, Mapping[str, object]] = {
    "list_activity": {"first": date(2000, 1, 1), "last": date(9999, 1, 1)},
    "contained_sequence": {"projection": "daily_activity"},
}


def _name(path: str) -> str:
    return path.removesuffix(".sql")


QUERIES = sorted(
    _name(path.name) for path in files("projections.queries").joinpath("sql").iterdir()
)


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
    query = statement("projections.queries", name)
    asked = {**ASKED, **ASKED_OTHERWISE.get(name, {})}
    reader = UserReader(maintainer, ADA)
    right = await reader.rows(query, asked, tuple_row)
    unbound = await maintainer.execute(_forgetful(query), asked)
    assert await unbound.fetchall() != right
    assert await reader.rows(_forgetful(query), asked, tuple_row) == right
    stranger = UserReader(maintainer, "cyd")
    assert await stranger.rows(_forgetful(query), asked, tuple_row) == await stranger.rows(
        query, asked, tuple_row
    )


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
