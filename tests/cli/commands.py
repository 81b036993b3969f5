"""The command line as its users meet it: inside this process, and as a process of its own."""

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.cli.main import app

TASKFOLD = Path(sys.executable).with_name("taskfold")


def taskfold(*arguments: str) -> int:
    """Run a command in this process and give its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["taskfold", *arguments])
        with pytest.raises(SystemExit) as end:
            app()
    return int(end.value.code or 0)


def finished(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own, to its end."""
    return subprocess.run(
        [TASKFOLD, *arguments], check=False, capture_output=True, text=True, timeout=60
    )


class Served:
    """A `taskfold serve` and what it has said."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [TASKFOLD, "serve", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []

    def wait_for(self, start: str) -> str:
        """Read what it says up to the first line with this start, and give that line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            if line.strip().startswith(start):
                return self.said[-1]
        message = f"it never said {start!r}, only {self.said}"
        raise AssertionError(message)

    def rest(self) -> str:
        """Give what else it says until it ends."""
        assert self.process.stdout is not None
        return self.process.stdout.read()

    def address(self) -> str:
        """Wait until it serves, and give its address."""
        return self.wait_for("Address").split()[-1]

    def stop(self, signal: int) -> tuple[int, float]:
        """Send a signal; give the exit code and the seconds until it came."""
        started = time.monotonic()
        self.process.send_signal(signal)
        code = self.process.wait(timeout=30)
        return code, time.monotonic() - started


@contextmanager
def served(*arguments: str) -> Generator[Served]:
    """Run `taskfold serve` on a free port; kill it if the test has left it running."""
    service = Served("--port", "0", *arguments)
    try:
        yield service
    finally:
        service.process.kill()
        service.process.wait()
        assert service.process.stdout is not None
        service.process.stdout.close()
