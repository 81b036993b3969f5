"""A process of the product on a database, as an operator starts it, and how much memory it has."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx2
import psutil

from api.identity.issue import issue_token
from events import clock

TASKFOLD = Path(sys.executable).with_name("taskfold")
SECRET = "Zq3vN8xWc5Lp0tRk7yHb2mJf9sGd4uEa"


@dataclass(frozen=True, slots=True)
class Server:
    """A serving process, and where it answers."""

    process: Process
    port: int

    def client(self, user_id: str) -> httpx2.AsyncClient:
        """Somebody with a good token, with as many connections as they like."""
        token = issue_token(
            SECRET.encode(), user_id=user_id, now=clock.now(), lifetime=timedelta(hours=1)
        )
        return httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Authorization": f"Bearer {token}"},
            limits=httpx2.Limits(max_connections=None),
            timeout=30,
        )

    @property
    def memory(self) -> int:
        """Bytes the process has in memory."""
        return psutil.Process(self.process.pid).memory_info().rss

    async def stop(self) -> int:
        """Ask it to end and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.process.wait()


@asynccontextmanager
async def serving(url: str, folder: Path, **settings: str) -> AsyncGenerator[Server]:
    """Start a process, wait until it serves, and leave none behind."""
    process = await asyncio.create_subprocess_exec(
        *(TASKFOLD, "serve", "--port", "0"),
        cwd=folder,
        env=os.environ
        | {"DATABASE_URL": url, "BETTER_AUTH_SECRET": SECRET, "TASKFOLD_LOG_LEVEL": "error"}
        | {"TASKFOLD_RATE_LIMIT_USER": "", "TASKFOLD_RATE_LIMIT_ADDRESS": ""}
        | {f"TASKFOLD_{name.upper()}": value for name, value in settings.items()},
        stdout=PIPE,
    )
    try:
        yield Server(process, await _port(process))
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def _port(process: Process) -> int:
    assert process.stdout is not None
    async with asyncio.timeout(60):
        while line := (await process.stdout.readline()).decode():
            _, found, address = line.partition("http://127.0.0.1:")
            if found:
                return int("".join(digit for digit in address.split("/")[0] if digit.isdigit()))
    message = "the process ended before it served"
    raise AssertionError(message)
