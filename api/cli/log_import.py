"""`taskfold log import`: an export, into an empty database."""

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from api import logs
from api.cli.count import counted
from api.cli.files import readable
from api.cli.log_database import log_pool
from api.cli.progress import progress
from api.cli.say import say
from api.runtime import database
from api.settings import Settings, load_settings
from events.export_reader import read_export
from events.log_import import check_empty, import_export
from projections.inline import project


def import_(
    file: Annotated[Path, typer.Argument(help="What `taskfold log export` wrote.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Write an export into an empty database, once every chain in it has been verified."""
    settings = load_settings()
    logs.configure(settings)
    with readable(file) as exported, database(settings, say) as found:
        events, users = asyncio.run(_import(settings, found.url, exported))
    if as_json:
        print(json.dumps({"file": str(file), "events": events, "logs": users}))
    else:
        print(f"Imported {counted(events, 'event')} of {counted(users, 'log')}, all verified.")


async def _import(settings: Settings, url: str, file: BinaryIO) -> tuple[int, int]:
    async with log_pool(settings, url) as pool:
        # Before the file is read, which may take long; and again when nobody else can write.
        async with pool.connection() as connection:
            await check_empty(connection)
        events, users = _verified(file)
        with progress("Importing", "events", events) as advance:
            async for written in import_export(pool, file, project):
                advance(written)
    return events, users


def _verified(file: BinaryIO) -> tuple[int, int]:
    events = users = read = 0
    with progress("Verifying", "bytes", os.fstat(file.fileno()).st_size) as advance:
        for page in read_export(file):
            events, users = events + len(page.rows), users + len(page.heads)
            # Where the file stands, since nobody knows how many events are still to come.
            advance(file.tell() - read)
            read = file.tell()
    return events, users
