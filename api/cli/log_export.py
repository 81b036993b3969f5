"""`taskfold log export`: every event as a line of JSON, for anybody to read."""

import asyncio
import json
from dataclasses import dataclass
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
from api.settings import Settings, load_settings
from events.export import export as export_logs
from events.log_size import log_size


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be exported, and where to."""

    file: Path
    user: str | None
    compressed: bool


def export(
    file: Annotated[
        Path, typer.Argument(help="Where to write; - for standard output.", metavar="[FILE]")
    ] = STANDARD_OUTPUT,
    *,
    user: Annotated[str | None, typer.Option(help="Only this user's log.")] = None,
    gzip: Annotated[
        bool, typer.Option("--gzip", help="Compress; a name that ends in .gz means it, too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Write every event as a CloudEvent, one a line; `taskfold log import` reads it back."""
    settings = load_settings()
    logs.configure(settings)
    request = Request(file, user, compressed=gzip or file.suffix == ".gz")
    with current_database(settings) as found:
        events, users = asyncio.run(_export(settings, found.url, request))
    tell = say if file == STANDARD_OUTPUT else print
    if as_json:
        tell(json.dumps({"file": str(file), "events": events, "logs": users}))
    else:
        tell(f"Exported {counted(events, 'event')} of {counted(users, 'log')}.")


async def _export(settings: Settings, url: str, request: Request) -> tuple[int, int]:
    events = users = 0
    async with log_pool(settings, url) as pool:
        total = await log_size(pool, request.user)
        if request.user is not None and not total:
            raise LogMissingError(request.user)
        with (
            progress("Exporting", "events", total) as advance,
            writable(request.file, compressed=request.compressed) as file,
        ):
            async for part in export_logs(pool, request.user):
                file.write(part.lines)
                events, users = events + part.events, users + part.logs
                advance(part.events)
    return events, users
