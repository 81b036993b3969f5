"""`taskfold projections run`: projectors as a process of their own."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from api import logs
from api.cli.say import say
from api.cli.stop_signals import StopSignals, stop_signals
from api.runtime import database
from api.settings import Settings, load_settings
from events.bell import Bell
from events.database import open_pool
from events.listener import open_listener
from projections.following.pause import async_projection
from projections.following.projector import LARGE_BATCH
from projections.following.projectors import open_projectors
from projections.registry import ASYNC, AnyProjection


def run(
    names: Annotated[
        list[str] | None, typer.Argument(help="The projections; all async ones without any.")
    ] = None,
) -> None:
    """Carry async projections on behind the log, until stopped."""
    chosen = [async_projection(name) for name in names or ()] or ASYNC
    settings = load_settings()
    logs.configure(settings)
    with stop_signals() as signals, database(settings, say) as found:
        asyncio.run(_run(settings, found.url, chosen, signals))


async def _run(
    settings: Settings, url: str, chosen: Sequence[AnyProjection], signals: StopSignals
) -> None:
    bell, stopping = Bell(), asyncio.Event()
    loop = asyncio.get_running_loop()
    async with (
        open_pool(
            url, size=settings.pool_size, prepared_statements=settings.prepared_statements
        ) as pool,
        open_listener(url, pool, bell),
        open_projectors(pool, bell, Bell(), projections=chosen, batch=LARGE_BATCH),
    ):
        signals.hand_over(lambda _number, _frame: loop.call_soon_threadsafe(stopping.set))
        say(f"Running {', '.join(each.name for each in chosen)}; Control-C stops it.")
        await stopping.wait()
