"""What the running server is like: durable, private, discreet, and no superuser's."""

import os
import stat
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from api.embedded.account import server_account
from api.embedded.places import Places
from api.embedded.server import EmbeddedServer, embedded_server
from tests.embedded.directories import furnish, reachable_directory
from tests.embedded.processes import execute, value


@pytest.fixture(scope="module")
def places(template: Path) -> Generator[Places]:
    with reachable_directory() as directory:
        yield Places(data_dir=furnish(directory / "data", template))


@pytest.fixture(scope="module")
def server(places: Places) -> Generator[EmbeddedServer]:
    with embedded_server(places.data_dir) as server:
        yield server


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("restart_after_crash", "on"),
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("server_encoding", "UTF8"),
        ("lc_collate", "C"),
        ("jit", "off"),
        ("max_connections", "100"),
    ],
)
def test_a_setting_is_as_it_must_be(server: EmbeddedServer, setting: str, expected: str) -> None:
    assert value(server.url, f"select current_setting('{setting}', true)") in {expected, None}


def test_a_durable_setting_survives_an_attempt_to_change_it(server: EmbeddedServer) -> None:
    execute(server.superuser_url, "alter system set fsync = off")
    execute(server.superuser_url, "select pg_reload_conf()")
    assert value(server.url, "show fsync") == "on"
    execute(server.superuser_url, "alter system reset fsync")


def test_the_server_cannot_be_reached_over_the_network(server: EmbeddedServer) -> None:
    identity = "select system_identifier from pg_control_system()"
    # Another PostgreSQL may well be there, with or without a door for us.
    with suppress(psycopg.OperationalError):
        stranger = value("postgresql://taskfold@127.0.0.1:5432/taskfold", identity)
        assert stranger != value(server.url, identity)
    assert value(server.url, "show listen_addresses") == ""


def test_letters_beyond_ascii_have_upper_and_lower_case(server: EmbeddedServer) -> None:
    assert value(server.url, "select lower('ÄÉΩ')") == "äéω"


def test_the_applications_role_owns_its_database_and_is_no_superuser(
    server: EmbeddedServer,
) -> None:
    role = "select (rolsuper, rolbypassrls, rolcreatedb, rolcreaterole)::text from pg_roles "
    owner = "select datdba::regrole::text from pg_database where datname = current_database()"
    assert value(server.url, role + "where rolname = current_user") == "(f,f,t,t)"
    assert value(server.url, owner) == value(server.url, "select current_user") == "taskfold"


@pytest.mark.usefixtures("server")
def test_only_the_servers_account_may_enter_its_directories(places: Places) -> None:
    for directory in (places.cluster, places.socket_directory):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        assert directory.stat().st_uid == server_account().uid


@pytest.mark.usefixtures("server")
def test_the_files_beside_the_cluster_are_ours_alone(places: Places) -> None:
    for file in (places.log, places.users_lock, places.control_lock, places.server_lock):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.stat().st_uid == os.geteuid()


def test_what_a_failed_statement_quotes_stays_out_of_the_log(
    server: EmbeddedServer,
    places: Places,
) -> None:
    execute(server.url, "create table unique_title (title text primary key)")
    execute(server.url, "insert into unique_title values ('buy milk')")
    with pytest.raises(psycopg.errors.UniqueViolation, match="buy milk"):
        execute(server.url, "insert into unique_title values ('buy milk')")
    with pytest.raises(psycopg.errors.InvalidTextRepresentation, match="buy milk"):
        execute(server.url, "select 'buy milk'::int")
    assert "buy milk" not in places.log.read_text()
