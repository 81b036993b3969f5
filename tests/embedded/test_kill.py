"""Whatever is killed at whatever moment, the next start has the data."""

import signal
from pathlib import Path

import psutil
import pytest

from api.embedded.errors import StartError
from api.embedded.places import Places
from api.embedded.server import embedded_server
from tests.embedded.processes import (
    answers,
    block_replay,
    child,
    eventually,
    holder,
    kill_server,
    note,
    noted,
    postmaster,
    replay_with,
    runs,
    status,
)


def test_a_killed_user_leaves_a_server_that_the_next_shares_and_stops(data_dir: Path) -> None:
    with holder(data_dir) as killed:
        url = killed.url()
        server = postmaster(data_dir)
        killed.kill()
    assert answers(url)
    with embedded_server(data_dir):
        assert postmaster(data_dir) == server
    assert not runs(data_dir)


def test_a_killed_user_does_not_count_beside_another(data_dir: Path) -> None:
    with embedded_server(data_dir), holder(data_dir) as killed:
        killed.url()
        killed.kill()
    assert not runs(data_dir)


def test_a_user_killed_while_starting_leaves_a_start_that_the_next_waits_for(
    room: Path,
    own_data_dir: Path,
) -> None:
    block_replay(own_data_dir, until=room / "go")
    with holder(own_data_dir) as killed:
        eventually(lambda: status(own_data_dir) == "starting")
        server = postmaster(own_data_dir)
        killed.kill()
    (room / "go").touch()
    with embedded_server(own_data_dir) as opened:
        assert answers(opened.url)
        assert postmaster(own_data_dir) == server


def test_a_server_killed_while_starting_is_started_again(
    room: Path,
    own_data_dir: Path,
) -> None:
    block_replay(own_data_dir, until=room / "go")
    with holder(own_data_dir) as starting:
        eventually(lambda: status(own_data_dir) == "starting")
        postmaster(own_data_dir).kill()
        (room / "go").touch()
        assert answers(starting.url())


def test_a_server_killed_at_each_start_is_given_up(own_data_dir: Path) -> None:
    replay_with(own_data_dir, "kill -9 $(head -n 1 postmaster.pid) $PPID")
    with pytest.raises(StartError, match="was killed each time"), embedded_server(own_data_dir):
        pass


def test_a_server_killed_together_with_its_user_comes_back_with_its_data(data_dir: Path) -> None:
    with holder(data_dir) as killed:
        note(killed.url(), 42)
        killed.kill()
    kill_server(data_dir)
    with embedded_server(data_dir) as server:
        assert noted(server.url) == 42


def test_a_server_killed_under_its_user_is_started_again(data_dir: Path) -> None:
    reports: list[str] = []
    with embedded_server(data_dir, reports.append) as server:
        note(server.url, 42)
        postmaster(data_dir).kill()
        eventually(lambda: bool(reports) and answers(server.url))
        assert noted(server.url) == 42
    assert reports == ["PostgreSQL ended unexpectedly and is being started again"]
    assert not runs(data_dir)


def test_a_server_that_cannot_be_started_again_is_reported_and_tried_again(data_dir: Path) -> None:
    reports: list[str] = []
    version = Places(data_dir=data_dir).cluster / "PG_VERSION"
    with embedded_server(data_dir, reports.append) as server:
        right = version.read_text()
        version.write_text("14\n")
        postmaster(data_dir).kill()
        eventually(lambda: any("was made by PostgreSQL 14" in report for report in reports))
        version.write_text(right)
        eventually(lambda: answers(server.url))


def test_a_killed_child_of_the_server_is_recovered_from(data_dir: Path) -> None:
    with embedded_server(data_dir) as server:
        child(data_dir, "walwriter").kill()
        eventually(lambda: answers(server.url))
        with embedded_server(data_dir) as joined:
            assert answers(joined.url)


def test_an_interrupted_initialisation_ends_at_once(room: Path) -> None:
    with holder(room / "data") as interrupted:
        eventually(lambda: any(room.glob("data/postgresql.new-*/PG_VERSION")))
        programs = psutil.Process(interrupted.process.pid).children()
        interrupted.process.send_signal(signal.SIGINT)
        interrupted.process.wait()
    assert not any(program.is_running() for program in programs)
    eventually(lambda: not runs(room / "data"))


@pytest.mark.parametrize("with_its_program", [True, False])
def test_a_killed_initialisation_is_made_anew(room: Path, *, with_its_program: bool) -> None:
    places = Places(data_dir=room / "data")
    with holder(places.data_dir) as killed:
        eventually(lambda: any(places.data_dir.glob("postgresql.new-*/PG_VERSION")))
        programs = psutil.Process(killed.process.pid).children()
        killed.kill()
        for program in programs if with_its_program else []:
            program.kill()
    assert not places.cluster.exists()
    with embedded_server(places.data_dir) as server:
        assert answers(server.url)
    assert not any(places.data_dir.glob("postgresql.new-*"))
