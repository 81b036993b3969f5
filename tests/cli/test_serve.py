"""`taskfold serve` from nothing to a task and back, and every way it is asked to end."""

import json
import os
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx2
import psycopg
import pytest

from api.embedded.postmaster import live_postmaster
from api.embedded.server import embedded_server
from api.identity.issue import issue_token
from api.identity.secret import secret_path
from events import clock
from tests.cli.commands import served
from tests.embedded.processes import eventually

PRODUCTION_SECRET = "dQw4w9WgXcQ-kL0mN1pR2sT3uV4xY5zA6b"


@pytest.fixture
def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database that is there already, as in production."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return database_url


def limit() -> float:
    """Seconds in which a process that is asked to end must have ended.

    Five, or more in proportion when this machine has more to do than it has processors.
    """
    return 5.0 * max(1.0, os.getloadavg()[0] / (os.process_cpu_count() or 1))


def hold_up(connection: psycopg.Connection, user_id: str) -> None:
    """Let every further command of a user wait until this connection's transaction ends."""
    connection.execute("select from taskfold.user_log where user_id = %s for update", [user_id])


def create(address: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    body = {"title": "Water the plants"}
    return httpx2.post(f"{address}/api/tasks", json=body, headers=headers, timeout=30).status_code


def wait_until_blocked(database: str, blocker: psycopg.Connection) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        blocked = "select from pg_stat_activity where %s = any(pg_blocking_pids(pid))"
        pid = blocker.info.backend_pid
        eventually(lambda: connection.execute(blocked, [pid]).fetchone() is not None)


def wait_until_refused(address: str) -> None:
    host, _, port = address.removeprefix("http://").partition(":")

    def refused() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((host, int(port))) != 0

    eventually(refused)


def token_for(user_id: str, data_dir: Path) -> str:
    secret = secret_path(data_dir).read_bytes().strip()
    return issue_token(secret, user_id=user_id, now=clock.now(), lifetime=timedelta(hours=1))


def test_one_command_gives_a_request_to_paste_and_a_signal_takes_everything_away(
    server_data_dir: Path,
) -> None:
    with served() as service:
        request = service.wait_for("curl")
        assert any("PostgreSQL  18." in line for line in service.said)
        assert any(str(secret_path(server_data_dir)) in line for line in service.said)
        answer = subprocess.run(
            ["bash", "-c", request], check=True, capture_output=True, text=True
        ).stdout
        assert json.loads(answer)["title"] == "Try Taskfold"
        assert live_postmaster(server_data_dir / "postgresql")
        code, seconds = service.stop(signal.SIGTERM)
    assert code == 0
    assert seconds < limit()
    assert live_postmaster(server_data_dir / "postgresql") is None


def test_a_signal_during_the_start_ends_it_without_an_error(server_data_dir: Path) -> None:
    with served() as service:
        service.wait_for("Making a new database")
        code, seconds = service.stop(signal.SIGTERM)
        rest = service.rest()
    assert code == 0
    assert seconds < limit()
    assert "Traceback" not in rest
    assert live_postmaster(server_data_dir / "postgresql") is None
    with embedded_server(server_data_dir) as server:
        assert server.version.startswith("18.")


def test_it_serves_on_when_nobody_reads_and_leaves_nothing_when_the_terminal_closes(
    server_data_dir: Path,
) -> None:
    with served() as service:
        address = service.address()
        assert service.process.stdout is not None
        service.process.stdout.close()
        for _ in range(3):
            assert httpx2.get(f"{address}/api/health/ready").status_code == 200
        assert service.stop(signal.SIGHUP)[0] == 0
    assert live_postmaster(server_data_dir / "postgresql") is None


@pytest.mark.usefixtures("database", "data_dir")
def test_control_c_ends_it_without_an_error() -> None:
    with served() as service:
        service.address()
        assert service.stop(signal.SIGINT)[0] == 0


@pytest.mark.usefixtures("database", "data_dir")
def test_a_token_is_never_made_unasked_from_a_secret_that_others_believe_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BETTER_AUTH_SECRET", PRODUCTION_SECRET)
    with served() as service:
        service.address()
        service.stop(signal.SIGTERM)
        told = "\n".join([*service.said, service.rest()])
    assert "taskfold token" in told
    assert "eyJ" not in told
    assert PRODUCTION_SECRET not in told


@pytest.mark.usefixtures("database")
def test_where_an_issuer_signs_it_says_whose_keys_are_trusted_and_makes_no_secret(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BETTER_AUTH_URL", "http://localhost:1")
    with served() as service:
        service.address()
        service.stop(signal.SIGTERM)
        told = "\n".join([*service.said, service.rest()])
    assert "http://localhost:1/api/auth/jwks" in told
    assert "eyJ" not in told
    assert not secret_path(data_dir).exists()


def test_a_request_under_way_is_answered_before_the_end(
    database: str, data_dir: Path, user_id: str
) -> None:
    with served() as service, ThreadPoolExecutor() as pool, psycopg.connect(database) as blocker:
        address = service.address()
        token = token_for(user_id, data_dir)
        assert create(address, token) == 201
        hold_up(blocker, user_id)
        answer = pool.submit(create, address, token)
        wait_until_blocked(database, blocker)
        service.process.send_signal(signal.SIGTERM)
        wait_until_refused(address)
        blocker.rollback()
        assert answer.result() == 201
        assert service.process.wait(limit()) == 0


def test_a_request_that_never_ends_does_not_keep_the_process(
    database: str, data_dir: Path, user_id: str
) -> None:
    with served() as service, ThreadPoolExecutor() as pool, psycopg.connect(database) as blocker:
        address = service.address()
        token = token_for(user_id, data_dir)
        assert create(address, token) == 201
        hold_up(blocker, user_id)
        answer = pool.submit(create, address, token)
        wait_until_blocked(database, blocker)
        code, seconds = service.stop(signal.SIGTERM)
        assert code == 0
        assert seconds < limit()
        assert answer.exception() or answer.result() >= 500
