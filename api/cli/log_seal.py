"""`taskfold log seal`: where every log stands, in a file to be kept elsewhere."""

import asyncio
import json
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from api import logs
from api.cli.count import counted
from api.cli.files import STANDARD_OUTPUT, writable
from api.cli.log_database import current_database, log_pool
from api.cli.say import say
from api.settings import Settings, load_settings
from events import clock
from events.chain import instant
from events.seal import SealHeader, new_salt, seal_lines
from events.seal_audit import heads_to_seal


def seal(
    file: Annotated[Path, typer.Argument(help="Where to write the seal; - for standard output.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Write down where every log stands, so that cutting or rewriting it can be found later."""
    settings = load_settings()
    logs.configure(settings)
    with current_database(settings) as found:
        footer = json.loads(asyncio.run(_seal(settings, found.url, file)))
    tell = say if file == STANDARD_OUTPUT else print
    if as_json:
        tell(json.dumps({"file": str(file), **footer}))
    else:
        tell(
            f"Sealed {counted(footer['logs'], 'log')} of {counted(footer['events'], 'event')}. "
            "Keep the seal where nobody who can write to the database can; "
            f"its hash is {footer['sha256']}."
        )


async def _seal(settings: Settings, url: str, file: Path) -> bytes:
    header = SealHeader(
        created_at=instant(clock.now()), product=f"taskfold {version('taskfold')}", salt=new_salt()
    )
    line = b""
    async with log_pool(settings, url) as pool:
        with writable(file) as sealed:
            async for line in seal_lines(header, heads_to_seal(pool, header)):
                sealed.write(line)
    return line
