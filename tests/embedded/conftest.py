"""A cluster made once, and data directories with copies of it."""

from collections.abc import Generator
from pathlib import Path

import pytest

from api.embedded.server import embedded_server
from tests.embedded.directories import furnish, reachable_directory
from tests.embedded.processes import kill_server


@pytest.fixture(scope="session")
def template() -> Generator[Path]:
    """A data directory whose cluster is whole and whose server is stopped between two tests."""
    with reachable_directory() as directory:
        with embedded_server(directory / "data"):
            pass
        yield directory / "data"


@pytest.fixture
def room() -> Generator[Path]:
    """An empty directory of the test's own."""
    with reachable_directory() as directory:
        yield directory


@pytest.fixture
def data_dir(template: Path) -> Generator[Path]:
    """A data directory for a test that leaves the cluster whole."""
    yield template
    kill_server(template)


@pytest.fixture
def own_data_dir(room: Path, template: Path) -> Path:
    """A data directory with a cluster that the test may spoil."""
    return furnish(room / "data", template)
