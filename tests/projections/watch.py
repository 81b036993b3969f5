"""Waiting for what projectors do, wherever they run."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from events.bell import Bell, heard
from events.database import Pool
from projections.generation import Generation, State, find_generation


@dataclass(slots=True)
class Watch:
    """Looks at the registry whenever projectors here have committed, and now and then."""

    pool: Pool
    projected: Bell = field(default_factory=Bell)

    async def live(self, name: str) -> Generation:
        """Give what is known of a projection's live table."""
        async with self.pool.connection() as connection:
            found = await find_generation(connection, name, State.LIVE)
        assert found is not None
        return found

    async def until(
        self, name: str, condition: Callable[[Generation], bool], *, within: float = 20
    ) -> Generation:
        """Wait until something is true of a projection's live table."""
        async with asyncio.timeout(within):
            while True:
                ring = self.projected.listen()
                if condition(found := await self.live(name)):
                    return found
                await heard(ring, within=0.02)

    async def caught_up(self, name: str, *, within: float = 20) -> Generation:
        """Wait until a projection has everything that is in the log by now."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(
                "select coalesce(max(position), 0) from taskfold.event"
            )
            [(last,)] = await cursor.fetchall()
        return await self.until(name, lambda found: found.position >= int(str(last)), within=within)


async def eventually(condition: Callable[[], bool], *, within: float = 20) -> None:
    """Wait for something that nobody rings for."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - that is what it is for
            await asyncio.sleep(0.02)
