import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import anyio
import httpx2
import pytest

from tests.embedded.directories import reachable_directory
from tests.http.application import SECRET, running_on, token_of

pytestmark = pytest.mark.anyio

REPOSITORY = Path(__file__).parents[2]
SOCKET = "api.sock"


def environment(**settings: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), **settings}


def test_importing_the_application_neither_reads_settings_nor_touches_the_disk(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    subprocess.run(
        [sys.executable, "-c", "import api.app"],
        cwd=tmp_path,
        env=environment(HOME=str(home), DATABASE_URL="nonsense", BETTER_AUTH_SECRET="short"),
        check=True,
    )
    assert not home.exists()


@contextmanager
def served(directory: Path, **settings: str) -> Generator[httpx2.AsyncHTTPTransport]:
    """The application as people start it who know uvicorn and not us."""
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "api.app:app", "--uds", SOCKET],
            cwd=directory,
            env=environment(**settings),
            stderr=log,
        )
    try:
        yield httpx2.AsyncHTTPTransport(uds=str(directory / SOCKET))
    finally:
        process.terminate()
        process.wait(timeout=15)


async def answering(client: httpx2.AsyncClient) -> httpx2.Response:
    """Wait until the server listens, and give its first answer."""
    with anyio.fail_after(30):
        while True:
            try:
                return await client.get("/api/health/ready")
            except httpx2.ConnectError:
                await anyio.sleep(0.05)


async def test_uvicorn_alone_serves_with_the_settings_of_the_environment(
    database_url: str, tmp_path: Path, user_id: str
) -> None:
    headers = {"Authorization": f"Bearer {token_of(user_id)}"}
    with served(tmp_path, DATABASE_URL=database_url, BETTER_AUTH_SECRET=SECRET) as transport:
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://taskfold.test", headers=headers
        ) as client:
            assert (await answering(client)).status_code == 200
            created = await client.post("/api/tasks", json={"title": "secret words"})
    assert created.status_code == 201
    log = (tmp_path / "log").read_text()
    assert '"event": "http.request"' in log
    assert "secret words" not in log


async def test_uvicorn_alone_serves_without_any_setting(tmp_path: Path) -> None:
    with (
        reachable_directory() as data_dir,
        served(tmp_path, TASKFOLD_DATA_DIR=str(data_dir)) as transport,
    ):
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://taskfold.test"
        ) as client:
            assert (await answering(client)).status_code == 200
    assert "Making a new database" in (tmp_path / "log").read_text()


async def test_two_processes_share_a_database(database_url: str, user_id: str) -> None:
    async with (
        running_on(database_url) as one,
        running_on(database_url) as other,
        one.client_of(user_id) as here,
        other.client_of(user_id) as there,
    ):
        created = await here.post("/api/tasks", json={"title": "a"})
        assert (await there.get("/api/tasks/1")).json() == created.json()
        assert (await there.post("/api/tasks", json={"title": "b"})).json()["id"] == 2
