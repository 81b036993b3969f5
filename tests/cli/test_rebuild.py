"""Verifying, rebuilding, rolling back, calling off and dropping from the command line."""

import json
import os
import pty
import subprocess
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import anyio
import psycopg
import pytest

from commands.handler import open_handler
from commands.tasks import CreateTask
from events.database import open_pool
from projections.inline import project
from projections.rebuild.shards import totals
from tests.cli.commands import TASKFOLD, taskfold
from tests.cli.lives import live
from tests.databases import database, prepare
from tests.people import asking

pytestmark = pytest.mark.usefixtures("logging_restored", "data_dir")


VERBS = ("verify", "rebuild", "rollback", "drop", "cancel")


@pytest.fixture
def url(server_url: str, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    with database(server_url) as url:
        prepare(url)
        anyio.run(live, url, "ada", "o'brien")
        monkeypatch.setenv("DATABASE_URL", url)
        yield url


def _change(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement.encode())


def _asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    assert taskfold("projections", *arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("projections", verb, "--help") == 0
    assert f"Example: taskfold projections {verb}" in capsys.readouterr().out


@pytest.mark.parametrize("verb", VERBS)
def test_a_projection_nobody_knows_is_a_sentence_naming_those_there_are(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taskfold("projections", verb, "taks") == 1
    assert "There is no projection 'taks'; there are task, task_change" in capsys.readouterr().err


@pytest.mark.usefixtures("url")
def test_a_rebuild_says_what_it_did_and_what_can_be_done_next(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert taskfold("projections", "rebuild", "task", "--workers", "1") == 0
    told = capsys.readouterr()
    assert "Table 2 of task is live: 4 events in" in told.out
    assert "2 rows, content " in told.out
    assert "and equals history and the table before it." in told.out
    assert "`taskfold projections rollback task`" in told.out
    assert "Building the indexes." in told.err
    assert "Switching." in told.err


def test_a_rebuild_and_a_rollback_tell_a_script_the_same_content(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rebuilt = _asked(capsys, "rebuild", "task_change", "--workers", "2", "--rate", "100000")
    rolled_back = _asked(capsys, "rollback", "task_change")
    verified = _asked(capsys, "verify", "task_change")
    assert (rebuilt["generation"], rolled_back["generation"]) == (2, 1)
    assert rebuilt["hash"] == rolled_back["hash"] == verified["hash"] == verified["expected_hash"]
    assert rebuilt["rows"] == verified["rows"] == verified["expected_rows"] == 4
    assert taskfold("projections", "drop", "task_change") == 0
    assert taskfold("projections", "rollback", "task_change") == 1
    assert "has no table that is previous" in capsys.readouterr().err
    del url


def test_differing_rows_are_listed_by_what_differs_and_never_by_what_they_hold(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _change(url, "update taskfold.task set title = 'Forged' where user_id = 'o''brien'")
    assert taskfold("projections", "verify", "task") == 1
    told = capsys.readouterr()
    line = 'user_id "o\'brien", task_id 1: different in title'
    assert f"task, {line}" in told.out
    assert "1 difference found" in told.err
    assert taskfold("projections", "verify", "task", "--user", "ada") == 0
    assert taskfold("projections", "rebuild", "task", "--workers", "1") == 1
    told = capsys.readouterr()
    assert f"task (live), {line}" in told.out
    assert "--accept-differences" in told.err
    assert "Forged" not in told.out + told.err
    assert "Secret" not in told.out + told.err
    assert taskfold("projections", "rebuild", "task", "--accept-differences") == 0
    assert "; 1 row of the table before it differed." in capsys.readouterr().out
    assert taskfold("projections", "verify", "task") == 0


def test_a_rebuild_can_be_called_off(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("projections", "cancel", "task") == 1
    _change(url, "delete from taskfold.task where user_id = 'ada'")
    assert taskfold("projections", "rebuild", "task", "--workers", "1") == 1
    assert "user_id 'ada', task_id 1: missing" in capsys.readouterr().out
    assert taskfold("projections", "cancel", "task") == 0
    assert "Called off; the live table of task is as it was." in capsys.readouterr().out


@pytest.mark.usefixtures("url")
def test_a_user_without_a_log_and_a_skip_without_a_failure_are_sentences(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert taskfold("projections", "verify", "task", "--user", "nobody") == 1
    assert "There is no log of a user" in capsys.readouterr().err
    assert taskfold("projections", "rebuild", "task", "--skip", "ada/1") == 1
    assert "did not stop at event 1 of user ada" in capsys.readouterr().err


@pytest.mark.usefixtures("url")
def test_on_a_terminal_a_rebuild_shows_bars(tmp_path: Path) -> None:
    terminal, inside = pty.openpty()
    with (tmp_path / "out").open("w") as out:
        process = subprocess.Popen(
            [TASKFOLD, "projections", "rebuild", "task"],
            stdout=out,
            stderr=inside,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        )
        os.close(inside)
        shown = b""
        try:
            while chunk := os.read(terminal, 4_096):
                shown += chunk
        except OSError:
            pass  # Linux says so when the other side is closed.
    assert process.wait(timeout=30) == 0
    os.close(terminal)
    assert b"Replaying" in shown
    assert b"Verifying" in shown
    assert b"events" in shown


def test_a_rebuild_at_work_is_called_off_at_once_by_another_process(url: str) -> None:
    anyio.run(_many, url)
    running = subprocess.Popen(
        [TASKFOLD, "projections", "rebuild", "task", "--workers", "3", "--rate", "50"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    anyio.run(_at_work, url)
    began = time.monotonic()
    assert taskfold("projections", "cancel", "task") == 0
    assert time.monotonic() - began < 10
    _, told = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "was called off; its live table is as it was" in told
    assert taskfold("projections", "verify", "task") == 0


async def _many(url: str) -> None:
    async with (
        open_pool(url, size=2) as pool,
        open_handler(pool, project, queue_limit=500) as handler,
        anyio.create_task_group() as people,
    ):
        for number in range(300):
            people.start_soon(handler.handle, asking(f"user-{number}"), CreateTask(title="Secret"))


async def _at_work(url: str) -> None:
    """Wait until some part of a rebuild is done."""
    async with open_pool(url, size=1) as pool, pool.connection() as connection:
        with anyio.fail_after(60):
            while not (await totals(connection, "task")).events:  # noqa: ASYNC110 - another process
                await anyio.sleep(0.02)


def test_a_skipped_event_can_be_counted_again(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    _change(
        url,
        "insert into taskfold.projection_skip (user_id, sequence, name, type, failure)"
        " values ('ada', 2, 'task', 'TaskCompleted', 'ValueError')",
    )
    assert taskfold("projections", "verify", "task") == 1
    assert taskfold("projections", "unskip", "task", "ada/2") == 0
    assert "passes over it no longer" in capsys.readouterr().out
    assert taskfold("projections", "verify", "task") == 0
    assert taskfold("projections", "unskip", "task", "ada/2") == 0
    assert "did not pass over event 2 of user ada" in capsys.readouterr().out
