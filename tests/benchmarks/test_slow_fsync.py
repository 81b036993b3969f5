"""The slow disk is one: whatever is started on it, PostgreSQL too, waits for every flush."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.embedded import program
from tests.benchmarks.errors import UnavailableError
from tests.benchmarks.slow_fsync import slow_fsync

MILLISECONDS = 30
FLUSHES = """
import os, sys, time
file = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY)
for flush in (os.fsync, os.fdatasync):
    os.write(file, b"x")
    began = time.perf_counter()
    flush(file)
    print(time.perf_counter() - began)
"""


def test_whatever_is_started_waits_longer_for_every_flush(tmp_path: Path) -> None:
    try:
        with slow_fsync(tmp_path, MILLISECONDS):
            told = {*program._INHERITED}  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            took = _flush_times(tmp_path / "flushed")
    except UnavailableError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"no slow disk: {error}")

    assert len(took) == 2
    assert min(took) >= MILLISECONDS / 1_000
    assert {"LD_PRELOAD", "SLOW_FSYNC_MICROSECONDS"} <= told
    assert "LD_PRELOAD" not in os.environ


def _flush_times(file: Path) -> list[float]:
    command = [sys.executable, "-S", "-c", FLUSHES, file]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [float(line) for line in said.split()]
