import psycopg
import pytest
from psycopg import sql
from psycopg.rows import tuple_row

from events.binding import UserReader, bind
from events.database import Connection, Pool
from events.errors import UnboundableUserError
from projections.registry import PROJECTIONS
from tests.isolation.conftest import ADA, BOB
from tests.isolation.tables import guarded, owners
from tests.rebuild.rebuilding import rebuild

pytestmark = pytest.mark.anyio

AS_REQUEST = "select set_config('role', taskfold.request_role(), true)"

PRIVILEGES = """
    select relname::text, string_agg(privilege_type, ' ' order by privilege_type)
    from pg_class, aclexplode(relacl)
    where relnamespace = 'taskfold'::regnamespace
        and grantee = taskfold.request_role()::regrole
    group by relname
"""

FOREIGN_ROWS = {
    "event": "insert into taskfold.event (user_id, sequence, task_id, version, type,"
    " schema_version, data, metadata, recorded_at, digest, chain) select 'bob', 99, 99, 1, type,"
    " schema_version, data, metadata, recorded_at, digest, chain from taskfold.event limit 1",
    "user_log": "insert into taskfold.user_log (user_id) values ('cyd')",
    "receipt": "insert into taskfold.receipt select 'bob', 'new', fingerprint, task_id, version,"
    " sequence, changed, steps, created_at from taskfold.receipt limit 1",
    "stream_ticket": "insert into taskfold.stream_ticket select 'cyd', hash, believed_until,"
    " expires_at from taskfold.stream_ticket limit 1",
    "task": "insert into taskfold.task (user_id, task_id, version, sequence, title, description,"
    ' "order", priority, tags, created_at, updated_at, title_key)'
    " select 'bob', 99, version, sequence, title, description,"
    ' "order", priority, tags, created_at, updated_at, title_key'
    " from taskfold.task limit 1",
    "task_change": "insert into taskfold.task_change select 'bob', 99, field, sequence, version,"
    " type, actor, recorded_at, before, after, title_key from taskfold.task_change limit 1",
    "task_terms": "insert into taskfold.task_terms select 'bob', 99, title, description,"
    " tags, terms from taskfold.task_terms limit 1",
}


async def test_every_table_of_users_is_guarded_and_binds_its_owner(maintainer: Connection) -> None:
    found = await guarded(maintainer)
    assert found.keys() >= {"event", "user_log", "receipt", "projection_skip", *PROJECTIONS}
    assert set(found.values()) == {(True, True)}


async def test_with_nobody_set_there_are_no_rows(maintainer: Connection) -> None:
    for table in await guarded(maintainer):
        assert await owners(maintainer, table) == [ADA, BOB]
        if table == "projection_skip":
            continue
        async with maintainer.transaction():
            await maintainer.execute(AS_REQUEST)
            assert await owners(maintainer, table) == []


@pytest.mark.parametrize("nobody", ["", "\n", "a\nb"])
async def test_nothing_is_bound_to_what_is_no_id(maintainer: Connection, nobody: str) -> None:
    with pytest.raises(UnboundableUserError):
        UserReader(maintainer, nobody)
    with pytest.raises(UnboundableUserError):
        await bind(maintainer, [nobody])


async def test_a_transaction_that_is_bound_sees_those_it_is_bound_to(
    maintainer: Connection,
) -> None:
    for users in ([ADA], [ADA, BOB]):
        for table in (await guarded(maintainer)).keys() - {"projection_skip"}:
            async with maintainer.transaction():
                bound = await bind(maintainer, users)
                assert await owners(bound, table) == users


async def test_a_reader_is_bound_for_one_query_and_its_connection_is_free_again(
    maintainer: Connection,
) -> None:
    reader = UserReader(maintainer, ADA)
    rows = await reader.rows("select distinct user_id from taskfold.task", {}, tuple_row)
    assert rows == [(ADA,)]
    assert await owners(maintainer, "task") == [ADA, BOB]


@pytest.mark.parametrize("table", FOREIGN_ROWS)
async def test_a_row_of_somebody_else_cannot_be_written(maintainer: Connection, table: str) -> None:
    async with maintainer.transaction(force_rollback=True):
        bound = await bind(maintainer, [ADA])
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            await bound.execute(FOREIGN_ROWS[table].encode())


async def test_a_row_cannot_be_given_to_somebody_else(maintainer: Connection) -> None:
    given_away = "update taskfold.task set user_id = 'bob', task_id = task_id + 50"
    async with maintainer.transaction(force_rollback=True):
        bound = await bind(maintainer, [ADA])
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            await bound.execute(given_away)


async def test_the_request_role_may_do_what_requests_need_and_nothing_else(
    maintainer: Connection,
) -> None:
    cursor = await maintainer.execute(PRIVILEGES)
    assert {str(table): actions for table, actions in await cursor.fetchall()} == {
        "access": "INSERT SELECT",
        "event": "INSERT SELECT",
        "user_log": "INSERT SELECT UPDATE",
        "receipt": "INSERT SELECT",
        "stream_ticket": "DELETE INSERT SELECT",
        "task": "INSERT SELECT UPDATE",
        "task_change": "INSERT SELECT UPDATE",
        "task_terms": "INSERT SELECT UPDATE",
        "daily_activity": "SELECT",
    }


@pytest.mark.parametrize(
    "change",
    [
        "update taskfold.event set type = 'X'",
        "delete from taskfold.event",
        "truncate taskfold.event",
        "update taskfold.access set actor = 'x'",
        "delete from taskfold.access",
        "truncate taskfold.access",
    ],
    ids=str,
)
@pytest.mark.parametrize("as_request", [True, False], ids=["request", "maintainer"])
async def test_no_role_changes_what_has_happened(
    maintainer: Connection, change: str, *, as_request: bool
) -> None:
    refused = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)
    async with maintainer.transaction(force_rollback=True):
        if as_request:
            await bind(maintainer, [ADA, BOB])
        with pytest.raises(refused):
            await maintainer.execute(change.encode())


@pytest.mark.parametrize("name", PROJECTIONS)
async def test_a_rebuilt_table_is_guarded_like_the_one_it_replaces(
    own: Pool, maintainer: Connection, name: str
) -> None:
    query = sql.SQL(
        "select relacl::text, (select array_agg(row(polname, polcmd, polroles,"
        " pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))::text"
        " order by polname) from pg_policy where polrelid = pg_class.oid)"
        " from pg_class where oid = {}::regclass"
    ).format(sql.Literal(f"taskfold.{name}"))
    before = await (await maintainer.execute(query)).fetchone()
    await rebuild(own, PROJECTIONS[name], accept=True)
    assert await (await maintainer.execute(query)).fetchone() == before
    tables = await guarded(maintainer)
    assert [table for table in tables if table.startswith(f"{name}_g")]
    assert set(tables.values()) == {(True, True)}


async def test_somebody_elses_ticket_cannot_be_taken(maintainer: Connection) -> None:
    taking = "delete from taskfold.stream_ticket returning user_id"
    async with maintainer.transaction(force_rollback=True):
        bound = await bind(maintainer, [ADA])
        assert await (await bound.execute(taking)).fetchall() == [(ADA,)]
