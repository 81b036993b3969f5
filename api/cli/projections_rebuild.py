"""`taskfold projections rebuild`: a read table folded anew from history, beside the live one."""

import asyncio
import os
from typing import Annotated

import typer

from api import logs
from api.cli.log_database import current_database, log_pool
from api.cli.projections_resume import event_place
from api.cli.rebuild_report import report, tell_differences
from api.cli.rebuilding import Begin, Options, Rebuilt, carry_through
from api.settings import Settings, load_settings
from projections.following.pause import EventPlace, skip_event
from projections.rebuild.beginning import begin_rebuild
from projections.rebuild.errors import BuildDiffersError, LiveDiffersError
from projections.registry import AnyProjection, find_projection


def rebuild(
    name: Annotated[str, typer.Argument(help="The projection.")],
    *,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes; one for each core without it.")
    ] = None,
    rate: Annotated[
        int | None, typer.Option(min=1, help="Events a second, so that others have room.")
    ] = None,
    accept_differences: Annotated[
        bool, typer.Option(help="Switch although the live table differs from history.")
    ] = False,
    skip: Annotated[
        EventPlace | None,
        typer.Option(
            parser=event_place,
            metavar="USER/SEQUENCE",
            help="Pass over the event it stopped at, which is noted and shown from then on.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Fold a read table anew while it is in use, verify it, switch to it; go on if interrupted."""
    projection = find_projection(name)
    settings = load_settings()
    logs.configure(settings)
    count = workers or os.process_cpu_count() or 1
    options = Options(workers=count, rate=rate, accept=accept_differences)
    with current_database(settings) as found:
        if skip is not None:
            asyncio.run(_skip(settings, found.url, projection, skip))
        rebuilt = asyncio.run(see_through(settings, found.url, projection, begin_rebuild, options))
    report(projection, rebuilt, as_json=as_json)


async def see_through(
    settings: Settings, url: str, projection: AnyProjection, begin: Begin, options: Options
) -> Rebuilt:
    """Carry a rebuild or rollback through; if tables differ, list the rows that do."""
    try:
        return await carry_through(settings, url, projection, begin, options)
    except (BuildDiffersError, LiveDiffersError):
        async with log_pool(settings, url) as pool:
            await tell_differences(pool, projection)
        raise


async def _skip(settings: Settings, url: str, projection: AnyProjection, event: EventPlace) -> None:
    async with log_pool(settings, url) as pool, pool.connection() as connection:
        await skip_event(connection, projection.name, event)
