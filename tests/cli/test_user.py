"""All that one user has, handed out and erased from the command line."""

import json
from collections.abc import Generator
from pathlib import Path

import anyio
import pytest

from tests.cli.commands import taskfold
from tests.cli.lives import live
from tests.databases import database, prepare

pytestmark = pytest.mark.usefixtures("logging_restored", "data_dir")


@pytest.fixture
def url(server_url: str, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    with database(server_url) as url:
        prepare(url)
        anyio.run(live, url, "ada", "eve")
        monkeypatch.setenv("DATABASE_URL", url)
        yield url


@pytest.mark.usefixtures("url")
def test_an_export_goes_into_a_file_and_leaves_others_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ada.jsonl"
    assert taskfold("user", "export", "ada", str(file)) == 0
    assert capsys.readouterr().out == "Exported 2 events.\n"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["type"] for line in lines] == [
        "taskfold.task",
        "TaskCreated",
        "TaskCompleted",
        "taskfold.exported",
    ]
    assert {line["userid"] for line in lines[1:-1]} == {"ada"}


def test_an_export_is_taken_in_elsewhere_erased_or_not(
    url: str,
    server_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for number in range(2):
        file = tmp_path / f"{number}.jsonl.gz"
        monkeypatch.setenv("DATABASE_URL", url)
        assert taskfold("user", "export", "ada", str(file)) == 0
        assert taskfold("user", "erase", "ada", "--yes") == 0
        with database(server_url) as other:
            monkeypatch.setenv("DATABASE_URL", other)
            assert taskfold("migrate") == 0
            assert taskfold("log", "import", str(file)) == 0
            assert taskfold("log", "verify") == 0
            assert taskfold("projections", "verify", "task") == 0
    assert "Verified 3 events in 1 log." in capsys.readouterr().out


def test_an_erasure_that_nobody_confirms_does_nothing(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert url
    assert taskfold("user", "erase", "ada") == 1
    assert capsys.readouterr().err.startswith("Error: Nothing was erased")
    assert taskfold("log", "verify", "--user", "ada") == 0
    assert capsys.readouterr().out == "Verified 2 events in 1 log.\n"


@pytest.mark.usefixtures("url")
def test_an_erasure_says_what_is_left_and_the_log_and_its_seal_still_verify(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seal = tmp_path / "seal"
    assert taskfold("log", "seal", str(seal)) == 0
    capsys.readouterr()
    assert taskfold("user", "erase", "ada", "--yes") == 0
    told = "Nothing is left of events 1 to 2; event 3 says so.\n"
    assert capsys.readouterr().out == told
    assert taskfold("user", "erase", "ada", "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "user": "ada",
        "sequence": 3,
        "erased_through": 2,
    }
    assert taskfold("log", "verify", "--seal", str(seal)) == 0
    assert taskfold("projections", "verify", "task_change") == 0


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("verb", [["export"], ["erase", "--yes"]])
def test_nobody_has_the_log_of_a_user_nobody_knows(
    verb: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert taskfold("user", verb[0], "nobody", *verb[1:]) == 1
    assert "There is no log of a user" in capsys.readouterr().err
