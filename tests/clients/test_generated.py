import os
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from tests.http.application import running_on, token_of
from tests.http.openapi_document import ACCEPTED
from tests.http.serving import served
from tests.identity.node import MissingError, installed, program

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

HERE = Path(__file__).parent
GENERATOR = "openapi-python-client==0.29.1"
AWAY = ("Failed to fetch", "Could not connect", "dns error", "error sending request")
"""What uv says when packages cannot be reached."""


@asynccontextmanager
async def server(database_url: str) -> AsyncGenerator[str]:
    """The product on a port; gives its address."""
    async with running_on(database_url) as application, served(application) as (host, port):
        yield f"http://{host}:{port}"


def run(*command: str | Path, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def missing(reason: object) -> None:
    """Skip where something is not to be had, but never where it must be."""
    if "CI" in os.environ:
        pytest.fail(str(reason))
    pytest.skip(f"no client is generated: {reason}")


async def test_a_typescript_client_compiled_strictly_lives_a_task(
    database_url: str, user_id: str, tmp_path: Path
) -> None:
    try:
        packages, node = installed(HERE / "typescript"), program("node")
    except MissingError as error:
        missing(error)
        return
    room = tmp_path / "typescript"
    shutil.copytree(HERE / "typescript", room)
    (room / "node_modules").symlink_to(packages)
    generator = packages / "openapi-typescript/bin/cli.js"
    options = ("--default-non-nullable", "false", "--output", room / "api.ts")
    run(*node, generator, ACCEPTED, *options, cwd=room)
    run(*node, packages / "typescript/bin/tsc", "--project", room, cwd=room)
    async with server(database_url) as address:
        command = [*node, str(room / "built/life.js"), address, token_of(user_id)]
        done = await anyio.run_process(command, cwd=room, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


async def test_a_python_client_lives_a_task(
    database_url: str, user_id: str, tmp_path: Path
) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    tool = [uv, "tool", "run", "--python", sys.executable, "--from", GENERATOR]
    configuration = str(HERE / "python/generator.yaml")
    made = await anyio.run_process(
        [
            *(*tool, "openapi-python-client", "generate", "--fail-on-warning"),
            *("--path", str(ACCEPTED), "--config", configuration, "--output-path", "made"),
        ],
        cwd=tmp_path,
        check=False,
    )
    said = made.stdout.decode() + made.stderr.decode()
    if made.returncode and any(word in said for word in AWAY):
        missing("its generator cannot be fetched")
    assert made.returncode == 0, said
    async with server(database_url) as address:
        # The generator's own environment has what its clients stand on.
        command = [*tool, "python", str(HERE / "python/life.py"), address, token_of(user_id)]
        environment = {**os.environ, "PYTHONPATH": str(tmp_path / "made")}
        done = await anyio.run_process(command, env=environment, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
