"""`taskfold projections cancel`: a rebuild or rollback called off."""

import asyncio
from typing import Annotated

import typer

from api import logs
from api.cli.log_database import current_database, log_pool
from api.settings import Settings, load_settings
from projections.rebuild.ending import cancel as cancel_rebuild
from projections.registry import AnyProjection, find_projection


def cancel(name: Annotated[str, typer.Argument(help="The projection.")]) -> None:
    """Call a rebuild or rollback off, wherever it runs; the live table is not touched."""
    projection = find_projection(name)
    settings = load_settings()
    logs.configure(settings)
    with current_database(settings) as found:
        asyncio.run(_cancel(settings, found.url, projection))
    print(f"Called off; the live table of {name} is as it was.")


async def _cancel(settings: Settings, url: str, projection: AnyProjection) -> None:
    async with log_pool(settings, url) as pool:
        await cancel_rebuild(pool, projection)
