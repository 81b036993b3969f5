"""A place of its own for every command, and logging as it was afterwards."""

import logging
from collections.abc import Generator
from pathlib import Path

import pytest
import structlog

from api.logs import QUIET, SILENT
from tests.embedded.directories import reachable_directory


@pytest.fixture(autouse=True)
def working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, so that nobody's `.env` is read."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory for commands that start no server."""
    monkeypatch.setenv("TASKFOLD_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def server_data_dir(monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """A data directory in which a server can be started, even by root."""
    with reachable_directory() as directory:
        monkeypatch.setenv("TASKFOLD_DATA_DIR", str(directory))
        yield directory


@pytest.fixture
def logging_restored() -> Generator[None]:
    """Whatever a command sets up for logging is gone after the test."""
    root = logging.root
    loggers = [root, *map(logging.getLogger, [*QUIET, SILENT])]
    before = [(logger, logger.level, logger.handlers[:], logger.propagate) for logger in loggers]
    yield
    for logger, level, handlers, propagate in before:
        logger.setLevel(level)
        logger.handlers, logger.propagate = handlers, propagate
    structlog.reset_defaults()
