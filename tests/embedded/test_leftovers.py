"""What a dead server leaves behind does not keep a new one from starting."""

from pathlib import Path

import pytest

from api.embedded.errors import ForeignServerError
from api.embedded.places import Places
from api.embedded.server import embedded_server
from tests.embedded.processes import answers, foreign_server, holder, kill_server, unrelated_process


def crashed(data_dir: Path) -> Places:
    """Let a server die with its files in place, and say where they are."""
    with holder(data_dir) as killed:
        killed.url()
        killed.kill()
    kill_server(data_dir)
    return Places(data_dir=data_dir)


def test_a_stale_pid_file_does_not_stop_a_start(data_dir: Path) -> None:
    places = crashed(data_dir)
    assert (places.cluster / "postmaster.pid").exists()
    with embedded_server(data_dir) as server:
        assert answers(server.url)


def test_a_stale_pid_file_whose_number_is_another_process_now_does_not_stop_a_start(
    data_dir: Path,
) -> None:
    places = crashed(data_dir)
    with unrelated_process() as pid:
        for file in (
            places.cluster / "postmaster.pid",
            places.socket_directory / ".s.PGSQL.5432.lock",
        ):
            lines = file.read_text().splitlines(keepends=True)
            file.write_text("".join([f"{pid}\n", *lines[1:]]))
        with embedded_server(data_dir) as server:
            assert answers(server.url)


@pytest.mark.parametrize("content", ["", "nonsense\n"])
def test_a_damaged_pid_file_does_not_stop_a_start(data_dir: Path, content: str) -> None:
    (data_dir / "postgresql" / "postmaster.pid").write_text(content)
    with embedded_server(data_dir) as server:
        assert answers(server.url)


def test_a_server_that_somebody_else_started_is_refused_and_left_alone(data_dir: Path) -> None:
    with foreign_server(data_dir) as server:
        with pytest.raises(ForeignServerError) as refusal, embedded_server(data_dir):
            pass
        assert refusal.value.pid == server.pid
        assert server.is_running()
    with embedded_server(data_dir) as own:
        assert answers(own.url)
