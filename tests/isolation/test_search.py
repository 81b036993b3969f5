"""The one function that reads users' rows as the owner of the table: whose rows, and for whom."""

import pytest
from psycopg.rows import scalar_row

from events.binding import UserReader, bind
from events.database import Connection, Pool
from projections.sought import sought
from projections.task_terms import TASK_TERMS
from tests.isolation.conftest import ADA, BOB
from tests.rebuild.rebuilding import rebuild

pytestmark = pytest.mark.anyio

SEARCH = (
    "select taskfold.found_tasks(%(terms)s::tsquery, %(whole)s::tsquery, %(patterns)s::text[])"
    " where %(user_id)s = %(user_id)s"
)


def asked(user_id: str) -> dict[str, object]:
    """What finds all that somebody has named after themselves."""
    wanted = sought(user_id, user_id, ())
    return {
        "user_id": user_id,
        "terms": wanted.terms,
        "whole": wanted.whole,
        "patterns": list(wanted.patterns),
    }


async def test_whatever_is_sought_only_ones_own_is_found(maintainer: Connection) -> None:
    reader = UserReader(maintainer, ADA)
    assert sorted(await reader.rows(SEARCH, asked(ADA), scalar_row)) == [1, 2]
    assert await reader.rows(SEARCH, asked(BOB) | {"user_id": ADA}, scalar_row) == []


async def test_with_nobody_or_several_set_nothing_is_found(maintainer: Connection) -> None:
    assert await (await maintainer.execute(SEARCH, asked(ADA))).fetchall() == []
    async with maintainer.transaction():
        bound = await bind(maintainer, [ADA, BOB])
        assert await (await bound.execute(SEARCH, asked(ADA))).fetchall() == []


async def test_nobody_may_call_it_but_its_owner_and_requests(maintainer: Connection) -> None:
    cursor = await maintainer.execute(
        "select grantee = proowner, grantee = taskfold.request_role()::regrole"
        " from pg_proc, aclexplode(proacl)"
        " where pg_proc.oid = 'taskfold.found_tasks'::regproc and prosecdef"
    )
    assert sorted(await cursor.fetchall()) == [(False, True), (True, False)]


async def test_a_search_goes_on_after_a_rebuild(own: Pool, maintainer: Connection) -> None:
    reader = UserReader(maintainer, ADA)
    before = await reader.rows(SEARCH, asked(ADA), scalar_row)
    await rebuild(own, TASK_TERMS, accept=True)
    assert sorted(await reader.rows(SEARCH, asked(ADA), scalar_row)) == sorted(before)


async def test_what_everybody_was_granted_by_a_restore_is_taken_back(
    maintainer: Connection,
) -> None:
    everybody = (
        "select count(*) from pg_proc, aclexplode(proacl)"
        " where pg_proc.oid = 'taskfold.found_tasks'::regproc and grantee = 0"
    )
    await maintainer.execute("grant execute on all functions in schema taskfold to public")
    assert await (await maintainer.execute(everybody)).fetchone() == (1,)
    await maintainer.execute("select taskfold.secure()")
    assert await (await maintainer.execute(everybody)).fetchone() == (0,)
