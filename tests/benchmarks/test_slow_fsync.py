"""The slow disk is one: what is measured on it waits for it."""

import os
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest

from api.embedded.server import embedded_server
from tests.benchmarks.errors import UnavailableError
from tests.benchmarks.slow_fsync import slow_fsync

MILLISECONDS = 3


@pytest.fixture
def home() -> Generator[Path]:
    """A directory that the account can reach under which root's server runs."""
    with tempfile.TemporaryDirectory(prefix="taskfold-slow-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        yield directory


def test_postgresql_waits_longer_for_every_commit(home: Path) -> None:
    try:
        with slow_fsync(home, MILLISECONDS), embedded_server(home / "data") as server:
            took = _commit(server.url)
    except UnavailableError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"no slow disk: {error}")

    assert took >= MILLISECONDS / 1_000
    assert "LD_PRELOAD" not in os.environ


def _commit(url: str) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table waited (at timestamptz)")
        began = time.perf_counter()
        connection.execute("insert into waited values (now())")
        return time.perf_counter() - began
