"""What a start waits for, and for how long."""

import time
from pathlib import Path

import pytest

from api.embedded import start
from api.embedded.errors import LingeringProcessesError, SilentServerError
from api.embedded.places import Places
from api.embedded.server import embedded_server
from tests.embedded.processes import (
    answers,
    block_replay,
    child,
    eventually,
    holder,
    postmaster,
    runs,
    status,
)


def test_a_long_replay_is_waited_for_and_reported(room: Path, own_data_dir: Path) -> None:
    block_replay(own_data_dir, until=room / "go")
    with holder(own_data_dir) as waiting:
        said = waiting.wait_for("s so far")
        assert said == "PostgreSQL is starting up or replaying its write-ahead log, 2 s so far"
        (room / "go").touch()
        assert answers(waiting.url())
        waiting.leave()


def test_whoever_comes_during_a_start_waits_for_it(room: Path, own_data_dir: Path) -> None:
    block_replay(own_data_dir, until=room / "go")
    with holder(own_data_dir) as first:
        eventually(lambda: status(own_data_dir) == "starting")
        with holder(own_data_dir) as second:
            said = second.wait_for("s so far")
            assert said.startswith("Another Taskfold process is starting or stopping PostgreSQL")
            (room / "go").touch()
            assert first.url() == second.url()


def test_a_long_shutdown_is_left_to_itself_and_the_next_start_waits_for_it(data_dir: Path) -> None:
    with embedded_server(data_dir):
        server = postmaster(data_dir)
        checkpointer = child(data_dir, "checkpointer")
        checkpointer.suspend()
        started = time.monotonic()
    assert time.monotonic() - started < 4
    assert runs(data_dir)
    with holder(data_dir) as waiting:
        said = waiting.wait_for("s so far")
        assert said.startswith("PostgreSQL is finishing an earlier shutdown")
        checkpointer.resume()
        assert answers(waiting.url())
        assert postmaster(data_dir) != server


def test_processes_that_outlive_a_killed_server_are_waited_for(data_dir: Path) -> None:
    with holder(data_dir) as killed:
        killed.url()
        orphan = child(data_dir, "checkpointer")
        orphan.suspend()
        killed.kill()
    postmaster(data_dir).kill()
    with holder(data_dir) as waiting:
        said = waiting.wait_for("s so far")
        assert said.startswith("Processes of an earlier PostgreSQL are still ending")
        orphan.resume()
        assert answers(waiting.url())


def test_processes_that_outlive_a_killed_server_for_too_long_are_named_as_the_reason(
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(start, "LONGEST_SILENCE", 0.2)
    with holder(data_dir) as killed:
        killed.url()
        orphan = child(data_dir, "checkpointer")
        orphan.suspend()
        killed.kill()
    postmaster(data_dir).kill()
    with pytest.raises(LingeringProcessesError), embedded_server(data_dir):
        pass
    orphan.resume()
    with embedded_server(data_dir) as server:
        assert answers(server.url)


def test_a_server_that_cannot_be_reached_is_not_waited_for_without_end(
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(start, "LONGEST_SILENCE", 0.2)
    with holder(data_dir) as other:
        other.url()
        socket = Places(data_dir=data_dir).socket_directory / ".s.PGSQL.5432"
        hidden = socket.rename(socket.with_name("hidden"))
        with pytest.raises(SilentServerError), embedded_server(data_dir):
            pass
        hidden.rename(socket)
        assert runs(data_dir)
