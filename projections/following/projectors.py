"""The projectors of one process."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from events.background import background
from events.bell import Bell
from events.database import Pool
from projections.following.projector import BATCH, Projector
from projections.registry import ASYNC, AnyProjection


@dataclass(frozen=True, slots=True)
class Projectors:
    """All projectors of this process; there may be others elsewhere, and only one has its turn."""

    running: Sequence[Projector] = ()

    @property
    def stalled(self) -> float:
        """For how many seconds the longest of them has been kept from reading what is there."""
        return max((projector.stalled for projector in self.running), default=0.0)


@asynccontextmanager
async def open_projectors(
    pool: Pool,
    bell: Bell,
    projected: Bell,
    *,
    projections: Sequence[AnyProjection] = ASYNC,
    batch: int = BATCH,
) -> AsyncGenerator[Projectors]:
    """Run projectors until the end of the block; what they hold is free then at once.

    Args:
        pool: Where to read and write.
        bell: Rung when there may be new events.
        projected: What to ring when a projection has been carried on.
        projections: What to run.
        batch: The most events folded together.
    """
    projectors = Projectors([Projector(each, pool, bell, projected, batch) for each in projections])
    async with background(_run(projectors), name="projectors"):
        yield projectors


async def _run(projectors: Projectors) -> None:
    async with asyncio.TaskGroup() as tasks:
        for projector in projectors.running:
            tasks.create_task(projector.run(), name=f"projector-{projector.projection.name}")
