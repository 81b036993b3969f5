"""Projector processes, of which one at a time has its turn."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from events.database import Pool, open_pool
from projections.daily_activity import DAILY_ACTIVITY
from projections.generation import Generation, State, find_generation

TASKFOLD = Path(sys.executable).with_name("taskfold")


@dataclass(slots=True)
class Crowd:
    """Projector processes, of which one at a time has its turn."""

    url: str
    pool: Pool
    folder: Path
    processes: dict[int, Process] = field(default_factory=dict[int, Process])

    async def grow(self, size: int) -> None:
        """Have so many processes run, and wait until they say so."""
        new = [await self._start() for _ in range(size - len(self.processes))]
        for process in new:
            assert process.stderr is not None
            async with asyncio.timeout(60):
                while b"Running daily_activity" not in await process.stderr.readline():
                    pass
        self.processes |= {process.pid: process for process in new}

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(
            *(TASKFOLD, "projections", "run"),
            cwd=self.folder,
            env=os.environ | {"DATABASE_URL": self.url, "TASKFOLD_LOG_LEVEL": "error"},
            stderr=PIPE,
        )

    async def live(self) -> Generation:
        """Give what is known of the live table."""
        async with self.pool.connection() as connection:
            found = await find_generation(connection, DAILY_ACTIVITY.name, State.LIVE)
        assert found is not None
        return found

    async def active(self) -> Process:
        """Wait until one of the processes has its turn, and give it."""
        found = await self._until(lambda found: _pid(found) in self.processes)
        return self.processes[_pid(found)]

    async def moved_from(self, process: Process, do: Callable[[], None]) -> float:
        """Do something to the active process; give the seconds until another has gone on."""
        before = await self.live()
        started = time.monotonic()
        do()
        await self._until(
            lambda found: _pid(found) != process.pid and found.position > before.position
        )
        return time.monotonic() - started

    async def caught_up(self) -> None:
        """Wait until everything that is in the log is in the table."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute("select max(position) from taskfold.event")
            [(last,)] = await cursor.fetchall()
        await self._until(lambda found: found.position >= int(str(last)))

    async def _until(self, condition: Callable[[Generation], bool]) -> Generation:
        async with asyncio.timeout(60):
            while not condition(found := await self.live()):  # noqa: ASYNC110 - nobody rings here
                await asyncio.sleep(0.05)
        return found

    async def stop(self) -> list[int | None]:
        """Ask the processes to end, and give their exit codes."""
        for process in self.processes.values():
            process.terminate()
        await asyncio.gather(*(process.communicate() for process in self.processes.values()))
        return [process.returncode for process in self.processes.values()]


def _pid(found: Generation) -> int:
    return 0 if found.owner is None else int(found.owner.split("/")[1])


@asynccontextmanager
async def crowd_of(url: str, folder: Path) -> AsyncGenerator[Crowd]:
    """Have a crowd, and leave none of it behind."""
    async with open_pool(url, size=2) as pool:
        crowd = Crowd(url, pool, folder)
        try:
            yield crowd
        finally:
            for process in crowd.processes.values():
                if process.returncode is None:
                    process.kill()
                    await process.communicate()
