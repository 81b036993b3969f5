"""`taskfold projections verify`: whether a read table is what history gives."""

import asyncio
import json
from typing import Annotated

import msgspec
import typer

from api import logs
from api.cli.count import counted
from api.cli.errors import LogMissingError, RowsDifferError
from api.cli.log_database import current_database, log_pool
from api.cli.progress import progress
from api.cli.rebuild_report import content, differences, show_differences
from api.settings import Settings, load_settings
from events.log_size import log_size
from projections.registry import AnyProjection, find_projection
from projections.verification.check import WHOLE, check
from projections.verification.comparison import Comparison

SHOWN = 1_000
"""Differences that are told one by one; there may be as many as there are rows."""


def verify(
    name: Annotated[str, typer.Argument(help="The projection.")],
    *,
    user: Annotated[str | None, typer.Option(help="Only this user's rows.")] = None,
    sample: Annotated[
        float, typer.Option(min=0.0001, max=WHOLE, help="Only so many per cent of the users.")
    ] = WHOLE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Compare a read table with a fold of history, and list the rows that differ."""
    projection = find_projection(name)
    settings = load_settings()
    logs.configure(settings)
    with current_database(settings) as found:
        events, comparison = asyncio.run(
            _verify(settings, found.url, projection, user=user, sample=sample)
        )
    if as_json:
        print(json.dumps(_facts(name, events, comparison), ensure_ascii=False))
    else:
        show_differences(name, comparison)
        print(f"Verified {name} against {counted(events, 'event')}: {content(comparison)}.")
    if comparison.differences:
        raise RowsDifferError(comparison.differences, name)


async def _verify(
    settings: Settings, url: str, projection: AnyProjection, *, user: str | None, sample: float
) -> tuple[int, Comparison]:
    events, comparison = 0, Comparison()
    async with log_pool(settings, url) as pool:
        size = await log_size(pool, user)
        if user is not None and not size:
            raise LogMissingError(user)
        with progress("Verifying", "events", round(size * sample / WHOLE)) as advance:
            async for part in check(pool, projection, user=user, sample=sample):
                comparison += part.live
                comparison = msgspec.structs.replace(comparison, shown=comparison.shown[:SHOWN])
                events += part.events
                advance(part.events)
    return events, comparison


def _facts(name: str, events: int, comparison: Comparison) -> dict[str, object]:
    return {
        "name": name,
        "events": events,
        "rows": comparison.found.rows,
        "hash": f"{comparison.found.hash:016x}",
        "expected_rows": comparison.expected.rows,
        "expected_hash": f"{comparison.expected.hash:016x}",
        "differences": comparison.differences,
        "shown": differences(comparison),
    }
