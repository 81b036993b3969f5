"""Starting, using and leaving the server in peace."""

import os
import stat
import time
from pathlib import Path

import psycopg
import pytest

from api.embedded.places import Places
from api.embedded.server import embedded_server
from tests.embedded.directories import furnish
from tests.embedded.processes import answers, note, noted, postmaster, runs, value

LONGEST_SOCKET_PATH = 107


def test_a_first_start_makes_a_database_and_a_second_keeps_its_data(room: Path) -> None:
    reports: list[str] = []
    with embedded_server(room / "data", reports.append) as server:
        note(server.url, 42)
    with embedded_server(room / "data", reports.append) as server:
        assert noted(server.url) == 42
    assert reports == [f"Making a new database in {room / 'data' / 'postgresql'}"]


def test_an_opening_says_what_runs_and_where(data_dir: Path) -> None:
    with embedded_server(data_dir) as server:
        assert server.version == value(server.url, "show server_version")
        assert server.location == data_dir / "postgresql"
        assert server.url.startswith("postgresql://taskfold@/taskfold?host=%2F")


@pytest.mark.parametrize("name", ["with a space", 'it\'s "quoted"', "ä, 100%"])
def test_any_name_of_the_data_directory_will_do(room: Path, template: Path, name: str) -> None:
    data_dir = furnish(room / name, template)
    with embedded_server(data_dir) as server:
        assert answers(server.url)
        assert answers(server.superuser_url)


def test_a_path_too_long_for_a_socket_moves_the_socket_elsewhere(
    room: Path,
    template: Path,
) -> None:
    data_dir = furnish(room / ("long" * 20) / ("longer" * 20), template)
    directory = Places(data_dir=data_dir).socket_directory
    with embedded_server(data_dir) as server:
        assert answers(server.url)
        assert len(os.fsencode(directory / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert not directory.exists()


def test_a_relative_path_and_a_link_lead_to_the_same_server(
    room: Path,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(data_dir.parent)
    (room / "link").symlink_to(data_dir)
    with embedded_server(Path(data_dir.name)) as server, embedded_server(room / "link") as same:
        assert same == server


def test_nothing_of_the_server_remains_when_its_last_user_has_left(data_dir: Path) -> None:
    with embedded_server(data_dir):
        server = postmaster(data_dir)
        children = server.children(recursive=True)
    assert not runs(data_dir)
    assert not any(process.is_running() for process in children)
    assert not (data_dir / "socket").exists()
    assert not (data_dir / "postgresql" / "postmaster.pid").exists()


def test_leaving_is_quick_even_with_clients_still_connected(data_dir: Path) -> None:
    with embedded_server(data_dir) as server:
        client = psycopg.connect(server.url)
        client.execute("create table unfinished as select generate_series(1, 100000)")
        started = time.monotonic()
    assert time.monotonic() - started < 3
    assert not runs(data_dir)
    client.close()


def test_the_servers_session_is_not_the_terminals(data_dir: Path) -> None:
    with embedded_server(data_dir):
        server = postmaster(data_dir)
        assert os.getsid(server.pid) == server.pid != os.getsid(0)


def test_a_grown_log_is_set_aside_at_the_next_start(data_dir: Path) -> None:
    log = data_dir / "postgresql.log"
    log.write_text("old\n" * 300_000)
    with embedded_server(data_dir):
        assert "old" not in log.read_text()
        assert log.with_name("postgresql.log.1").read_text().startswith("old\n")
