"""The product as a user runs it, and the ways it is killed."""

import asyncio
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

SECRET = secrets.token_urlsafe(32)

TASKFOLD = Path(sys.executable).with_name("taskfold")


@dataclass(slots=True)
class Service:
    """`taskfold serve` with an embedded server in a data directory of its own."""

    data_dir: Path
    port: int
    _process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its command line is to be started with."""
        return {
            **os.environ,
            "TASKFOLD_DATA_DIR": str(self.data_dir),
            "TASKFOLD_PORT": str(self.port),
            "BETTER_AUTH_SECRET": SECRET,
        }

    def start(self) -> None:
        """Start it; it need not answer yet."""
        with (self.data_dir / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                [TASKFOLD, "serve"],
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> int:
        """Ask it to end, and give its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(timeout=15)

    def kill_service(self) -> None:
        """Kill the service's own process, and start another as a supervisor would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self.start()

    def kill_postmaster(self) -> None:
        """Kill the server's first process; its children end because it is gone."""
        self._postmaster().kill()

    def kill_backend(self) -> None:
        """Kill one connection's process, after which PostgreSQL restarts all of them."""
        random.choice(self._backends()).send_signal(signal.SIGKILL)

    def _backends(self) -> list[psutil.Process]:
        """Wait for connections: there are none while the service is looking for its server."""
        give_up = time.monotonic() + 10
        while time.monotonic() < give_up:
            with suppress(psutil.Error, FileNotFoundError):
                found = [
                    process
                    for process in self._postmaster().children()
                    if "taskfold taskfold" in " ".join(process.cmdline())
                ]
                if found:
                    return found
            time.sleep(0.02)
        message = "the service has no connection to its server"
        raise AssertionError(message)

    def _postmaster(self) -> psutil.Process:
        pid_file = self.data_dir / "postgresql" / "postmaster.pid"
        return psutil.Process(int(pid_file.read_text().split()[0]))

    def log_tail(self) -> str:
        """Give the last lines of what it has logged."""
        return "\n".join((self.data_dir / "serve.log").read_text().splitlines()[-40:])

    async def command(self, *arguments: str) -> int:
        """Run another command of the product beside it, and give its exit code."""
        process = await asyncio.create_subprocess_exec(
            TASKFOLD,
            *arguments,
            env=self.environment,
            stdout=asyncio.subprocess.DEVNULL,
        )
        return await process.wait()
