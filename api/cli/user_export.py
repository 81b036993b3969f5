"""`taskfold user export`: all that one user has here, as they would take it along themselves."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from api import logs
from api.cli.count import counted
from api.cli.errors import LogMissingError
from api.cli.files import STANDARD_OUTPUT, writable
from api.cli.log_database import current_database, log_pool
from api.cli.progress import progress
from api.cli.say import say
from api.http.personal_export import personal_export
from api.settings import Settings, load_settings
from events.log_size import log_size


def export(
    user: Annotated[str, typer.Argument(help="Whose, as in `sub`.")],
    file: Annotated[
        Path, typer.Argument(help="Where to write; - for standard output.", metavar="[FILE]")
    ] = STANDARD_OUTPUT,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Write a user's tasks and log, one CloudEvent a line; a name that ends in .gz compresses."""
    settings = load_settings()
    logs.configure(settings)
    with current_database(settings) as found:
        events = asyncio.run(_export(settings, found.url, user, file))
    tell = say if file == STANDARD_OUTPUT else print
    told = {"file": str(file), "user": user, "events": events}
    tell(json.dumps(told) if as_json else f"Exported {counted(events, 'event')}.")


async def _export(settings: Settings, url: str, user: str, file: Path) -> int:
    events = 0
    async with log_pool(settings, url) as pool:
        total = await log_size(pool, user)
        if not total:
            raise LogMissingError(user)
        with (
            progress("Exporting", "events", total) as advance,
            writable(file, compressed=file.suffix == ".gz") as out,
        ):
            async for part in personal_export(pool, user):
                out.write(part.lines)
                events += part.events
                advance(part.events)
    return events
