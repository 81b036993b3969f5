"""The log proved, sealed and moved from the command line."""

import gzip
import json
import os
import subprocess
from collections.abc import Generator
from pathlib import Path

import anyio
import psycopg
import pytest

from api.cli import log_verify, progress
from commands.handler import open_handler
from commands.tasks import CompleteTask, CreateTask, TaskCommand
from events.database import open_pool
from projections.inline import project
from tests.cli.commands import TASKFOLD, taskfold
from tests.databases import database, prepare
from tests.people import asking

pytestmark = pytest.mark.usefixtures("logging_restored", "data_dir")

LIFE: list[TaskCommand] = [CreateTask(title="Secret"), CompleteTask(task_id=1)]
USERS = ("ada", "eve", "joe")


async def live(url: str) -> None:
    async with (
        open_pool(url, size=2) as pool,
        open_handler(pool, project, queue_limit=9) as handler,
    ):
        for command in LIFE:
            for user_id in USERS:
                await handler.handle(asking(user_id), command)


@pytest.fixture
def url(server_url: str, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """A database with three logs of two events each, which commands are set to use."""
    with database(server_url) as url:
        prepare(url)
        anyio.run(live, url)
        monkeypatch.setenv("DATABASE_URL", url)
        yield url


@pytest.fixture
def other_url(server_url: str) -> Generator[str]:
    """Another database, with nothing in it."""
    with database(server_url) as url:
        yield url


def tamper(url: str, change: str, user_id: str) -> None:
    """Change a log as the owner of the database could."""
    with psycopg.connect(url) as owner:
        owner.execute("grant update, delete on taskfold.event to current_user")
        owner.execute("alter table taskfold.event disable trigger event_is_append_only")
        owner.execute("alter table taskfold.event disable trigger event_is_edited_by_erasure_alone")
        owner.execute(change.encode(), {"user": user_id})


EDIT = "update taskfold.event set type = 'TaskDeleted' where user_id = %(user)s and sequence = 2"


def test_logs_in_order_are_counted(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("log", "verify") == 0
    assert capsys.readouterr().out == "Verified 6 events in 3 logs.\n"
    assert taskfold("log", "verify", "--user", "ada") == 0
    assert capsys.readouterr().out == "Verified 2 events in 1 log.\n"
    assert url


def test_the_first_bad_event_is_named(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    tamper(url, EDIT, "eve")
    assert taskfold("log", "verify") == 1
    told = capsys.readouterr()
    assert told.out.startswith("User 'eve', event 2 ('TaskDeleted'): edited; ")
    assert told.err == (
        "Error: 1 problem was found; the log is not as it was written. "
        "Keep the database as it is and compare it with a backup.\n"
    )


def test_a_script_reads_what_was_found(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    tamper(url, EDIT, "eve")
    assert taskfold("log", "verify", "--json") == 1
    report = json.loads(capsys.readouterr().out)
    [finding] = report.pop("findings")
    assert report == {"events": 6, "logs": 3, "sealed_logs": 0, "problems": 1}
    assert (finding["user_id"], finding["sequence"], finding["kind"]) == ("eve", 2, "edited")


def test_of_many_findings_the_first_are_told_and_the_rest_counted(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_verify, "SHOWN", 1)
    for user_id in USERS:
        tamper(url, EDIT, user_id)
    assert taskfold("log", "verify") == 1
    assert "User 'ada'" in (out := capsys.readouterr().out)
    assert "… and 2 more." in out
    assert "User 'eve'" not in out


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("verb", [("verify",), ("export", "x.jsonl")])
def test_a_user_nobody_knows_is_a_mistake(
    verb: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert taskfold("log", *verb, "--user", "adda") == 1
    assert "There is no log of a user 'adda'; check the id." in capsys.readouterr().err
    assert not Path("x.jsonl").exists()


def test_a_seal_shows_what_the_chains_do_not(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("log", "seal", "a.seal") == 0
    assert "Sealed 3 logs of 6 events." in capsys.readouterr().out
    tamper(url, "delete from taskfold.event where user_id = %(user)s", "joe")
    tamper(url, "delete from taskfold.user_log where user_id = %(user)s", "joe")
    assert taskfold("log", "verify") == 0
    capsys.readouterr()
    assert taskfold("log", "verify", "--seal", "a.seal") == 1
    assert "A sealed log, event 1: tail cut off; the log had 2 events" in capsys.readouterr().out
    assert taskfold("log", "verify", "--seal", "a.seal", "--user", "ada") == 0
    assert "Compared 1 log with the seal of 20" in capsys.readouterr().out


@pytest.mark.usefixtures("url")
def test_a_damaged_seal_proves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("log", "seal", "a.seal", "--json") == 0
    assert json.loads(capsys.readouterr().out)["logs"] == 3
    seal = Path("a.seal")
    seal.write_bytes(seal.read_bytes().replace(b'"sequence":2', b'"sequence":1', 1))
    assert taskfold("log", "verify", "--seal", "a.seal") == 1
    assert "at line 5: its hash is not that of the lines before it" in capsys.readouterr().err


@pytest.mark.usefixtures("url")
def test_no_file_is_ever_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.seal").write_text("the only one")
    assert taskfold("log", "seal", "a.seal") == 1
    assert "a.seal exists and is not replaced; name another file." in capsys.readouterr().err
    assert Path("a.seal").read_text() == "the only one"
    assert [path.name for path in Path().iterdir()] == ["a.seal"]


@pytest.mark.usefixtures("url")
def test_a_file_is_private_and_there_as_a_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("log", "export", "all.jsonl", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"file": "all.jsonl", "events": 6, "logs": 3}
    assert Path("all.jsonl").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in Path().iterdir()] == ["all.jsonl"]


@pytest.mark.usefixtures("url")
def test_an_export_without_a_file_goes_to_standard_output(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert taskfold("log", "export", "--user", "ada") == 0
    told = capfdbinary.readouterr()
    assert [json.loads(line)["type"] for line in told.out.splitlines()] == [
        "TaskCreated",
        "TaskCompleted",
        "taskfold.exported",
    ]
    assert told.err == b"Exported 2 events of 1 log.\n"


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_what_was_exported_is_imported_and_exported_again_byte_for_byte(
    url: str,
    other_url: str,
    name: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert taskfold("log", "export", name) == 0
    monkeypatch.setenv("DATABASE_URL", other_url)
    capsys.readouterr()
    assert taskfold("log", "import", name) == 0
    assert capsys.readouterr().out == "Imported 6 events of 3 logs, all verified.\n"
    assert taskfold("log", "export", f"again-{name}") == 0
    assert Path(name).read_bytes() == Path(f"again-{name}").read_bytes()
    with psycopg.connect(url) as here, psycopg.connect(other_url) as there:
        query = "select * from taskfold.task order by user_id"
        assert here.execute(query).fetchall() == there.execute(query).fetchall()


@pytest.mark.usefixtures("url")
def test_an_import_says_in_json_what_it_did(
    other_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert taskfold("log", "export", "--gzip", "all") == 0
    assert gzip.decompress(Path("all").read_bytes()).count(b"\n") == 7
    monkeypatch.setenv("DATABASE_URL", other_url)
    capsys.readouterr()
    assert taskfold("log", "import", "all", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"file": "all", "events": 6, "logs": 3}


@pytest.mark.usefixtures("url")
def test_an_import_that_does_not_verify_is_refused_in_one_sentence(
    other_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert taskfold("log", "export", "all.jsonl") == 0
    file = Path("all.jsonl")
    file.write_bytes(file.read_bytes().replace(b"Secret", b"Public", 1))
    monkeypatch.setenv("DATABASE_URL", other_url)
    capsys.readouterr()
    assert taskfold("log", "import", "all.jsonl") == 1
    told = capsys.readouterr().err
    assert "nothing was written. User 'ada', event 1 ('TaskCreated'): contents edited" in told
    assert "Public" not in told
    with psycopg.connect(other_url) as there:
        assert there.execute("select count(*) from taskfold.event").fetchone() == (0,)


@pytest.mark.usefixtures("url")
def test_an_import_goes_into_an_empty_database_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("log", "export", "all.jsonl") == 0
    capsys.readouterr()
    assert taskfold("log", "import", "all.jsonl") == 1
    assert (
        capsys.readouterr().err
    ) == "Error: The database holds events already; import into an empty one.\n"


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("import", "missing"), "missing cannot be read: No such file or directory."),
        (("import", "pipe"), "pipe cannot be read: It must be a file that can be read twice."),
        (("verify", "--seal", "."), ". cannot be read: Is a directory."),
        (("seal", "nowhere/a.seal"), "a.seal cannot be written: No such file or directory."),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo("pipe")
    holder = os.open("pipe", os.O_RDWR)
    try:
        assert taskfold("log", *arguments) == 1
    finally:
        os.close(holder)
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("verb", [("verify",), ("seal", "a.seal"), ("export", "all.jsonl")])
def test_a_database_that_is_behind_is_not_touched(
    other_url: str,
    verb: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", other_url)
    assert taskfold("log", *verb) == 1
    assert "run `taskfold migrate`" in capsys.readouterr().err


@pytest.mark.usefixtures("url")
def test_progress_is_told_in_lines_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY", 0.0)
    assert taskfold("log", "verify") == 0
    assert "Verifying: 6 of 6 events, " in capsys.readouterr().err


@pytest.mark.usefixtures("url")
def test_progress_is_a_bar_on_a_terminal() -> None:
    ours, theirs = os.openpty()
    try:
        subprocess.run([TASKFOLD, "log", "verify"], stderr=theirs, check=True, capture_output=False)
        told = os.read(ours, 100_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert "Verifying" in told
    assert "events" in told


@pytest.mark.parametrize("verb", ["tail", "verify", "seal", "export", "import"])
def test_every_verb_has_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert taskfold("log", verb, "--help") == 0
    assert f"taskfold log {verb}" in capsys.readouterr().out.partition("Example:")[2]
