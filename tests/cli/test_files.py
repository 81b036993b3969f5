"""What a command writes is there as a whole or not at all."""

import subprocess
import sys
from pathlib import Path

import pytest

from api.cli.files import writable


def interrupted(path: Path) -> None:
    """Write half of a file."""
    with writable(path) as file:
        file.write(b"half of it")
        raise KeyboardInterrupt


def test_nothing_is_left_of_a_file_that_was_not_finished(working_directory: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted(Path("all.jsonl"))
    assert list(working_directory.iterdir()) == []


def test_a_disk_without_space_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    code = "from api.cli.files import *\nwith writable(STANDARD_OUTPUT) as file: file.write(b'x')"
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run([sys.executable, "-c", code], check=False, stdout=full)
    assert process.returncode == 1
    assert "FileUnwritableError: - cannot be written: No space left" in capfd.readouterr().err
