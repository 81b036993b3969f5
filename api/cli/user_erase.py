"""`taskfold user erase`: all that one user has ever said, gone for ever."""

import asyncio
import json
import sys
from typing import Annotated

import typer

from api import logs
from api.cli.errors import LogMissingError, NotConfirmedError
from api.cli.log_database import current_database, log_pool
from api.cli.progress import progress
from api.erasure import clear
from api.settings import Settings, load_settings
from commands.context import CommandContext
from commands.handler import open_handler
from commands.receipt import Receipt
from commands.tasks import EraseLog
from events.ids import new_id
from events.log_size import log_size
from projections.inline import project

OPERATOR = "operator"
"""Who has asked, as far as the log is told: whoever may use this command line."""


def erase(
    user: Annotated[str, typer.Argument(help="Whose, as in `sub`.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; nothing brings it back.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Erase all that a user has ever said; if that was cut off before, finish it."""
    settings = load_settings()
    logs.configure(settings)
    if not (yes or _is_meant(user)):
        raise NotConfirmedError
    with current_database(settings) as found:
        receipt = asyncio.run(_erase(settings, found.url, user))
    through = receipt.sequence - 1
    if as_json:
        print(json.dumps({"user": user, "sequence": receipt.sequence, "erased_through": through}))
    else:
        print(f"Nothing is left of events 1 to {through}; event {receipt.sequence} says so.")


def _is_meant(user: str) -> bool:
    if not sys.stdin.isatty():
        return False
    return typer.confirm(f"Erase all data of {user!r}, for ever?", err=True)


async def _erase(settings: Settings, url: str, user: str) -> Receipt:
    async with log_pool(settings, url) as pool:
        total = await log_size(pool, user)
        if not total:
            raise LogMissingError(user)
        async with open_handler(pool, project, queue_limit=1) as handler:
            receipt = await handler.handle(_context(user), EraseLog())
        with progress("Erasing", "events", total) as advance:
            async for events in clear(pool, user):
                advance(events)
    return receipt


def _context(user: str) -> CommandContext:
    request_id = new_id()
    return CommandContext(
        user_id=user,
        actor=OPERATOR,
        role=OPERATOR,
        request_id=request_id,
        correlation_id=request_id,
    )
