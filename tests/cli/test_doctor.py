"""The doctor finds what is wrong, says what to do, and changes nothing."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from api.cli import database_checks, machine_checks
from api.identity.secret import own_secret, secret_path
from events import clock
from migrations.upgrade import upgrade
from tests.cli.commands import taskfold

pytestmark = pytest.mark.usefixtures("logging_restored")

type Findings = dict[str, tuple[str, str]]


@pytest.fixture(autouse=True)
def healthy(empty_database_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A set-up without a fault: a migrated database, a secret, a free port."""
    upgrade(empty_database_url)
    own_secret(data_dir)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        monkeypatch.setenv("TASKFOLD_PORT", str(probe.getsockname()[1]))
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    return empty_database_url


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def examine(capsys: pytest.CaptureFixture[str], *, code: int) -> Findings:
    assert taskfold("doctor", "--json") == code
    checks = json.loads(capsys.readouterr().out)
    return {check["name"]: (check["status"], check["detail"]) for check in checks}


def only_problem(capsys: pytest.CaptureFixture[str], name: str) -> str:
    found = examine(capsys, code=1)
    assert [each for each, (status, _) in found.items() if status == "problem"] == [name]
    return found[name][1]


def answer_once(listener: socket.socket) -> bytes:
    """Say yes to one request, and give it back."""
    connection, _ = listener.accept()
    with connection:
        request = connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    return request


def test_a_healthy_set_up_passes_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    found = examine(capsys, code=0)
    assert {status for status, _ in found.values()} == {"ok"}
    assert list(found) == [
        "settings",
        "data directory",
        "database",
        "schema",
        "append-only trigger",
        "isolation",
        "clock",
        "secret",
        "docs address",
    ]


def test_people_read_one_line_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("doctor") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 9
    assert all(line.startswith("ok ") for line in lines)


def test_wrong_settings_are_all_listed_and_the_rest_waits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TASKFOLD_PORT", "many")
    monkeypatch.setenv("BETTER_AUTH_SECRET", "short")
    assert taskfold("doctor") == 1
    printed = capsys.readouterr()
    assert printed.out.count("problem ") == 2
    assert printed.out.count("skipped ") == 8
    assert printed.err == "Error: 2 checks found a problem; the list says what to do.\n"


def test_a_data_directory_that_is_a_file_is_found(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TASKFOLD_DATA_DIR", str(secret_path(data_dir)))
    assert "TASKFOLD_DATA_DIR" in only_problem(capsys, "data directory")


def test_a_data_directory_that_nobody_can_write_to_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TASKFOLD_DATA_DIR", "/dev/fd")
    assert "TASKFOLD_DATA_DIR" in only_problem(capsys, "data directory")


def test_a_version_of_postgresql_that_is_not_supported_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Servers of two versions are not to be had in one run, so the range moves instead.
    monkeypatch.setattr(database_checks, "NEWEST_MAJOR", 14)
    assert "is not one of 15 to 14" in only_problem(capsys, "database")


def test_a_server_that_does_not_answer_is_found_and_its_password_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:hunter2@127.0.0.1:1/db")
    told = only_problem(capsys, "database")
    assert "DATABASE_URL" in told
    assert "hunter2" not in told


def test_a_schema_behind_the_code_is_found(
    healthy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(healthy, "update taskfold.alembic_version set version_num = '0001'")
    assert "run `taskfold migrate`" in only_problem(capsys, "schema")


def test_a_trigger_that_was_switched_off_is_found(
    healthy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(healthy, "alter table taskfold.event disable trigger event_is_append_only")
    assert "enable always trigger" in only_problem(capsys, "append-only trigger")


def test_a_trigger_that_was_dropped_is_found(
    healthy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(healthy, "drop trigger event_is_append_only on taskfold.event")
    assert "There is none" in only_problem(capsys, "append-only trigger")


def test_the_doctor_shows_that_rows_are_kept_apart_and_leaves_nothing_behind(
    healthy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, told = examine(capsys, code=0)["isolation"]
    assert "as the role taskfold_request_" in told
    with psycopg.connect(healthy) as connection:
        assert connection.execute("select count(*) from taskfold.user_log").fetchone() == (0,)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("alter table taskfold.task disable row level security", "off for taskfold.task"),
        ("alter table taskfold.event no force row level security", "off for taskfold.event"),
        ("create policy leak on taskfold.user_log using (true)", "does not see exactly"),
        ("create policy leak on taskfold.user_log for insert with check (true)", "can write"),
        (
            "create policy leak on taskfold.user_log for select using"  # noqa: ISC004
            " (current_setting('taskfold.user_id', true) = '')",
            "has no user",
        ),
        (
            "create or replace function taskfold.request_role() returns text"  # noqa: ISC004
            " language sql immutable as $$ select 'nobody-there' $$",
            "is refused",
        ),
    ],
)
def test_a_hole_between_users_is_found(
    healthy: str, capsys: pytest.CaptureFixture[str], damage: str, told: str
) -> None:
    execute(healthy, damage)
    found = only_problem(capsys, "isolation")
    assert told in found
    assert "taskfold migrate" in found


def test_isolation_waits_for_a_schema(healthy: str, capsys: pytest.CaptureFixture[str]) -> None:
    execute(healthy, "drop schema taskfold cascade")
    assert examine(capsys, code=1)["isolation"][0] == "skipped"


def test_clocks_that_differ_are_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    late = clock.now() - timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert "differ by 300 s" in only_problem(capsys, "clock").replace("301", "300")


def test_a_secret_that_others_may_read_is_found(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret_path(data_dir).chmod(0o644)
    assert "open to other users" in only_problem(capsys, "secret")


def test_a_damaged_secret_is_found(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret_path(data_dir).write_text("")
    assert "delete it" in only_problem(capsys, "secret")


def test_a_secret_is_not_made_by_looking_for_it(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret_path(data_dir).unlink()
    assert examine(capsys, code=0)["secret"][0] == "ok"
    assert not secret_path(data_dir).exists()


def test_where_an_issuer_signs_no_secret_is_missed(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret_path(data_dir).unlink()
    monkeypatch.setenv("BETTER_AUTH_URL", "https://app.example.com")
    status, told = examine(capsys, code=0)["secret"]
    assert status == "ok"
    assert "https://app.example.com/api/auth/jwks" in told


def test_secrets_that_were_set_are_counted_and_not_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = "dQw4w9WgXcQ-kL0mN1pR2sT3uV4xY5zA6b", "Zb6Az5Yx4Vu3Ts2Rp1Nm0Lk-QcXgW9w4Qd"
    monkeypatch.setenv("BETTER_AUTH_SECRET", f"{first},{second}")
    status, told = examine(capsys, code=0)["secret"]
    assert status == "ok"
    assert "2 of them" in told
    assert first not in told


def test_a_port_that_another_program_has_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine_checks, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("TASKFOLD_PORT", str(other.getsockname()[1]))
        assert "TASKFOLD_PORT" in only_problem(capsys, "docs address")


def test_an_address_where_taskfold_answers_already_is_fine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, ThreadPoolExecutor() as pool:
        monkeypatch.setenv("TASKFOLD_PORT", str(other.getsockname()[1]))
        asked = pool.submit(answer_once, other)
        assert "Taskfold answers" in examine(capsys, code=0)["docs address"][1]
        assert asked.result().startswith(b"GET /api/docs ")


def test_a_host_that_does_not_exist_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TASKFOLD_HOST", "nowhere.invalid")
    assert "TASKFOLD_HOST" in only_problem(capsys, "docs address")


def test_any_free_port_is_fine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TASKFOLD_PORT", "0")
    assert examine(capsys, code=0)["docs address"][0] == "ok"
