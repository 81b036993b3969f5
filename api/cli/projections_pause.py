"""`taskfold projections pause`: nobody carries a projection on, until it is resumed."""

import asyncio
from typing import Annotated

import typer

from api import logs
from api.cli.log_database import current_database, log_pool
from api.settings import Settings, load_settings
from projections.following.pause import async_projection, pause as pause_projection


def pause(name: Annotated[str, typer.Argument(help="The projection.")]) -> None:
    """Stop carrying an async projection on; queries are answered from what it has by then."""
    projection = async_projection(name)
    settings = load_settings()
    logs.configure(settings)
    with current_database(settings) as found:
        paused = asyncio.run(_pause(settings, found.url, projection.name))
    if paused:
        print(f"Paused {name}; `taskfold projections resume {name}` lets it go on.")
    else:
        print(f"{name} had stopped already.")


async def _pause(settings: Settings, url: str, name: str) -> bool:
    async with log_pool(settings, url) as pool, pool.connection() as connection:
        return await pause_projection(connection, name)
