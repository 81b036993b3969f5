"""`taskfold projections rollback`: back to the table that was live before."""

import asyncio
from typing import Annotated

import typer

from api import logs
from api.cli.log_database import current_database
from api.cli.projections_rebuild import see_through
from api.cli.rebuild_report import report
from api.cli.rebuilding import Options
from api.settings import load_settings
from projections.rebuild.beginning import begin_rollback
from projections.registry import find_projection


def rollback(
    name: Annotated[str, typer.Argument(help="The projection.")],
    *,
    accept_differences: Annotated[
        bool, typer.Option(help="Switch although the live table differs from history.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Bring the table before the last rebuild up to date, verify it, and switch back to it."""
    projection = find_projection(name)
    settings = load_settings()
    logs.configure(settings)
    options = Options(accept=accept_differences)
    with current_database(settings) as found:
        rebuilt = asyncio.run(see_through(settings, found.url, projection, begin_rollback, options))
    report(projection, rebuilt, as_json=as_json)
