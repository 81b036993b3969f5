"""Whatever goes wrong is a sentence that names what to change, an exit code, and no stack trace."""

import socket
import subprocess
from pathlib import Path
from typing import Never

import psycopg
import pytest

from api.cli import token as token_command
from tests.cli.commands import finished, taskfold
from tests.databases import prepare

pytestmark = pytest.mark.usefixtures("data_dir", "logging_restored")


def sentence(ended: subprocess.CompletedProcess[str], *, code: int) -> str:
    """Give the one line that was printed."""
    assert ended.returncode == code
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith("Error: ")
    return line


def fail_unexpectedly(*_: object, **__: object) -> Never:
    """Stand in for a mistake of ours."""
    raise LookupError


def test_an_occupied_port_is_named_before_anything_is_started(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        told = sentence(finished("serve", "--port", port), code=1)
    assert f"Port {port} on 127.0.0.1 is in use" in told
    assert "TASKFOLD_PORT" in told
    assert not data_dir.exists()


def test_a_database_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://user:hunter2@host/db")
    told = sentence(finished("serve", "--port", "0"), code=2)
    assert "DATABASE_URL" in told
    assert "postgresql://" in told
    assert "hunter2" not in told


def test_a_server_that_does_not_answer_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:hunter2@127.0.0.1:1/db")
    told = sentence(finished("serve", "--port", "0"), code=1)
    assert "DATABASE_URL" in told
    assert "hunter2" not in told


def test_a_database_that_does_not_exist_is_named(
    monkeypatch: pytest.MonkeyPatch, server_url: str
) -> None:
    head, _, query = server_url.partition("?")
    monkeypatch.setenv("DATABASE_URL", f"{head.rpartition('/')[0]}/nowhere?{query}")
    told = sentence(finished("serve", "--port", "0"), code=1)
    assert "DATABASE_URL" in told
    assert "nowhere" in told


def test_every_wrong_setting_is_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BETTER_AUTH_SECRET", "short")
    monkeypatch.setenv("TASKFOLD_PORT", "many")
    assert taskfold("serve") == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("Error: BETTER_AUTH_SECRET ")
    assert second.startswith("Error: TASKFOLD_PORT ")


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1"])
def test_a_host_that_is_not_this_machine_is_named(
    host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taskfold("serve", "--host", host, "--port", "0") == 1
    told = capsys.readouterr().err
    assert host in told
    assert "TASKFOLD_HOST" in told


def test_what_nobody_expected_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(token_command, "signing_secrets", fail_unexpectedly)
    assert taskfold("token") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "LookupError" in line
    assert "TASKFOLD_LOG_LEVEL=debug" in line


def test_debugging_shows_where_it_happened(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(token_command, "signing_secrets", fail_unexpectedly)
    monkeypatch.setenv("TASKFOLD_LOG_LEVEL", "debug")
    assert taskfold("token") == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_application_that_does_not_start_is_a_sentence_after_its_log(
    monkeypatch: pytest.MonkeyPatch, empty_database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    monkeypatch.setattr("api.app.open_pool", fail_unexpectedly)
    assert taskfold("serve", "--port", "0") == 1
    printed = capsys.readouterr()
    assert printed.err.splitlines()[-1] == (
        "Error: The server did not start; the log above says why."
    )
    assert "is ready" not in printed.out


def test_a_log_of_a_newer_version_is_not_started_on(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(
            "insert into taskfold.event values ('ada', 1, default, 1, 1, 'TaskExploded', 1,"
            " '{}', '{}', now(), decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'))"
        )
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    told = sentence(finished("serve", "--port", "0"), code=1)
    assert "No event type 'TaskExploded' with schema version 1 is known here" in told
