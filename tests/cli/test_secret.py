"""The secret a data directory has when nobody set one: made once, whoever comes first."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from api.data_directory import DataDirectoryError
from api.identity.secret import DamagedSecretError, own_secret, secret_path

ROOT = Path(__file__).parents[2]

RACER = """
import sys
from pathlib import Path
from api.identity.secret import own_secret
print("ready", flush=True)
sys.stdin.readline()
print(own_secret(Path(sys.argv[1])).decode(), flush=True)
"""


def test_many_processes_at_once_get_the_same_secret(tmp_path: Path) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, tmp_path / "data"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for racer in racers:
        assert racer.stdout
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    secrets = {racer.communicate(timeout=30)[0] for racer in racers}
    assert secrets == {own_secret(tmp_path / "data").decode() + "\n"}
    assert list((tmp_path / "data").iterdir()) == [secret_path(tmp_path / "data")]


def test_it_is_long_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    assert len(own_secret(tmp_path)) >= 48
    assert stat.S_IMODE(secret_path(tmp_path).stat().st_mode) == 0o600


def test_it_stays_the_same_from_start_to_start(tmp_path: Path) -> None:
    assert own_secret(tmp_path) == own_secret(tmp_path)


def test_a_file_that_holds_something_else_is_not_signed_with(tmp_path: Path) -> None:
    secret_path(tmp_path).write_text("short\n")
    with pytest.raises(DamagedSecretError, match="delete it to get a new one"):
        own_secret(tmp_path)


def test_a_place_that_cannot_hold_it_is_named(tmp_path: Path) -> None:
    secret_path(tmp_path).mkdir()
    with pytest.raises(DataDirectoryError, match="TASKFOLD_DATA_DIR"):
        own_secret(tmp_path)
