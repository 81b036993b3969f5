"""Several users of one server, in one process and in many."""

from contextlib import ExitStack
from pathlib import Path

from api.embedded.server import embedded_server
from tests.embedded.processes import answers, holder, note, noted, postmaster, runs


def test_two_openings_in_one_process_share_a_server(data_dir: Path) -> None:
    with embedded_server(data_dir) as outer:
        server = postmaster(data_dir)
        with embedded_server(data_dir) as inner:
            assert inner == outer
        assert postmaster(data_dir) == server
        assert answers(outer.url)
    assert not runs(data_dir)


def test_the_one_who_started_the_server_may_leave_first(data_dir: Path) -> None:
    with holder(data_dir) as first, holder(data_dir) as second:
        assert first.url() == (url := second.url())
        first.leave()
        assert answers(url)
        second.leave()
        assert not runs(data_dir)


def test_the_one_who_joined_the_server_may_leave_first(data_dir: Path) -> None:
    with embedded_server(data_dir) as server:
        note(server.url, 42)
        with holder(data_dir) as other:
            other.url()
            other.leave()
        assert noted(server.url) == 42


def test_many_who_come_at_once_share_one_server_and_the_last_stops_it(data_dir: Path) -> None:
    with ExitStack() as stack:
        holders = [stack.enter_context(holder(data_dir)) for _ in range(4)]
        urls = {other.url() for other in holders}
        assert len(urls) == 1
        assert answers(urls.pop())
        for other in holders:
            other.start_leaving()
        for other in holders:
            other.wait_for("left")
        assert not runs(data_dir)


def test_a_first_start_by_two_at_once_makes_one_database(room: Path) -> None:
    with holder(room / "data") as first, holder(room / "data") as second:
        assert first.url() == second.url()
        made = [line for line in first.heard + second.heard if line.startswith("Making")]
        assert len(made) == 1
