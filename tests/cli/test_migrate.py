"""`taskfold migrate` brings a schema to head and says what it did."""

import json

import psycopg
import pytest

from api import runtime
from migrations.upgrade import current_revision, head_revision
from tests.cli.commands import taskfold

pytestmark = pytest.mark.usefixtures("logging_restored", "data_dir")


@pytest.fixture
def empty(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    return empty_database_url


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_it_says_from_which_revision_to_which(
    empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taskfold("migrate") == 0
    assert f"from revision none to {head_revision()}" in capsys.readouterr().out
    assert current_revision(empty) == head_revision()
    assert taskfold("migrate") == 0
    assert f"at revision {head_revision()}, the newest" in capsys.readouterr().out


@pytest.mark.usefixtures("empty")
def test_a_script_reads_the_revisions_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("migrate", "--json") == 0
    head = head_revision()
    assert json.loads(capsys.readouterr().out) == {"from": None, "to": head, "head": head}


def test_a_check_fails_and_changes_nothing_while_there_is_something_to_do(
    empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taskfold("migrate", "--check") == 1
    assert "run `taskfold migrate`" in capsys.readouterr().err
    assert current_revision(empty) is None
    taskfold("migrate")
    assert taskfold("migrate", "--check") == 0


def test_a_schema_from_the_future_is_left_alone(
    empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    taskfold("migrate")
    execute(empty, "update taskfold.alembic_version set version_num = '9999'")
    capsys.readouterr()
    assert taskfold("migrate") == 1
    assert "revision 9999, which this version of Taskfold does not know" in capsys.readouterr().err


def test_a_server_that_refuses_is_quoted_in_one_sentence(
    empty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = empty.partition("?")[0].rpartition("/")[2]
    execute(empty, f"alter database {name} set default_transaction_read_only = on")
    assert taskfold("migrate") == 1
    told = capsys.readouterr().err
    assert told.startswith("Error: The schema could not be brought up to date")
    assert "read-only transaction" in told
    assert told.count("\n") == 1


def test_a_server_too_old_for_the_schema_is_refused_before_anything_is_changed(
    empty: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Servers of two versions are not to be had in one run, so the oldest moves instead.
    monkeypatch.setattr(runtime, "OLDEST_MAJOR", 99)
    assert taskfold("migrate") == 1
    assert "Taskfold needs 99 or newer" in capsys.readouterr().err
    assert current_revision(empty) is None
