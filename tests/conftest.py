"""What every test may ask for: a PostgreSQL server, databases in it, users nobody else has."""

import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from api.database_url import normalise
from api.embedded.server import embedded_server
from commands.handler import CommandHandler, open_handler
from events.database import Connection, Pool, open_pool
from events.ids import new_id
from projections.inline import project
from tests.databases import database, prepare

SERVER = "TEST_SERVER_URL"
"""How the process that starts the server tells the others where it is."""

_OURS = ("DATABASE_URL", "BETTER_AUTH_", "JWT_", "CORS_ORIGINS", "TASKFOLD_", "PORT")

_session = ExitStack()

for name, examples in {"dev": 50, "ci": 150, "deep": 5_000}.items():
    settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        derandomize=name == "ci",
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Find or start the one server of the run, before any worker does; then hide our settings."""
    if not hasattr(session.config, "workerinput"):
        given = os.environ.get("DATABASE_URL")
        os.environ[SERVER] = normalise(given) if given else _start_server()
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        del os.environ[name]


def pytest_unconfigure() -> None:
    """Leave neither a process nor a file behind."""
    _session.close()


def _start_server() -> str:
    # Under root the server has an account of its own, which must be able to reach the directory.
    directory = Path(tempfile.mkdtemp(prefix="taskfold-tests-"))
    directory.chmod(0o711)
    _session.callback(shutil.rmtree, directory)
    return _session.enter_context(embedded_server(directory)).url


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def server_url() -> str:
    """A server on which databases may be created."""
    return os.environ[SERVER]


@pytest.fixture(scope="session")
def database_url(server_url: str) -> Generator[str]:
    """This worker's migrated database, shared by its tests: each brings users of its own."""
    with database(server_url) as url:
        prepare(url)
        yield url


@pytest.fixture
def empty_database_url(server_url: str) -> Generator[str]:
    """A database of this test's own, without any schema of ours."""
    with database(server_url) as url:
        yield url


@pytest.fixture
def user_id() -> str:
    """A user nobody else has."""
    return f"user-{new_id()}"


@pytest.fixture
async def pool(database_url: str) -> AsyncGenerator[Pool]:
    async with open_pool(database_url, size=4) as pool:
        yield pool


@pytest.fixture
async def connection(pool: Pool) -> AsyncGenerator[Connection]:
    async with pool.connection() as connection:
        yield connection


@pytest.fixture
async def handler(pool: Pool) -> AsyncGenerator[CommandHandler]:
    async with open_handler(pool, project, queue_limit=1_000) as handler:
        yield handler
