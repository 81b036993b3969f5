"""`taskfold projections drop`: give back the space of the table that was live before."""

import asyncio
from typing import Annotated

import typer

from api import logs
from api.cli.log_database import current_database, log_pool
from api.settings import Settings, load_settings
from projections.rebuild.ending import drop_previous
from projections.registry import AnyProjection, find_projection


def drop(name: Annotated[str, typer.Argument(help="The projection.")]) -> None:
    """Drop the table before the last rebuild, after which there is no way back to it."""
    projection = find_projection(name)
    settings = load_settings()
    logs.configure(settings)
    with current_database(settings) as found:
        asyncio.run(_drop(settings, found.url, projection))
    print(f"Dropped the table of {name} from before its last rebuild.")


async def _drop(settings: Settings, url: str, projection: AnyProjection) -> None:
    async with log_pool(settings, url) as pool:
        await drop_previous(pool, projection)
