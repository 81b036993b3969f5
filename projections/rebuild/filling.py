"""Filling a new inline table from a log that has a past, before anybody serves from it."""

from collections.abc import Callable

from events.database import Pool
from projections.generation import UNFILLED, State, find_generations
from projections.rebuild.beginning import begin_rebuild
from projections.rebuild.rebuild import Rebuild
from projections.registry import PROJECTIONS


async def fill(pool: Pool, report: Callable[[str], None]) -> None:
    """Fill every table that a migration has made beside an older log; processes share the work.

    Raises:
        CannotApplyError: The projection cannot apply an event.
    """
    async with pool.connection() as connection:
        found = await find_generations(connection)
    for live in found:
        if live.state is State.LIVE and live.version == UNFILLED and live.name in PROJECTIONS:
            projection = PROJECTIONS[live.name]
            coming = await begin_rebuild(pool, projection)
            report(f"Filling the table of projection {live.name} from {coming.events:,} events.")
            async for _ in Rebuild(pool=pool, projection=projection).run():
                pass
