"""Where whoever is connected may make no role: the setting alone binds."""

from collections.abc import AsyncGenerator, Generator

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import tuple_row

from api.cli.isolation_check import check_isolation
from events.binding import UserReader, bind
from events.database import Pool, open_pool
from events.ids import new_id
from migrations.upgrade import upgrade
from projections.queries.listing import Listing, TaskFilter
from projections.queries.tasks import list_tasks
from projections.registry import PROJECTIONS
from tests.databases import database, prepare
from tests.isolation.conftest import ADA, BOB, fill
from tests.isolation.tables import guarded, owners
from tests.rebuild.rebuilding import rebuild

pytestmark = pytest.mark.anyio


@pytest.fixture
def plain(server_url: str) -> Generator[str]:
    """A database whose schema belongs to somebody who may make no role."""
    name = f"plain_{new_id().replace('-', '')}"
    role = sql.Identifier(name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create role {} login password {}").format(role, sql.Literal(name))
        )
        try:
            with database(server_url) as url:
                with psycopg.connect(url, autocommit=True) as inside:
                    where = sql.Identifier(inside.info.dbname)
                    inside.execute(sql.SQL("grant create on database {} to {}").format(where, role))
                whose = make_conninfo(url, user=name, password=name)
                prepare(whose)
                yield whose
        finally:
            _drop_request_role(connection, make_conninfo(server_url, user=name, password=name))
            connection.execute(sql.SQL("drop role {}").format(role))


def _drop_request_role(connection: psycopg.Connection, whose: str) -> None:
    with psycopg.connect(whose, autocommit=True) as plain:
        name = plain.info.user
        connection.execute(sql.SQL("alter role {} createrole").format(sql.Identifier(name)))
        role = sql.Identifier(f"taskfold_request_{name}")
        plain.execute(sql.SQL("drop role if exists {}").format(role))


@pytest.fixture
async def own(plain: str) -> AsyncGenerator[Pool]:
    async with open_pool(plain, size=6) as pool:
        await fill(pool)
        yield pool


async def test_everything_is_guarded_and_requests_have_no_role(own: Pool) -> None:
    async with own.connection() as connection:
        cursor = await connection.execute("select taskfold.request_role()")
        assert await cursor.fetchall() == [("none",)]
        assert set((await guarded(connection)).values()) == {(True, True)}


async def test_what_is_bound_sees_its_own_rows_alone(own: Pool) -> None:
    async with own.connection() as connection:
        for table in await guarded(connection):
            assert await owners(connection, table) == [ADA, BOB]
            async with connection.transaction():
                bound = await bind(connection, [BOB])
                assert await owners(bound, table) in ([BOB], [])
        rows = await UserReader(connection, ADA).rows(
            "select distinct user_id from taskfold.event", {}, tuple_row
        )
        assert rows == [(ADA,)]


async def test_what_is_bound_writes_and_deletes_nothing_of_others(own: Pool) -> None:
    async with own.connection() as connection, connection.transaction(force_rollback=True):
        bound = await bind(connection, [ADA])
        assert (await bound.execute("delete from taskfold.task")).rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            await bound.execute("insert into taskfold.user_log (user_id) values ('cyd')")


def test_the_doctor_says_that_the_setting_alone_binds(plain: str) -> None:
    with psycopg.connect(plain, autocommit=True) as connection:
        found = check_isolation(connection)
    assert found.status == "ok"
    assert "The setting of the user alone" in found.detail


@pytest.mark.parametrize("name", PROJECTIONS)
async def test_a_table_is_rebuilt_and_guarded(own: Pool, name: str) -> None:
    await rebuild(own, PROJECTIONS[name], accept=True)
    async with own.connection() as connection:
        assert set((await guarded(connection)).values()) == {(True, True)}


async def test_a_role_is_made_as_soon_as_that_is_allowed(
    own: Pool, plain: str, server_url: str
) -> None:
    async with own.connection() as connection:
        name = connection.info.user
        with psycopg.connect(server_url, autocommit=True) as other:
            other.execute(sql.SQL("alter role {} createrole").format(sql.Identifier(name)))
        upgrade(plain)
        cursor = await connection.execute("select taskfold.request_role()")
        [(role,)] = await cursor.fetchall()
        assert role == f"taskfold_request_{name}"
        async with connection.transaction():
            bound = await bind(connection, [ADA])
            assert await owners(bound, "task") == [ADA]
            assert (await (await bound.execute("select current_user")).fetchone()) == (role,)


async def test_a_search_finds_what_is_ones_own(own: Pool) -> None:
    async with own.connection() as connection:
        for who, other in ((ADA, BOB), (BOB, ADA)):
            reader = UserReader(connection, who)
            for text, found in ((who, [2, 1]), (other, [])):
                listed = await list_tasks(reader, Listing(filter=TaskFilter(text=text)), limit=10)
                assert [task.task_id for task in listed] == found
