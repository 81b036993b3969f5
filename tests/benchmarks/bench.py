"""What every benchmark is given: a server, a scale, a directory, and somewhere to say things."""

import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.scale import Scale
from tests.benchmarks.subject import Subject, subject
from tests.databases import database, prepare


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One run.

    Attributes:
        server_url: A PostgreSQL on which databases may be created.
        scale: How much is measured.
        directory: Where processes may keep files.
        say: Tells whoever waits what is going on.
        superuser_url: Where a server that counts its statements tells of them; None if none does.
    """

    server_url: str
    scale: Scale
    directory: Path
    say: Callable[[str], None]
    superuser_url: str | None = None

    @asynccontextmanager
    async def migrated(self) -> AsyncGenerator[str]:
        """Give a database of its own that the product can serve from."""
        async with self.empty() as url:
            prepare(url)
            yield url

    @asynccontextmanager
    async def empty(self) -> AsyncGenerator[str]:
        """Give a database of its own without anything in it."""
        with database(self.server_url) as url:
            yield url

    def python(self, module: str, *arguments: str) -> AbstractAsyncContextManager[Subject]:
        """Run a module of the benchmarks as a process that answers."""
        command = (sys.executable, "-m", f"tests.benchmarks.{module}", *arguments)
        return subject(module, *command, directory=self.directory)
