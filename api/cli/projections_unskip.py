"""`taskfold projections unskip`: an event that was passed over counts again."""

import asyncio
from typing import Annotated

import typer

from api import logs
from api.cli.log_database import current_database, log_pool
from api.cli.projections_resume import event_place
from api.settings import Settings, load_settings
from projections.following.pause import EventPlace, unskip_event
from projections.registry import find_projection


def unskip(
    name: Annotated[str, typer.Argument(help="The projection.")],
    event: Annotated[
        EventPlace,
        typer.Argument(parser=event_place, metavar="USER/SEQUENCE", help="The event."),
    ],
) -> None:
    """No longer pass over an event; a rebuild then makes the table with it."""
    projection = find_projection(name)
    settings = load_settings()
    logs.configure(settings)
    with current_database(settings) as found:
        skipped = asyncio.run(_unskip(settings, found.url, projection.name, event))
    if skipped:
        print(f"{name} passes over it no longer; `taskfold projections rebuild {name}` applies it.")
    else:
        print(f"{name} did not pass over event {event.sequence} of user {event.user_id}.")


async def _unskip(settings: Settings, url: str, name: str, event: EventPlace) -> bool:
    async with log_pool(settings, url) as pool, pool.connection() as connection:
        return await unskip_event(connection, name, event)
