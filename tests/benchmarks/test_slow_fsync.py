"""The slow disk is one: what is measured on it waits for it."""

import os
import time
from pathlib import Path

import psycopg
import pytest

from api.embedded.server import embedded_server
from tests.benchmarks.errors import UnavailableError
from tests.benchmarks.slow_fsync import slow_fsync

MILLISECONDS = 3


def test_postgresql_waits_longer_for_every_commit(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("slow")
    _let_in(home)
    try:
        with slow_fsync(home, MILLISECONDS), embedded_server(home / "data") as server:
            took = _commit(server.url)
    except UnavailableError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"no slow disk: {error}")

    assert took >= MILLISECONDS / 1_000
    assert "LD_PRELOAD" not in os.environ


def _let_in(directory: Path) -> None:
    """Let the account that PostgreSQL runs as under root come here."""
    for each in (directory, directory.parent, directory.parent.parent):
        each.chmod(each.stat().st_mode | 0o011)


def _commit(url: str) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table waited (at timestamptz)")
        began = time.perf_counter()
        connection.execute("insert into waited values (now())")
        return time.perf_counter() - began
