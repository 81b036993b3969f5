"""Looking at projections, pausing, resuming and running them from the command line."""

import json
import os
import signal
import subprocess
from collections.abc import Generator

import anyio
import psycopg
import pytest

from commands.handler import open_handler
from commands.tasks import CreateTask
from events.database import open_pool
from projections.inline import project
from projections.registry import PROJECTIONS
from tests.activity import different_days
from tests.cli.commands import TASKFOLD, taskfold
from tests.databases import database, prepare
from tests.people import asking

pytestmark = pytest.mark.usefixtures("logging_restored", "data_dir")

NAME = "daily_activity"

STOPPED_AT = """
    update taskfold.projection
    set paused_at = now(), failed_at = now(), failed_user_id = %s, failed_sequence = %s,
        failure = 'CannotApplyError: PoisonError'
    where name = 'daily_activity'
"""


async def live(url: str) -> None:
    async with (
        open_pool(url, size=2) as pool,
        open_handler(pool, project, queue_limit=9) as handler,
    ):
        for user_id in ("ada", "https://id.example/eve"):
            await handler.handle(asking(user_id), CreateTask(title="Secret"))


@pytest.fixture
def url(server_url: str, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """A database with two events that nobody has carried a projection on to."""
    with database(server_url) as url:
        prepare(url)
        anyio.run(live, url)
        monkeypatch.setenv("DATABASE_URL", url)
        yield url


def change(url: str, statement: str, *facts: object) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement.encode(), facts)


@pytest.mark.parametrize("verb", ["list", "run", "pause", "resume"])
def test_every_verb_has_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("projections", verb, "--help") == 0
    assert f"taskfold projections {verb}" in capsys.readouterr().out.partition("Example:")[2]


@pytest.mark.usefixtures("url")
def test_the_list_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("projections", "list") == 0
    said = capsys.readouterr().out
    assert said.startswith("task  inline  version 1 of 1  live\n")
    assert f"{NAME}  async  version 1 of 1  live\n  2 events behind, the oldest " in said
    assert said.endswith("s old; nobody runs it\n")


@pytest.mark.usefixtures("url")
def test_the_list_is_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("projections", "list", "--json") == 0
    listed = {status["name"]: status for status in json.loads(capsys.readouterr().out)}
    assert list(listed) == list(PROJECTIONS)
    assert listed[NAME]["condition"] == "live"
    assert (listed[NAME]["lag"]["events"], listed[NAME]["lag"]["exact"]) == (2, True)
    assert (listed[NAME]["rebuild"], listed[NAME]["skips"]) == (None, [])


@pytest.mark.usefixtures("url")
def test_a_projection_is_paused_and_resumed_however_often(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for verb, told in (
        ("pause", f"Paused {NAME}; `taskfold projections resume {NAME}` lets it go on.\n"),
        ("pause", f"{NAME} had stopped already.\n"),
        ("resume", f"{NAME} goes on; `taskfold projections list` shows how far it is.\n"),
        ("resume", f"{NAME} had not stopped.\n"),
    ):
        assert taskfold("projections", verb, NAME) == 0
        assert capsys.readouterr().out == told


@pytest.mark.parametrize("verb", ["pause", "resume", "run"])
def test_a_name_that_is_no_projection_is_met_with_those_there_are(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taskfold("projections", verb, "tasks") == 1
    assert capsys.readouterr().err == (
        "Error: There is no projection 'tasks'; there are task, task_change, task_terms,"
        " daily_activity.\n"
    )


@pytest.mark.parametrize("verb", ["pause", "resume", "run"])
def test_an_inline_projection_can_be_neither_run_nor_paused(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taskfold("projections", verb, "task") == 1
    assert "written in the transaction of each append" in capsys.readouterr().err


def test_the_event_it_stopped_at_is_named_skipped_and_shown_from_then_on(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    user = "https://id.example/eve"
    change(url, STOPPED_AT, user, 1)
    assert taskfold("projections", "list") == 0
    said = capsys.readouterr().out
    assert f"  stopped at event 1 of user {user}: CannotApplyError: PoisonError\n" in said
    assert taskfold("projections", "resume", NAME, "--skip", f"{user}/1") == 0
    assert capsys.readouterr().out == f"{NAME} goes on without event 1 of user {user}.\n"
    assert taskfold("projections", "list") == 0
    said = capsys.readouterr().out
    assert "stopped at" not in said
    assert f"  skips event 1 of user {user} (TaskCreated) since 20" in said


def test_no_other_event_can_be_skipped(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    change(url, STOPPED_AT, "ada", 1)
    assert taskfold("projections", "resume", NAME, "--skip", "ada/2") == 1
    assert capsys.readouterr().err == (
        f"Error: Projection {NAME} did not stop at event 2 of user ada, and only the event it "
        "stopped at can be skipped; `taskfold projections list` names it.\n"
    )
    assert taskfold("projections", "list", "--json") == 0
    status = json.loads(capsys.readouterr().out)[-1]
    assert (status["condition"], status["skips"]) == ("failed", [])


@pytest.mark.parametrize("written", ["ada", "ada/", "/1", "ada/0", "ada/x"])
def test_an_event_that_is_written_wrongly_is_a_wrong_command_line(
    written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taskfold("projections", "resume", NAME, "--skip", written) == 2
    assert "demo/7" in capsys.readouterr().err


def test_a_rebuild_and_a_table_kept_are_listed(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(
        url,
        "insert into taskfold.projection"
        " (name, generation, version, inline, state, phase, phase_began_at, resumed_at, events)"
        " values ('daily_activity', 2, 1, false, 'building', 'replaying', now(), now(), 4000)",
    )
    change(
        url,
        "insert into taskfold.projection (name, generation, version, inline, state)"
        " values ('daily_activity', 3, 1, false, 'previous')",
    )
    assert taskfold("projections", "list") == 0
    said = capsys.readouterr().out
    assert "rebuilding version 1, replaying: 0 of 4,000 events, 0/s\n" in said
    assert "kept for a rollback: version 1\n" in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_projectors_run_as_a_process_of_their_own_and_end_when_told_to(
    url: str, number: int
) -> None:
    running = subprocess.Popen(
        [TASKFOLD, "projections", "run"], stderr=subprocess.PIPE, text=True, env=os.environ
    )
    try:
        assert running.stderr is not None
        said = next(line for line in running.stderr if line.startswith("Running"))
        anyio.run(caught_up, url)
        running.send_signal(number)
        assert running.wait(timeout=10) == 0
        assert "Traceback" not in running.stderr.read()
    finally:
        running.kill()
        running.wait()
        if running.stderr is not None:
            running.stderr.close()
    assert said == f"Running {NAME}; Control-C stops it.\n"
    with psycopg.connect(url) as connection:
        [owners] = connection.execute("select count(owner) from taskfold.projection").fetchall()
    assert owners == (0,)


async def caught_up(url: str) -> None:
    async with open_pool(url, size=1) as pool, pool.connection() as connection:
        with anyio.fail_after(30):
            while await different_days(connection):  # noqa: ASYNC110 - nobody rings here
                await anyio.sleep(0.05)
