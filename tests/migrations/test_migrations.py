import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import pairwise

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from events.errors import DatabaseUnreachableError
from migrations import turn
from migrations.turn import LOCK_KEY, TURN_STEP
from migrations.upgrade import (
    configuration,
    current_revision,
    downgrade,
    head_revision,
    pending,
    upgrade,
)
from tests.databases import with_database

REVISIONS = [
    revision.revision
    for revision in ScriptDirectory.from_config(configuration("")).walk_revisions()
][::-1]

WITHOUT_USERS = ("alembic_version", "projection", "projection_shard", "signing_key")
"""Tables that hold nothing of users': a divided database has them whole in every part."""

BETTER_AUTH = """
create table "user" (id text primary key, name text, email text unique, "emailVerified" boolean,
    image text, "createdAt" timestamptz, "updatedAt" timestamptz);
create table session (id text primary key, token text unique, "expiresAt" timestamptz,
    "userId" text references "user" (id));
create table account (id text primary key, "accountId" text, "providerId" text,
    "userId" text references "user" (id), password text);
create table verification (id text primary key, identifier text, value text);
create table jwks (id text primary key, "publicKey" text, "privateKey" text);
create schema task;
create table task.event (id bigint primary key);
"""


def _tables(url: str) -> set[tuple[str, str]]:
    with psycopg.connect(url) as connection:
        return set(
            connection.execute(
                "select schemaname, tablename from pg_tables"
                " where schemaname not in ('pg_catalog', 'information_schema')"
            ).fetchall()
        )


def test_every_revision_goes_up_and_down_and_up_again(empty_database_url: str) -> None:
    stairs = ["base", *REVISIONS]
    for below, above in pairwise(stairs):
        for target in (above, below, above):
            move = command.upgrade if target == above else command.downgrade
            move(configuration(empty_database_url), target)
    downgrade(empty_database_url, "base")
    assert {("taskfold", "alembic_version")} == _tables(empty_database_url)


def test_a_fresh_database_is_pending_until_upgraded(empty_database_url: str) -> None:
    assert pending(empty_database_url)
    assert current_revision(empty_database_url) is None
    upgrade(empty_database_url)
    assert not pending(empty_database_url)
    assert current_revision(empty_database_url) == head_revision() == REVISIONS[-1]


def test_models_and_migrations_agree_beside_better_auth(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(BETTER_AUTH)
    theirs = _tables(empty_database_url)
    upgrade(empty_database_url)
    command.check(configuration(empty_database_url))
    downgrade(empty_database_url, "base")
    assert theirs < _tables(empty_database_url)


def test_several_processes_may_migrate_at_once(empty_database_url: str) -> None:
    program = "import sys; from migrations.upgrade import upgrade; upgrade(sys.argv[1])"
    processes = [
        subprocess.Popen([sys.executable, "-c", program, empty_database_url]) for _ in range(4)
    ]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0, 0]
    assert not pending(empty_database_url)


def test_a_migration_waits_for_its_turn_and_has_no_statement_open_meanwhile(
    empty_database_url: str,
) -> None:
    with (
        psycopg.connect(empty_database_url, autocommit=True) as other,
        ThreadPoolExecutor() as beside,
    ):
        other.execute("select pg_advisory_lock(%s)", [LOCK_KEY])
        migrating = beside.submit(upgrade, empty_database_url)
        wait([migrating], timeout=3 * TURN_STEP)
        assert not migrating.done()
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        assert other.execute(waiting).fetchone() == (0,)
        other.execute("select pg_advisory_unlock(%s)", [LOCK_KEY])
        migrating.result(timeout=30)
    assert not pending(empty_database_url)


def test_a_migration_does_not_wait_long_for_a_table_that_others_need(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "TABLE_PATIENCE", "50ms")
    upgrade(empty_database_url)
    with psycopg.connect(empty_database_url) as writer:
        writer.execute("lock table taskfold.task in access share mode")
        with pytest.raises(DBAPIError, match="lock timeout"):
            downgrade(empty_database_url, "base")
    assert not pending(empty_database_url)


def test_a_failed_migration_leaves_nothing_behind(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("create schema taskfold; create table taskfold.task (theirs int)")
    before = _tables(empty_database_url)
    with pytest.raises(Exception, match="already exists"):
        upgrade(empty_database_url)
    assert before == _tables(empty_database_url)


def test_a_server_that_is_not_there_is_named_in_one_sentence(server_url: str) -> None:
    nowhere = with_database(server_url, "no_such_database")
    with pytest.raises(DatabaseUnreachableError, match=r"DATABASE_URL.*no_such_database"):
        upgrade(nowhere)


def test_every_primary_and_unique_key_starts_with_the_user(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        keys = connection.execute(
            "select index.indexrelid::regclass::text, attribute.attname from pg_index as index"
            " join pg_attribute as attribute"
            " on attribute.attrelid = index.indrelid and attribute.attnum = index.indkey[0]"
            " join pg_class as relation on relation.oid = index.indrelid"
            " where index.indisunique and relation.relnamespace = 'taskfold'::regnamespace"
            " and relation.relkind = 'r' and relation.relname <> all(%s)",
            [list(WITHOUT_USERS)],
        ).fetchall()
    assert len(keys) >= 5
    assert {"user_id"} == {column for _, column in keys}
