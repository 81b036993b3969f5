"""`taskfold projections resume`: a projection that has stopped goes on."""

import asyncio
import re
from typing import Annotated

import typer

from api import logs
from api.cli.log_database import current_database, log_pool
from api.settings import Settings, load_settings
from projections.following.pause import EventPlace, async_projection, resume as resume_projection


def event_place(text: str) -> EventPlace:
    """Read USER/SEQUENCE; a user id may hold slashes itself.

    Raises:
        typer.BadParameter: It is written otherwise.
    """
    found = re.fullmatch(r"(.+)/([1-9][0-9]{0,17})", text)
    if found is None:
        message = "write the user's id, a slash and the event's sequence, such as demo/7"
        raise typer.BadParameter(message)
    return EventPlace(found[1], int(found[2]))


def resume(
    name: Annotated[str, typer.Argument(help="The projection.")],
    *,
    skip: Annotated[
        EventPlace | None,
        typer.Option(
            parser=event_place,
            metavar="USER/SEQUENCE",
            help="Pass over the event it stopped at, which is noted and shown from then on.",
        ),
    ] = None,
) -> None:
    """Let an async projection go on from where it stopped, trying again what it stopped at."""
    projection = async_projection(name)
    settings = load_settings()
    logs.configure(settings)
    with current_database(settings) as found:
        resumed = asyncio.run(_resume(settings, found.url, projection.name, skip))
    if skip is not None:
        print(f"{name} goes on without event {skip.sequence} of user {skip.user_id}.")
    elif resumed:
        print(f"{name} goes on; `taskfold projections list` shows how far it is.")
    else:
        print(f"{name} had not stopped.")


async def _resume(settings: Settings, url: str, name: str, skip: EventPlace | None) -> bool:
    async with log_pool(settings, url) as pool, pool.connection() as connection:
        return await resume_projection(connection, name, skip=skip)
